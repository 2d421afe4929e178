// Roles of IAM Identity Center (AWS SSO), with the token cached by `aws sso login`.
#include <algorithm>
#include <cstdint>
#include <utility>

#include "aws/credentials/credential_call.hpp"
#include "aws/credentials/json_fields.hpp"
#include "aws/credentials/limits.hpp"
#include "aws/credentials/sources.hpp"
#include "aws/credentials/sso_token.hpp"
#include "aws/endpoint.hpp"
#include "base/errors.hpp"
#include "base/percent.hpp"
#include "json/reader.hpp"

namespace llm::aws {
namespace {

constexpr std::size_t kAccountDigits = 12;
constexpr int kAccessTokenRefused = 401;

std::unexpected<Error> refuse(const SsoSettings& settings, std::string_view problem,
                              std::string_view advice) {
  return base::configuration_error(
      "The IAM Identity Center settings of " + settings.source + " " + std::string(problem) + ".",
      std::string(advice));
}

Result<void> check(const SsoSettings& settings) {
  if (settings.account_id.empty() || settings.role_name.empty()) {
    return refuse(settings, "lack sso_account_id or sso_role_name",
                  "Add both: a session alone gives no credentials.");
  }
  const bool is_numeric =
      std::ranges::all_of(settings.account_id, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_numeric || settings.account_id.size() != kAccountDigits) {
    return refuse(settings, "have an sso_account_id that is not 12 digits", "Correct it.");
  }
  if (settings.session_name.empty() && settings.start_url.empty()) {
    return refuse(settings, "have neither sso_session nor sso_start_url", "Add one of them.");
  }
  return check_region(settings.region, "sso_region");
}

class SsoSource final : public CredentialsProvider {
 public:
  SsoSource(SourceContext context, SsoSettings settings)
      : context_(std::move(context)), settings_(std::move(settings)) {}

  [[nodiscard]] std::string_view name() const override { return "IAM Identity Center"; }

  [[nodiscard]] Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    const Result<void> checked = check(settings_);
    if (!checked) return std::unexpected(checked.error());
    const Result<std::string> url = service_url(context_, Service::sso, settings_.region);
    if (!url) return std::unexpected(url.error());
    const Result<Secret> token = tokens_.access_token(stop);
    if (!token) return std::unexpected(token.error());
    const std::string what = "IAM Identity Center GetRoleCredentials for role " +
                             settings_.role_name + " in account " + settings_.account_id + " at " +
                             *url;
    const Result<CredentialResponse> response =
        perform(context_,
                {.what = what,
                 .request = [this, &url, &token] { return request(*url, *token); },
                 .retry = retry_json_response},
                std::move(stop));
    if (!response) return std::unexpected(response.error());
    if (!response->ok()) return std::unexpected(refused(*response, what, *token));
    return read_credentials(*response, what);
  }

 private:
  [[nodiscard]] Result<HttpRequest> request(const std::string& url, const Secret& token) const {
    const Result<Endpoint> endpoint = parse_endpoint(url, "The endpoint of IAM Identity Center");
    if (!endpoint) return std::unexpected(endpoint.error());
    HttpRequest request{.method = "GET",
                        .url = url + "/federation/credentials?role_name=" +
                               base::percent_encode(settings_.role_name) +
                               "&account_id=" + settings_.account_id};
    request.headers = {{"host", endpoint->host},
                       {"accept", "application/json"},
                       {"x-amz-sso_bearer_token", std::string(token.reveal())}};
    request.limits.total = kCredentialResponseTime;
    return request;
  }

  [[nodiscard]] Error refused(const CredentialResponse& response, std::string_view what,
                              const Secret& token) const {
    const std::string advice = response.head.status == kAccessTokenRefused
                                   ? sso_login_advice(context_, settings_)
                                   : "Check sso_account_id and sso_role_name, and that the role is "
                                     "assigned to you.";
    return refusal(what, read_json_error(response.head, response.body.reveal(), {}),
                   response.attempts, advice, {token});
  }

  [[nodiscard]] Result<CredentialsLookup> read_credentials(const CredentialResponse& response,
                                                           std::string_view what) const {
    json::Parser parser;
    const Result<json::Value> root = parser.parse(response.body.reveal());
    if (!root) return std::unexpected(unusable_response(what, "is not JSON"));
    const json::Value role = field(*root, "roleCredentials");
    // Milliseconds since 1970, unlike every other source (IAM Identity Center Portal API
    // Reference).
    const auto expiration = field(role, "expiration").integer();
    Credentials found{.access_key_id = text_field(role, "accessKeyId"),
                      .secret_access_key = Secret(text_field(role, "secretAccessKey")),
                      .session_token = Secret(text_field(role, "sessionToken")),
                      .account_id = settings_.account_id,
                      .source = settings_.source + ", role " + settings_.role_name +
                                " in account " + settings_.account_id + " of IAM Identity Center"};
    if (found.access_key_id.empty() || found.secret_access_key.empty() ||
        found.session_token.empty() || !expiration || !in_range(*expiration)) {
      return std::unexpected(unusable_response(what, "lacks part of the credentials"));
    }
    found.expires_at =
        std::chrono::system_clock::time_point(std::chrono::milliseconds(*expiration));
    return found;
  }

  // Years 1970 to 2262, the range of the clock in nanoseconds.
  static bool in_range(std::int64_t since_1970) {
    constexpr auto kLast = std::chrono::floor<std::chrono::milliseconds>(
        std::chrono::system_clock::time_point::max().time_since_epoch());
    return since_1970 >= 0 && since_1970 <= kLast.count();
  }

  SourceContext context_;
  SsoSettings settings_;
  SsoTokens tokens_{context_, settings_};
};

}  // namespace

ProviderPtr sso_source(SourceContext context, SsoSettings settings) {
  return std::make_shared<SsoSource>(std::move(context), std::move(settings));
}

}  // namespace llm::aws
