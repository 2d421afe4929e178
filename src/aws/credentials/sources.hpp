#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include <llm/aws/credentials.hpp>

#include "aws/credentials/context.hpp"

namespace llm::aws {

using ProviderPtr = std::shared_ptr<const CredentialsProvider>;

/// Keys in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN. Read at each lookup.
[[nodiscard]] ProviderPtr environment_source(SourceContext context);

/// What the profile in use says: keys, roles, SSO, ... Follows changes of the shared files and
/// refreshes by itself: not to be wrapped in `refreshing`.
[[nodiscard]] ProviderPtr profile_source(SourceContext context);

/// Runs `command` (`credential_process` of `profile`) at each lookup.
[[nodiscard]] ProviderPtr process_source(SourceContext context, std::string command,
                                         std::string profile);

/// A role taken with a token from a file (`AssumeRoleWithWebIdentity`).
struct WebIdentitySettings {
  std::string token_file{};    ///< Read anew at each lookup.
  std::string role_arn{};      ///< Not empty.
  std::string session_name{};  ///< Empty: one is made up.
  std::string origin{};        ///< For people: `environment`, `profile "dev"`.
};
[[nodiscard]] ProviderPtr web_identity_source(SourceContext context, WebIdentitySettings settings);

/// A role taken with other keys (`AssumeRole`).
struct AssumeRoleSettings {
  std::string role_arn{};
  std::string session_name{};                      ///< Empty: one is made up.
  std::string external_id{};                       ///< Empty: none.
  std::optional<std::chrono::seconds> duration{};  ///< 900–43200; unset: the service's default.
  std::string mfa_serial{};  ///< Empty: none. Without `SourceContext::mfa` it is an error.
  std::string origin{};      ///< For people: `profile "dev"`.
};
/// `base` signs; when it is absent, that is an error.
[[nodiscard]] ProviderPtr assume_role_source(SourceContext context, AssumeRoleSettings settings,
                                             ProviderPtr base);

/// A role of IAM Identity Center, with the token of `aws sso login`.
struct SsoSettings {
  std::string session_name{};  ///< Of `[sso-session x]`; empty in the legacy form.
  std::string start_url{};
  std::string region{};  ///< `sso_region`.
  std::string account_id{};
  std::string role_name{};
  std::string origin{};   ///< For people: `profile "dev"`.
  std::string profile{};  ///< To log in with; empty: `SourceContext::profile`.
};
[[nodiscard]] ProviderPtr sso_source(SourceContext context, SsoSettings settings);

/// The session of `aws login` whose ARN is `login_session`.
[[nodiscard]] ProviderPtr login_source(SourceContext context, std::string login_session,
                                       std::string region);

/// ECS and EKS Pod Identity; absent without AWS_CONTAINER_CREDENTIALS_*_URI.
[[nodiscard]] ProviderPtr container_source(SourceContext context);

/// What `Credentials::source` of the instance's own keys begins with.
inline constexpr std::string_view kInstanceMetadata = "instance metadata";

/// The role of an EC2 instance (IMDSv2).
[[nodiscard]] ProviderPtr instance_metadata_source(SourceContext context);

/// Region of the EC2 instance, or nullopt when it has no answer. Errors: cancelled.
[[nodiscard]] Result<std::optional<std::string>> instance_metadata_region(
    const SourceContext& context, std::stop_token stop);

/// When `refreshing` looks anew.
/// Source: botocore's advisory and mandatory windows, with shorter spans.
struct RefreshPolicy {
  std::chrono::milliseconds advisory{std::chrono::minutes(5)};  ///< ±10 %, drawn for each set.
  std::chrono::milliseconds mandatory{std::chrono::minutes(1)};
  std::chrono::milliseconds back_off{std::chrono::seconds(30)};  ///< After a failed advisory one.
  /// Keys that have expired are used on when no newer ones can be had (instance metadata alone:
  /// AWS calls it static stability).
  bool use_expired = false;
};

/// Keeps what `source` gives and looks anew before it expires: one lookup at a time, others go on
/// with the keys at hand while those last. Keys without an expiry are kept for good.
[[nodiscard]] ProviderPtr refreshing(std::shared_ptr<const port::System> system, ProviderPtr source,
                                     RefreshPolicy policy = {});

/// The default chain over the given world.
[[nodiscard]] Result<ProviderPtr> make_default_chain(SourceContext context);

}  // namespace llm::aws
