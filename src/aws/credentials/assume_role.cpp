// Roles taken with other keys.
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
    if (const auto* absent = std::get_if<NotConfigured>(&*signer))
      return std::unexpected(no_base(*absent));
    StsCall signed_call = *call;
    signed_call.signer = std::get<Credentials>(*std::move(signer));
    signed_call.secrets.push_back(signed_call.signer->secret_access_key);
    signed_call.secrets.push_back(signed_call.signer->session_token);
    Result<Credentials> keys = ask_sts(context_, signed_call, std::move(stop));
    if (!keys) return std::unexpected(keys.error());
    keys->source = settings_.origin + ", role " + settings_.role_arn + " with keys of " +
                   signed_call.signer->source;
    return *std::move(keys);
  }

 private:
  // Everything that can be told to be wrong before a network call or a question to a person.
  [[nodiscard]] Result<StsCall> unsigned_call() const {
    const Result<void> arn = check_role_arn(settings_.role_arn, settings_.origin);
    if (!arn) return std::unexpected(arn.error());
    const Result<std::string> session =
        role_session_name(context_, settings_.session_name, settings_.origin);
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
    const bool digits = std::ranges::all_of(*code, [](char c) { return c >= '0' && c <= '9'; });
    if (code->size() != 6 || !digits) return std::unexpected(bad_mfa_code());
    call.parameters.emplace_back("SerialNumber", settings_.mfa_serial);
    call.parameters.emplace_back("TokenCode", *code);
    call.secrets.emplace_back(*code);
    return call;
  }

  [[nodiscard]] Error no_base(const NotConfigured& absent) const {
    return make_error(ErrorCode::authentication_error,
                      settings_.origin + " takes role " + settings_.role_arn +
                          ", but there are no keys to ask for it with: " + absent.reason);
  }

  [[nodiscard]] Error bad_duration() const {
    return make_error(ErrorCode::configuration_error,
                      "duration_seconds of " + settings_.origin + " is " +
                          std::to_string(settings_.duration->count()) + "; STS takes 900 to 43200");
  }

  [[nodiscard]] Error no_mfa() const {
    return make_error(ErrorCode::configuration_error,
                      settings_.origin + " wants a code of the device " + settings_.mfa_serial +
                          " (mfa_serial), which cannot be asked for here; take temporary keys with "
                          "aws sts get-session-token and use those");
  }

  [[nodiscard]] Error bad_mfa_code() const {
    return make_error(
        ErrorCode::authentication_error,
        "the code of the device " + settings_.mfa_serial + " is not six digits; try again");
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
