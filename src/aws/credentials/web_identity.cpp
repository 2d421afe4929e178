// Roles assumed with a token from a file: EKS (IRSA), GitHub Actions and other OpenID Connect
// issuers.
#include <utility>

#include "aws/credentials/limits.hpp"
#include "aws/credentials/sources.hpp"
#include "aws/credentials/sts.hpp"
#include "aws/shared_config.hpp"

namespace llm::aws {
namespace {

Error token_file_error(const WebIdentitySettings& settings, std::string_view problem) {
  return make_error(ErrorCode::authentication_error,
                    "The web identity token file \"" + settings.token_file + "\" (" +
                        settings.source + ") " + std::string(problem) + ".");
}

class WebIdentitySource final : public CredentialsProvider {
 public:
  WebIdentitySource(SourceContext context, WebIdentitySettings settings)
      : context_(std::move(context)), settings_(std::move(settings)) {}

  [[nodiscard]] std::string_view name() const override { return "web identity"; }

  [[nodiscard]] Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    if (settings_.role_arn.empty()) return std::unexpected(no_role());
    const Result<void> arn = check_role_arn(settings_.role_arn, settings_.source);
    if (!arn) return std::unexpected(arn.error());
    const Result<std::string> session =
        role_session_name(context_, settings_.session_name, settings_.source);
    if (!session) return std::unexpected(session.error());
    const Result<Secret> token = read_token();
    if (!token) return std::unexpected(token.error());
    Result<Credentials> found = call_sts(context_, call(*session, *token), std::move(stop));
    if (!found) return std::unexpected(found.error());
    found->source = "web identity (" + settings_.source + "), role " + settings_.role_arn;
    return *std::move(found);
  }

 private:
  [[nodiscard]] Error no_role() const {
    return make_error(
        ErrorCode::configuration_error,
        "The web identity settings (" + settings_.source + ") name a token file but no role.",
        "Set AWS_ROLE_ARN, or role_arn in the profile.");
  }

  [[nodiscard]] Result<Secret> read_token() const {
    const auto path = expand_home(*context_.system, settings_.token_file);
    if (!path)
      return std::unexpected(
          token_file_error(settings_, "is in the home directory, but HOME is not set"));
    const auto content = context_.system->read_file(*path, kMaxCredentialFileBytes);
    if (!content) return std::unexpected(content.error());
    if (!*content) return std::unexpected(token_file_error(settings_, "does not exist"));
    std::string token = **content;
    while (token.ends_with('\n') || token.ends_with('\r')) token.pop_back();
    if (token.empty()) return std::unexpected(token_file_error(settings_, "is empty"));
    return Secret(std::move(token));
  }

  [[nodiscard]] StsCall call(const std::string& session, const Secret& token) const {
    return {.action = "AssumeRoleWithWebIdentity",
            .role_arn = settings_.role_arn,
            .parameters = {{"RoleArn", settings_.role_arn},
                           {"RoleSessionName", session},
                           {"WebIdentityToken", std::string(token.reveal())}},
            .secrets = {token}};
  }

  SourceContext context_;
  WebIdentitySettings settings_;
};

}  // namespace

ProviderPtr web_identity_source(SourceContext context, WebIdentitySettings settings) {
  return std::make_shared<WebIdentitySource>(std::move(context), std::move(settings));
}

}  // namespace llm::aws
