#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string_view>
#include <variant>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>
#include <llm/secret.hpp>

#include "aws/credentials/context.hpp"
#include "aws/credentials/credential_call.hpp"
#include "aws/credentials/metadata_endpoint.hpp"

namespace llm::aws {

/// Speaks version 2 of the EC2 instance metadata protocol, and no other: a token first, kept for as
/// long as the service says, then questions with it. Waits a second at most for a service that does
/// not answer, and asks such a one once. Safe from many threads.
class MetadataSession {
 public:
  /// Requires: `context` outlives this object.
  explicit MetadataSession(const SourceContext& context) : context_(context) {}

  /// What stands at `path` (of any status), or absent where there is no such service.
  /// Errors: server_error and connection failures after the last attempt; where an endpoint is
  /// configured, also that it does not answer; configuration_error; cancelled.
  [[nodiscard]] Result<std::variant<CredentialResponse, NotConfigured>> get(
      std::string_view path, std::stop_token stop) const;

 private:
  struct Token {
    Secret text{};
    std::chrono::steady_clock::time_point expires_at{};
  };
  using TokenLookup = Result<std::variant<Secret, NotConfigured>>;

  [[nodiscard]] TokenLookup token(const MetadataEndpoint& endpoint, std::stop_token stop) const;
  [[nodiscard]] TokenLookup new_token(const MetadataEndpoint& endpoint, std::stop_token stop) const;
  [[nodiscard]] Result<CredentialResponse> ask(const MetadataEndpoint& endpoint,
                                               std::string_view path, const Secret& token,
                                               std::stop_token stop) const;

  const SourceContext& context_;
  mutable std::mutex mutex_;
  mutable std::optional<Token> token_{};
};

}  // namespace llm::aws
