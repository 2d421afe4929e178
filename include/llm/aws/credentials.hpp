#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <llm/error.hpp>
#include <llm/secret.hpp>

namespace llm::aws {

/// AWS credentials, which sign requests.
struct Credentials {
  std::string access_key_id{};
  Secret secret_access_key{};
  Secret session_token{};  ///< Empty for long-term credentials.
  std::optional<std::chrono::system_clock::time_point> expires_at{};
  std::string account_id{};  ///< Twelve digits; empty: unknown.
  std::string source{};      ///< Where they came from, for people: `environment`, `profile "dev"`.
};

/// The source is not configured, so the next one is tried. `reason` is a sentence that names what
/// was looked for.
struct NotConfigured {
  std::string reason{};
};

/// What a lookup returns. A configured source that fails is an Error, and ends the search.
using CredentialsLookup = std::variant<Credentials, NotConfigured>;

/// A source of credentials. Implementations must be safe to call from many threads at once.
class CredentialsProvider {
 public:
  virtual ~CredentialsProvider() = default;
  /// A short name for reports, e.g. `environment`.
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Looks up the credentials; may block on files, processes and the network.
  /// Errors: authentication_error or configuration_error with advice; rate_limit_error,
  /// server_error, connection_error or timeout_error from a service; cancelled.
  [[nodiscard]] virtual Result<CredentialsLookup> lookup(std::stop_token stop) const = 0;
  /// What `lookup` would return, if that needs no process, network or waiting; else nullopt.
  /// Without an override, a call with a time limit runs each lookup on another thread.
  [[nodiscard]] virtual std::optional<CredentialsLookup> try_lookup() const { return std::nullopt; }
};

/// Always returns these credentials.
[[nodiscard]] std::shared_ptr<const CredentialsProvider> static_credentials(
    Credentials credentials);

/// Tries each source in turn; the first one that is configured decides. If none is, `lookup`
/// returns NotConfigured with the reason of every source, one per line.
[[nodiscard]] std::shared_ptr<const CredentialsProvider> chain(
    std::vector<std::shared_ptr<const CredentialsProvider>> sources);

/// Asks a person for the current code of the MFA device `serial`. Called during a lookup, by one
/// thread at a time; the code is used once.
using MfaCallback = std::function<Result<std::string>(std::string_view serial)>;

/// Options of `default_chain`.
struct DefaultChainOptions {
  std::string profile{};  ///< If set, credentials in the environment are ignored. Empty:
                          ///< AWS_PROFILE.
  std::string region{};   ///< For STS; empty: from the environment or the profile.
  MfaCallback mfa{};      ///< Empty: a profile with `mfa_serial` is an error.
};

/// The default sources in this order: environment, shared files, web identity, container, instance
/// metadata. Credentials are cached and refreshed before they expire, by one lookup at a time.
[[nodiscard]] Result<std::shared_ptr<const CredentialsProvider>> default_chain(
    const DefaultChainOptions& options = {});

}  // namespace llm::aws
