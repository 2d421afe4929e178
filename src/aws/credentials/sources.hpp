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

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN. Read at each lookup.
[[nodiscard]] ProviderPtr environment_source(SourceContext context);

/// The credentials of the current profile: access key, role, SSO, ... Follows changes of the shared
/// files. Must not be wrapped in `refreshing`: it caches each source that the profile leads to, and
/// another one would hide changes of the files.
[[nodiscard]] ProviderPtr profile_source(SourceContext context);

/// Runs `command` (`credential_process` of `profile`) at each lookup.
[[nodiscard]] ProviderPtr process_source(SourceContext context, std::string command,
                                         std::string profile);

/// A role assumed with a token from a file (`AssumeRoleWithWebIdentity`).
struct WebIdentitySettings {
  std::string token_file{};    ///< Read at each lookup.
  std::string role_arn{};      ///< Not empty.
  std::string session_name{};  ///< Empty: generated.
  std::string source{};        ///< For people: `environment`, `profile "dev"`.
};
[[nodiscard]] ProviderPtr web_identity_source(SourceContext context, WebIdentitySettings settings);

/// A role assumed with other credentials (`AssumeRole`).
struct AssumeRoleSettings {
  std::string role_arn{};
  std::string session_name{};                      ///< Empty: generated.
  std::string external_id{};                       ///< Empty: none.
  std::optional<std::chrono::seconds> duration{};  ///< 900–43200; unset: the service's default.
  std::string mfa_serial{};  ///< Empty: no MFA. Requires `SourceContext::mfa`.
  std::string source{};      ///< For people: `profile "dev"`.
};
/// Signed with the credentials of `base`, which must be configured.
[[nodiscard]] ProviderPtr assume_role_source(SourceContext context, AssumeRoleSettings settings,
                                             ProviderPtr base);

/// A role of IAM Identity Center, with the token of `aws sso login`.
struct SsoSettings {
  std::string session_name{};  ///< Of `[sso-session x]`; empty in the legacy form.
  std::string start_url{};
  std::string region{};  ///< `sso_region`.
  std::string account_id{};
  std::string role_name{};
  std::string source{};   ///< For people: `profile "dev"`.
  std::string profile{};  ///< To log in with; empty: `SourceContext::profile`.
};
[[nodiscard]] ProviderPtr sso_source(SourceContext context, SsoSettings settings);

/// The session of `aws login` whose ARN is `login_session`.
[[nodiscard]] ProviderPtr login_source(SourceContext context, std::string login_session,
                                       std::string region);

/// ECS and EKS Pod Identity; not configured without AWS_CONTAINER_CREDENTIALS_*_URI.
[[nodiscard]] ProviderPtr container_source(SourceContext context);

/// Prefix of `Credentials::source` for credentials of the instance's own role.
inline constexpr std::string_view kInstanceMetadata = "instance metadata";

/// The role of an EC2 instance (IMDSv2).
[[nodiscard]] ProviderPtr instance_metadata_source(SourceContext context);

/// Region of the EC2 instance, or nullopt when its metadata gives none. Errors: cancelled.
[[nodiscard]] Result<std::optional<std::string>> instance_metadata_region(
    const SourceContext& context, std::stop_token stop);

/// When `refreshing` looks up again.
/// Source: botocore's advisory and mandatory windows, shortened.
struct RefreshPolicy {
  std::chrono::milliseconds advisory{
      std::chrono::minutes(5)};  ///< ±10 %, drawn for each set of credentials.
  std::chrono::milliseconds mandatory{std::chrono::minutes(1)};
  std::chrono::milliseconds back_off{std::chrono::seconds(30)};  ///< Between advisory refreshes.
  /// Whether expired credentials stay in use while there are no newer ones (instance metadata
  /// alone; AWS calls it static stability).
  bool use_expired = false;
};

/// Caches the credentials of `source` and looks them up again before they expire, one lookup at a
/// time. From `advisory` before the expiry on, other callers use the cached ones during a lookup;
/// from `mandatory` before it on they wait. Credentials without an expiry are cached for good.
[[nodiscard]] ProviderPtr refreshing(std::shared_ptr<const port::System> system, ProviderPtr source,
                                     RefreshPolicy policy = {});

/// The default chain.
[[nodiscard]] Result<ProviderPtr> resolve_default_chain(SourceContext context);

}  // namespace llm::aws
