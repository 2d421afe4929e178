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

/// A client for version 2 of the EC2 instance metadata protocol (never version 1): it gets a token,
/// caches it for the lifetime that the service states, and sends it with each request. A service
/// that does not respond is tried once, for a second at most. Safe from many threads.
class MetadataSession {
 public:
  /// Requires: `context` outlives this object.
  explicit MetadataSession(const SourceContext& context) : context_(context) {}

  /// The response for `path`, of any status; not configured where there is no such service.
  /// Errors: server_error and connection failures after the last attempt; a configured endpoint
  /// that does not respond; configuration_error; cancelled.
  [[nodiscard]] Result<std::variant<CredentialResponse, NotConfigured>> get(
      std::string_view path, std::stop_token stop) const;

 private:
  struct Token {
    Secret text{};
    std::chrono::steady_clock::time_point expires_at{};
  };
  using TokenLookup = Result<std::variant<Secret, NotConfigured>>;

  [[nodiscard]] TokenLookup cached_token(const MetadataEndpoint& endpoint,
                                         std::stop_token stop) const;
  [[nodiscard]] TokenLookup new_token(const MetadataEndpoint& endpoint, std::stop_token stop) const;
  [[nodiscard]] Result<CredentialResponse> fetch(const MetadataEndpoint& endpoint,
                                                 std::string_view path, const Secret& token,
                                                 std::stop_token stop) const;

  const SourceContext& context_;
  mutable std::mutex mutex_;
  mutable std::optional<Token> token_{};
};

}  // namespace llm::aws
