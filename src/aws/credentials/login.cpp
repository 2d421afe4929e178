// The console session of `aws login`: credentials that last fifteen minutes, renewed with a refresh
// token that only the holder of the session's private key can use.
#include <optional>
#include <span>
#include <utility>

#include "aws/credentials/credential_call.hpp"
#include "aws/credentials/dpop.hpp"
#include "aws/credentials/json_fields.hpp"
#include "aws/credentials/login_cache.hpp"
#include "aws/credentials/sources.hpp"
#include "aws/credentials/token_refresh.hpp"
#include "aws/endpoint.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace llm::aws {
namespace {

std::string random_id(const port::System& system) {
  std::string bytes(16, '\0');
  system.random_bytes(std::as_writable_bytes(std::span(bytes)));
  return base::hex(bytes);
}

class LoginSource final : public CredentialsProvider {
 public:
  LoginSource(SourceContext context, std::string login_session, std::string region)
      : context_(std::move(context)),
        login_session_(base::trim(login_session)),
        region_(std::move(region)) {}

  [[nodiscard]] std::string_view name() const override { return "login session"; }

  [[nodiscard]] Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    const auto path = login_cache_path(*context_.system, login_session_);
    if (!path) return std::unexpected(path.error());
    auto cached = read_login_session(*context_.system, *path);
    if (!cached) return std::unexpected(cached.error());
    if (!*cached) return std::unexpected(failed("is not logged in"));
    LoginSession session = **std::move(cached);
    std::optional<Error> failure;
    if (may_refresh(session)) {
      Result<LoginSession> fresh = refresh(session, std::move(stop));
      if (fresh) {
        session = *std::move(fresh);
        // Usable even if they cannot be stored; then the next process has to log in again.
        static_cast<void>(write_login_session(*context_.system, *path, session));
      } else {
        failure = std::move(fresh).error();
        // Another process may have renewed it meanwhile, which uses up the refresh token.
        auto stored = read_login_session(*context_.system, *path);
        const bool newer =
            stored && *stored && (**stored).credentials.expires_at > session.credentials.expires_at;
        if (newer) session = **std::move(stored);
      }
    }
    if (session.credentials.expires_at <= context_.system->now()) {
      return std::unexpected(failure ? *std::move(failure) : failed("has expired"));
    }
    session.credentials.source = "login session " + login_session_;
    return std::move(session.credentials);
  }

 private:
  [[nodiscard]] std::string advice() const {
    if (context_.profile.empty()) return "Run \"aws login\".";
    return "Run \"aws login --profile " + context_.profile + "\".";
  }

  [[nodiscard]] Error failed(std::string_view problem) const {
    return make_error(ErrorCode::authentication_error,
                      "The login session " + login_session_ + " " + std::string(problem) + ".",
                      advice());
  }

  [[nodiscard]] bool may_refresh(const LoginSession& session) const {
    if (session.credentials.expires_at > context_.system->now() + kTokenRefreshWindow) return false;
    if (session.refresh_token.empty() || session.client_id.empty()) return false;
    return gate_.enter(context_.system->steady_now());
  }

  [[nodiscard]] Result<LoginSession> refresh(const LoginSession& session,
                                             std::stop_token stop) const {
    // botocore 1.44: the region of the session comes before the profile's.
    const std::string& region = session.sign_in_region.empty() ? region_ : session.sign_in_region;
    const Result<void> checked = check_region(region, "the login session");
    if (!checked) return std::unexpected(checked.error());
    const Result<std::string> service = service_url(context_, Service::signin, region);
    if (!service) return std::unexpected(service.error());
    const std::string url = *service + "/v1/token";
    const std::string what =
        "AWS sign-in CreateOAuth2Token for the login session " + login_session_ + " at " + *service;
    const Result<CredentialResponse> response =
        perform(context_,
                {.what = what,
                 .request = [this, &url, &session] { return request(url, session); },
                 .retry = retry_json_response},
                std::move(stop));
    if (!response) return std::unexpected(response.error());
    if (!response->ok()) return std::unexpected(refused(*response, what, session));
    return renewed(session, *response, what);
  }

  [[nodiscard]] Result<HttpRequest> request(const std::string& url,
                                            const LoginSession& session) const {
    const Result<Secret> proof =
        dpop_proof(session.dpop_key, {.token_id = random_id(*context_.system),
                                      .method = "POST",
                                      .url = url,
                                      .issued_at = context_.system->now()});
    if (!proof) return std::unexpected(proof.error());
    json::Writer body;
    body.begin_object().member("clientId", session.client_id);
    body.member("grantType", "refresh_token");
    body.member("refreshToken", session.refresh_token.reveal()).end_object();
    Result<HttpRequest> request = token_request(url, std::move(body).take(), "AWS sign-in");
    if (request) request->headers.emplace_back("DPoP", std::string(proof->reveal()));
    return request;
  }

  // The reason is in the member `error` (AWS sign-in service model, botocore).
  [[nodiscard]] Error refused(const CredentialResponse& response, std::string_view what,
                              const LoginSession& session) const {
    ServiceError service = read_json_error(response.head, response.body.reveal(), {});
    json::Parser parser;
    const Result<json::Value> root = parser.parse(response.body.reveal());
    const std::string reason = root ? text_field(*root, "error") : std::string();
    if (!reason.empty()) service.code = reason;
    return refusal(what, service, response.attempts, advice_for(reason),
                   {session.refresh_token, session.dpop_key, session.credentials.secret_access_key,
                    session.credentials.session_token});
  }

  [[nodiscard]] std::string advice_for(std::string_view reason) const {
    if (reason == "TOKEN_EXPIRED") return "The session has ended. " + advice();
    if (reason == "USER_CREDENTIALS_CHANGED") return "The password was changed. " + advice();
    if (reason == "INSUFFICIENT_PERMISSIONS") {
      return "Ask for the permission signin:CreateOAuth2Token. " + advice();
    }
    return advice();
  }

  [[nodiscard]] Result<LoginSession> renewed(LoginSession session,
                                             const CredentialResponse& response,
                                             std::string_view what) const {
    json::Parser parser;
    const Result<json::Value> root = parser.parse(response.body.reveal());
    if (!root) return std::unexpected(unusable_response(what, "is not JSON"));
    const json::Value token = field(*root, "accessToken");
    const auto lifetime = token_lifetime(*root);
    Secret refresh_token(text_field(*root, "refreshToken"));
    session.credentials.access_key_id = text_field(token, "accessKeyId");
    session.credentials.secret_access_key = Secret(text_field(token, "secretAccessKey"));
    session.credentials.session_token = Secret(text_field(token, "sessionToken"));
    if (session.credentials.access_key_id.empty() ||
        session.credentials.secret_access_key.empty() ||
        session.credentials.session_token.empty() || !lifetime) {
      return std::unexpected(unusable_response(what, "lacks part of the credentials"));
    }
    session.credentials.expires_at = context_.system->now() + *lifetime;
    if (!refresh_token.empty()) session.refresh_token = std::move(refresh_token);
    return session;
  }

  SourceContext context_;
  std::string login_session_;
  std::string region_;
  RefreshGate gate_;
};

}  // namespace

ProviderPtr login_source(SourceContext context, std::string login_session, std::string region) {
  return std::make_shared<LoginSource>(std::move(context), std::move(login_session),
                                       std::move(region));
}

}  // namespace llm::aws
