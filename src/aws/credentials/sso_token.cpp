#include "aws/credentials/sso_token.hpp"

#include <utility>

#include "aws/credentials/credential_call.hpp"
#include "aws/credentials/json_fields.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace llm::aws {
namespace {

Result<HttpRequest> refresh_request(const std::string& url, const SsoToken& token) {
  json::Writer body;
  body.begin_object().member("clientId", token.client_id);
  body.member("clientSecret", token.client_secret.reveal()).member("grantType", "refresh_token");
  body.member("refreshToken", token.refresh_token.reveal()).end_object();
  return token_request(url + "/token", std::move(body).take(), "IAM Identity Center");
}

// `token` updated from the response.
Result<SsoToken> renewed(SsoToken token, const CredentialResponse& response, std::string_view what,
                         std::chrono::system_clock::time_point now) {
  json::Parser parser;
  const Result<json::Value> root = parser.parse(response.body.reveal());
  if (!root) return std::unexpected(unusable_response(what, "is not JSON"));
  const auto lifetime = token_lifetime(*root);
  Secret access_token(text_field(*root, "accessToken"));
  if (access_token.empty() || !lifetime) {
    return std::unexpected(unusable_response(what, "has no accessToken with its expiresIn"));
  }
  token.access_token = std::move(access_token);
  token.expires_at = now + *lifetime;
  Secret refresh_token(text_field(*root, "refreshToken"));
  if (!refresh_token.empty()) token.refresh_token = std::move(refresh_token);
  return token;
}

}  // namespace

std::string sso_login_advice(const SourceContext& context, const SsoSettings& settings) {
  if (!settings.session_name.empty()) {
    return "Run \"aws sso login --sso-session " + settings.session_name + "\".";
  }
  const std::string& profile = settings.profile.empty() ? context.profile : settings.profile;
  if (profile.empty()) return "Run \"aws sso login\".";
  return "Run \"aws sso login --profile " + profile + "\".";
}

Result<Secret> SsoTokens::access_token(std::stop_token stop) const {
  const std::string& key =
      settings_.session_name.empty() ? settings_.start_url : settings_.session_name;
  const auto path = sso_cache_path(*context_.system, key);
  if (!path) return std::unexpected(path.error());
  auto cached = read_sso_token(*context_.system, *path);
  if (!cached) return std::unexpected(cached.error());
  if (!*cached) {
    return std::unexpected(
        make_error(ErrorCode::authentication_error,
                   "There is no login to IAM Identity Center for " + settings_.source + ".",
                   sso_login_advice(context_, settings_)));
  }
  SsoToken token = **std::move(cached);
  std::optional<Error> failure;
  if (may_refresh(token)) {
    Result<SsoToken> fresh = refresh(token, std::move(stop));
    if (fresh) {
      token = *std::move(fresh);
      // Usable even if it cannot be stored; then the next process has to log in again.
      static_cast<void>(write_sso_token(*context_.system, *path, token));
    } else {
      failure = std::move(fresh).error();
      // Another process may have refreshed it meanwhile, which uses up the refresh token.
      auto stored = read_sso_token(*context_.system, *path);
      if (stored && *stored && (**stored).expires_at > token.expires_at)
        token = **std::move(stored);
    }
  }
  if (token.expires_at > context_.system->now()) return std::move(token.access_token);
  return std::unexpected(failure ? *std::move(failure) : expired());
}

bool SsoTokens::may_refresh(const SsoToken& token) const {
  const auto now = context_.system->now();
  if (settings_.session_name.empty() || token.expires_at > now + kTokenRefreshWindow) return false;
  if (token.refresh_token.empty() || token.client_id.empty() || token.client_secret.empty()) {
    return false;
  }
  if (!token.registration_expires_at || *token.registration_expires_at <= now) return false;
  return gate_.enter(context_.system->steady_now());
}

Result<SsoToken> SsoTokens::refresh(const SsoToken& token, std::stop_token stop) const {
  const Result<std::string> url = service_url(context_, Service::sso_oidc, settings_.region);
  if (!url) return std::unexpected(url.error());
  const std::string what = "IAM Identity Center CreateToken at " + *url;
  const Result<CredentialResponse> response =
      perform(context_,
              {.what = what,
               .request = [&url, &token] { return refresh_request(*url, token); },
               .retry = retry_json_response},
              std::move(stop));
  if (!response) return std::unexpected(response.error());
  if (response->ok()) return renewed(token, *response, what, context_.system->now());
  return std::unexpected(refusal(what, read_json_error(response->head, response->body.reveal(), {}),
                                 response->attempts, sso_login_advice(context_, settings_),
                                 {token.access_token, token.refresh_token, token.client_secret}));
}

Error SsoTokens::expired() const {
  return make_error(ErrorCode::authentication_error,
                    "The login to IAM Identity Center for " + settings_.source + " has expired.",
                    sso_login_advice(context_, settings_));
}

}  // namespace llm::aws
