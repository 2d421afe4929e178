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

/// Keys to sign with.
struct Credentials {
  std::string access_key_id{};
  Secret secret_access_key{};
  Secret session_token{};  ///< Empty for long-term keys.
  std::optional<std::chrono::system_clock::time_point> expires_at{};
  std::string account_id{};  ///< Twelve digits; empty: unknown.
  std::string source{};      ///< Where they came from, for people: `environment`, `profile "dev"
                             ///< (static keys)`.
};

/// A source that is not set up; the next one is asked. `reason` says what was looked for.
struct NotConfigured {
  std::string reason{};
};

/// What a source says. A source that is set up but fails is an Error and ends the search.
using CredentialsLookup = std::variant<Credentials, NotConfigured>;

/// A source of credentials. Implementations are safe from many threads at once.
class CredentialsProvider {
 public:
  virtual ~CredentialsProvider() = default;
  /// A short name for reports, e.g. `environment`.
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Looks now; may block on files, processes and the network.
  /// Errors: authentication_error or configuration_error with what to do; rate_limit_error,
  /// server_error, connection_error or timeout_error from a service that was asked; cancelled.
  [[nodiscard]] virtual Result<CredentialsLookup> lookup(std::stop_token stop) const = 0;
  /// What `lookup` would give, when that takes no process, network or waiting; else nullopt.
  /// Need not be overridden: a call with a time limit then has a timer for each lookup.
  [[nodiscard]] virtual std::optional<CredentialsLookup> try_lookup() const { return std::nullopt; }
};

/// Fixed keys.
[[nodiscard]] std::shared_ptr<const CredentialsProvider> static_credentials(
    Credentials credentials);

/// Asks each source in turn; the first that is not absent decides.
/// `lookup` gives NotConfigured with every source's reason when none has any.
[[nodiscard]] std::shared_ptr<const CredentialsProvider> chain(
    std::vector<std::shared_ptr<const CredentialsProvider>> sources);

/// Asks a person for the current code of the MFA device `serial`. Called during a lookup, by one
/// thread at a time; what it returns is used once.
using MfaCallback = std::function<Result<std::string>(std::string_view serial)>;

/// Options of `default_chain`.
struct DefaultChainOptions {
  std::string profile{};  ///< Named in code: the environment's keys are then passed over. Empty:
                          ///< AWS_PROFILE.
  std::string region{};   ///< For STS; empty: as the environment and profile say.
  MfaCallback mfa{};      ///< Empty: a profile with `mfa_serial` is an error.
};

/// Environment, shared files, web identity, container, instance metadata, in this order; refreshed
/// before they expire, one lookup at a time.
[[nodiscard]] Result<std::shared_ptr<const CredentialsProvider>> default_chain(
    const DefaultChainOptions& options = {});

}  // namespace llm::aws
