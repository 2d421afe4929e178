#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/secret.hpp>

#include "aws/endpoint.hpp"
#include "aws/shared_config.hpp"
#include "port/system.hpp"

namespace llm::aws {

/// A service with a configurable endpoint.
enum class Service { bedrock_runtime, bedrock, bedrock_mantle, sts, sso, sso_oidc, signin };

/// A value and its source, for people: `AWS_REGION`, `profile "dev"`, `default`.
template <typename T>
struct Setting {
  T value{};
  std::string source{};
};

/// How failures are retried. The `legacy` mode of old SDKs is read as standard.
enum class RetryMode { standard, adaptive };

/// Settings from the environment and the profile; the environment comes first, field by field. A
/// field is unset when neither has it.
struct Settings {
  std::optional<Setting<RetryMode>> retry_mode{};
  std::optional<Setting<int>> max_attempts{};  ///< 1 or more, including the first attempt.
  std::optional<Setting<std::string>> runtime_endpoint{};
  std::optional<Setting<std::string>> control_endpoint{};
  std::optional<Setting<std::string>> mantle_endpoint{};
  EndpointVariant variant{};
  std::optional<Setting<std::string>> ca_bundle{};  ///< A path.
  /// Names as written, in order, without the `ns#` prefix: `sigv4`, `httpBearerAuth`.
  std::optional<Setting<std::vector<std::string>>> auth_scheme_preference{};
  bool clock_skew_correction = true;    ///< False: AWS_DISABLE_CLOCK_SKEW_CORRECTION or its key.
  Secret bearer_token{};                ///< AWS_BEARER_TOKEN_BEDROCK; empty: none.
  std::vector<std::string> warnings{};  ///< For people; they contain no secrets.
};

/// Reads all settings.
/// Errors: configuration_error that names the variable, or the profile and key.
/// Source: AWS SDKs and Tools Reference Guide, "Settings reference".
[[nodiscard]] Result<Settings> load_settings(const port::System& system, const SharedConfig& config,
                                             std::string_view profile);

/// The configured endpoint of a service: AWS_ENDPOINT_URL_{SERVICE}, AWS_ENDPOINT_URL, the
/// profile's `services` section, its `endpoint_url`. Nullopt when none is set, or when
/// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS or the profile's ignore_configured_endpoint_urls is true.
/// Errors: configuration_error for a missing `services` section or an invalid switch.
[[nodiscard]] Result<std::optional<Setting<std::string>>> configured_endpoint(
    const port::System& system, const SharedConfig& config, std::string_view profile,
    Service service);

/// Refuses FIPS or dual stack together with a custom endpoint.
/// Source: endpoint rule set of Bedrock Runtime (botocore).
[[nodiscard]] Result<void> check_variant(EndpointVariant variant, std::string_view endpoint_source);

}  // namespace llm::aws
