#include "aws/credentials/token_refresh.hpp"

#include <memory>
#include <utility>

#include "aws/credentials/json_fields.hpp"
#include "aws/credentials/limits.hpp"
#include "aws/endpoint.hpp"

namespace llm::aws {
namespace {

constexpr std::chrono::seconds kMinInterval{30};
constexpr std::chrono::seconds kLongestLifetime = std::chrono::days(366);

}  // namespace

bool RefreshGate::enter(std::chrono::steady_clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  if (last_ && now < *last_ + kMinInterval) return false;
  last_ = now;
  return true;
}

Result<HttpRequest> token_request(std::string url, std::string body, std::string_view service) {
  const Result<Endpoint> endpoint = parse_endpoint(url, "The endpoint of " + std::string(service));
  if (!endpoint) return std::unexpected(endpoint.error());
  HttpRequest request{.method = "POST", .url = std::move(url)};
  request.headers = {{"host", endpoint->host},
                     {"content-type", "application/json"},
                     {"accept", "application/json"}};
  request.body = std::make_shared<const std::string>(std::move(body));
  request.limits.total = kCredentialResponseTime;
  return request;
}

std::optional<std::chrono::seconds> token_lifetime(const json::Value& response) {
  const auto seconds = field(response, "expiresIn").integer();
  if (!seconds || *seconds < 1 || *seconds > kLongestLifetime.count()) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

}  // namespace llm::aws
