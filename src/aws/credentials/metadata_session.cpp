#include "aws/credentials/metadata_session.hpp"

#include <charconv>
#include <string>
#include <utility>

#include "base/errors.hpp"
#include "base/text.hpp"

namespace llm::aws {
namespace {

constexpr std::string_view kLifetimeHeader = "x-aws-ec2-metadata-token-ttl-seconds";
constexpr std::chrono::seconds kTokenLifetime{21'600};  // the longest there is (EC2 User Guide)
constexpr int kSessionTokenRefused = 401;

HttpLimits limits(std::chrono::seconds timeout) {
  return {.connect = timeout, .first_byte = timeout, .idle = timeout, .total = 2 * timeout};
}

RetryPolicy policy(const MetadataEndpoint& endpoint) {
  RetryPolicy result;
  if (endpoint.attempts) result.max_attempts = *endpoint.attempts;
  return result;
}

HttpRequest request(const MetadataEndpoint& endpoint, std::string method, std::string_view path,
                    HttpHeader header) {
  HttpRequest built{.method = std::move(method), .url = endpoint.url + std::string(path)};
  built.headers = {{"host", endpoint.host}, std::move(header)};
  built.limits = limits(endpoint.timeout);
  built.proxy = ProxyUse::never;
  built.peer = PeerRule::metadata;
  return built;
}

RetryKind retry_response(const CredentialResponse& response) {
  return retry_kind(response.head.status, {});
}

std::chrono::seconds lifetime(const HttpResponseHead& head) {
  const std::string_view text = head.header(kLifetimeHeader);
  std::int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_number = failure == std::errc{} && end == text.data() + text.size();
  if (!is_number || seconds < 1 || seconds > kTokenLifetime.count()) return kTokenLifetime;
  return std::chrono::seconds(seconds);
}

Error unreachable(const MetadataEndpoint& endpoint, Error failure) {
  base::add_context("No instance metadata service at " + endpoint.url, failure);
  failure.advice.clear();  // That of the transport is about calls to a model.
  if (failure.code == ErrorCode::timeout_error) {
    failure.advice =
        "In a container on an EC2 instance, raise the metadata hop limit of the instance to 2: "
        "otherwise the response does not reach the container.";
  }
  return failure;
}

/// The reason why there is no such service, from an error.
NotConfigured not_configured(const Error& error) {
  return {error.advice.empty() ? error.message : error.message + ' ' + error.advice};
}

}  // namespace

Result<std::variant<CredentialResponse, NotConfigured>> MetadataSession::get(
    std::string_view path, std::stop_token stop) const {
  auto found = metadata_endpoint(context_);
  if (!found) return std::unexpected(std::move(found).error());
  if (auto* missing = std::get_if<NotConfigured>(&*found)) return std::move(*missing);
  const auto& endpoint = std::get<MetadataEndpoint>(*found);

  TokenLookup token = cached_token(endpoint, stop);
  if (!token) return std::unexpected(std::move(token).error());
  if (auto* missing = std::get_if<NotConfigured>(&*token)) return std::move(*missing);
  Result<CredentialResponse> response = fetch(endpoint, path, std::get<Secret>(*token), stop);
  if (response && response->head.status == kSessionTokenRefused) {
    token = new_token(endpoint, stop);
    if (!token) return std::unexpected(std::move(token).error());
    if (auto* missing = std::get_if<NotConfigured>(&*token)) return std::move(*missing);
    response = fetch(endpoint, path, std::get<Secret>(*token), std::move(stop));
  }
  if (!response) return std::unexpected(std::move(response).error());
  return *std::move(response);
}

MetadataSession::TokenLookup MetadataSession::cached_token(const MetadataEndpoint& endpoint,
                                                           std::stop_token stop) const {
  {
    const std::lock_guard lock(mutex_);
    if (token_ && context_.system->steady_now() < token_->expires_at) return token_->text;
  }
  return new_token(endpoint, std::move(stop));
}

MetadataSession::TokenLookup MetadataSession::new_token(const MetadataEndpoint& endpoint,
                                                        std::stop_token stop) const {
  const std::string what = "The request for an instance metadata token at " + endpoint.url;
  const auto requested_at = context_.system->steady_now();
  const HttpHeader lifetime_header{std::string(kLifetimeHeader),
                                   std::to_string(kTokenLifetime.count())};
  const Result<CredentialResponse> response =
      perform(context_,
              {.what = what,
               .request = [&]() -> Result<HttpRequest> {
                 return request(endpoint, "PUT", "/latest/api/token", lifetime_header);
               },
               .retry = retry_response,
               .policy = policy(endpoint),
               .retry_lost = endpoint.attempts.has_value()},
              std::move(stop));
  if (!response) {
    const Error& failure = response.error();
    const bool no_response =
        failure.code == ErrorCode::timeout_error || failure.code == ErrorCode::connection_error;
    if (!no_response) return std::unexpected(failure);
    Error error = unreachable(endpoint, failure);
    if (endpoint.configured) return std::unexpected(std::move(error));
    return not_configured(error);
  }
  if (!response->ok()) {
    Error error = refusal(what, {.status = response->head.status}, response->attempts,
                          "The service may be switched off for this instance.", {});
    if (endpoint.configured || response->head.status >= 500) {
      return std::unexpected(std::move(error));
    }
    return not_configured(error);
  }
  Secret text{std::string(base::trim(response->body.reveal()))};
  if (text.empty()) return std::unexpected(unusable_response(what, "is empty"));
  const std::lock_guard lock(mutex_);
  token_ = Token{.text = text, .expires_at = requested_at + lifetime(response->head)};
  return text;
}

Result<CredentialResponse> MetadataSession::fetch(const MetadataEndpoint& endpoint,
                                                  std::string_view path, const Secret& token,
                                                  std::stop_token stop) const {
  return perform(
      context_,
      {.what = "The request for instance metadata at " + endpoint.url + std::string(path),
       .request = [&]() -> Result<HttpRequest> {
         return request(endpoint, "GET", path,
                        {"x-aws-ec2-metadata-token", std::string(token.reveal())});
       },
       .retry = retry_response,
       .policy = policy(endpoint)},
      std::move(stop));
}

}  // namespace llm::aws
