#include <llm/aws/api_key.hpp>

#include <string>

#include "aws/endpoint.hpp"
#include "aws/protocol/sigv4.hpp"
#include "base/base64.hpp"
#include "base/errors.hpp"
#include "base/percent.hpp"
#include "base/sha256.hpp"
#include "base/time.hpp"

namespace llm::aws {
namespace {

constexpr std::string_view kApiKeyHost = "bedrock.amazonaws.com";

Result<void> check_api_key(const Credentials& credentials, std::string_view region,
                           std::chrono::seconds lifetime) {
  if (region.empty()) {
    return base::configuration_error("An API key needs a region.",
                                     "Name the region that it is for.");
  }
  if (auto checked = check_region(region, {}); !checked) return checked;
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    return base::configuration_error("An API key needs an access key id and a secret access key.",
                                     "Use complete credentials.");
  }
  if (lifetime < std::chrono::seconds(1) || lifetime > kMaxApiKeyLifetime) {
    return base::configuration_error(
        "The lifetime of an API key must be from one second to 12 hours.",
        "Choose a lifetime from 1 second to 12 hours. For longer, use a long-term API key.");
  }
  return {};
}

void append_parameter(std::string_view name, std::string_view value, std::string& query) {
  query.append(query.empty() ? "" : "&").append(name).append("=");
  base::append_percent_encoded(value, query);
}

/// The query in the order of its names, as it is signed.
std::string query_of(const Credentials& credentials, const std::string& scope,
                     const std::string& date, std::chrono::seconds lifetime) {
  std::string query;
  append_parameter("Action", "CallWithBearerToken", query);
  append_parameter("X-Amz-Algorithm", kSigningAlgorithm, query);
  append_parameter("X-Amz-Credential", credentials.access_key_id + "/" + scope, query);
  append_parameter("X-Amz-Date", date, query);
  append_parameter("X-Amz-Expires", std::to_string(lifetime.count()), query);
  if (!credentials.session_token.empty()) {
    append_parameter("X-Amz-Security-Token", credentials.session_token.reveal(), query);
  }
  append_parameter("X-Amz-SignedHeaders", "host", query);
  return query;
}

}  // namespace

Result<Secret> short_term_api_key(const Credentials& credentials, std::string_view region,
                                  std::chrono::seconds lifetime,
                                  std::chrono::system_clock::time_point now) {
  if (auto checked = check_api_key(credentials, region, lifetime); !checked) {
    return std::unexpected(checked.error());
  }
  const std::string date = base::compact_iso8601(now);
  const SigningScope scope{
      .date = date.substr(0, 8), .region = std::string(region), .service = "bedrock"};
  std::string scope_text;
  scope.append_to(scope_text);
  std::string url = query_of(credentials, scope_text, date, lifetime);
  const std::string canonical = "POST\n/\n" + url + "\nhost:" + std::string(kApiKeyHost) +
                                "\n\nhost\n" + base::hex(base::sha256(""));
  const std::string to_sign = std::string(kSigningAlgorithm) + "\n" + date + "\n" + scope_text +
                              "\n" + base::hex(base::sha256(canonical));
  append_parameter("X-Amz-Signature",
                   base::hex(base::Sha256().hmac(
                       signing_key(credentials.secret_access_key.reveal(), scope), to_sign)),
                   url);
  // AWS's generators add the version after signing.
  append_parameter("Version", "1", url);
  std::string key = "bedrock-api-key-";
  base::append_base64(std::string(kApiKeyHost) + "/?" + url, key);
  return Secret(std::move(key));
}

}  // namespace llm::aws
