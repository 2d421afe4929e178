// Roles assumed with other credentials.
#include <algorithm>
#include <utility>

#include "aws/credentials/sources.hpp"
#include "aws/credentials/sts.hpp"

namespace llm::aws {
namespace {

// AWS STS API Reference, "AssumeRole": DurationSeconds.
constexpr std::chrono::seconds kShortestRole{900};
constexpr std::chrono::seconds kLongestRole{43'200};

class AssumeRoleSource final : public CredentialsProvider {
 public:
  AssumeRoleSource(SourceContext context, AssumeRoleSettings settings, ProviderPtr base)
      : context_(std::move(context)), settings_(std::move(settings)), base_(std::move(base)) {}

  [[nodiscard]] std::string_view name() const override { return "assume role"; }

  [[nodiscard]] Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    const Result<StsCall> call = unsigned_call();
    if (!call) return std::unexpected(call.error());
    Result<CredentialsLookup> signer = base_->lookup(stop);
    if (!signer) return std::unexpected(signer.error());
    if (const auto* missing = std::get_if<NotConfigured>(&*signer)) {
      return std::unexpected(no_base(*missing));
    }
    StsCall signed_call = *call;
    signed_call.signer = std::get<Credentials>(*std::move(signer));
    signed_call.secrets.push_back(signed_call.signer->secret_access_key);
    signed_call.secrets.push_back(signed_call.signer->session_token);
    Result<Credentials> found = call_sts(context_, signed_call, std::move(stop));
    if (!found) return std::unexpected(found.error());
    found->source = settings_.source + ", role " + settings_.role_arn + " with credentials of " +
                    signed_call.signer->source;
    return *std::move(found);
  }

 private:
  // Checks everything that can be checked before a network call or an MFA prompt.
  [[nodiscard]] Result<StsCall> unsigned_call() const {
    const Result<void> arn = check_role_arn(settings_.role_arn, settings_.source);
    if (!arn) return std::unexpected(arn.error());
    const Result<std::string> session =
        role_session_name(context_, settings_.session_name, settings_.source);
    if (!session) return std::unexpected(session.error());
    StsCall call{.action = "AssumeRole",
                 .role_arn = settings_.role_arn,
                 .parameters = {{"RoleArn", settings_.role_arn}, {"RoleSessionName", *session}}};
    if (settings_.duration) {
      if (settings_.duration < kShortestRole || settings_.duration > kLongestRole) {
        return std::unexpected(bad_duration());
      }
      call.parameters.emplace_back("DurationSeconds", std::to_string(settings_.duration->count()));
    }
    if (!settings_.external_id.empty()) {
      call.parameters.emplace_back("ExternalId", settings_.external_id);
      call.secrets.emplace_back(settings_.external_id);
    }
    if (settings_.mfa_serial.empty()) return call;
    return with_mfa(std::move(call));
  }

  [[nodiscard]] Result<StsCall> with_mfa(StsCall call) const {
    if (!context_.mfa) return std::unexpected(no_mfa());
    const Result<std::string> code = context_.mfa(settings_.mfa_serial);
    if (!code) return std::unexpected(code.error());
    const bool is_numeric = std::ranges::all_of(*code, [](char c) { return c >= '0' && c <= '9'; });
    if (code->size() != 6 || !is_numeric) return std::unexpected(bad_mfa_code());
    call.parameters.emplace_back("SerialNumber", settings_.mfa_serial);
    call.parameters.emplace_back("TokenCode", *code);
    call.secrets.emplace_back(*code);
    return call;
  }

  [[nodiscard]] Error no_base(const NotConfigured& missing) const {
    return make_error(ErrorCode::authentication_error,
                      "There are no credentials for assuming the role " + settings_.role_arn +
                          " (" + settings_.source + "): " + missing.reason + ".");
  }

  [[nodiscard]] Error bad_duration() const {
    return make_error(ErrorCode::configuration_error,
                      "The duration_seconds of " + settings_.source + " is " +
                          std::to_string(settings_.duration->count()) + ".",
                      "Use a value from 900 to 43200.");
  }

  [[nodiscard]] Error no_mfa() const {
    return make_error(
        ErrorCode::configuration_error,
        "The role of " + settings_.source + " requires a code from the MFA device " +
            settings_.mfa_serial + " (mfa_serial), which cannot be entered here.",
        "Get temporary credentials with \"aws sts get-session-token\" and use those.");
  }

  [[nodiscard]] Error bad_mfa_code() const {
    return make_error(ErrorCode::authentication_error,
                      "The code of the MFA device " + settings_.mfa_serial + " is not six digits.",
                      "Try again.");
  }

  SourceContext context_;
  AssumeRoleSettings settings_;
  ProviderPtr base_;
};

}  // namespace

ProviderPtr assume_role_source(SourceContext context, AssumeRoleSettings settings,
                               ProviderPtr base) {
  return std::make_shared<AssumeRoleSource>(std::move(context), std::move(settings),
                                            std::move(base));
}

}  // namespace llm::aws
