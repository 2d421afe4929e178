#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <llm/error.hpp>
#include <llm/transport.hpp>

#include "json/reader.hpp"

namespace llm::aws {

/// A cached token is refreshed when it expires within this time (smithy-rs).
inline constexpr std::chrono::minutes kTokenRefreshWindow{5};

/// Allows a refresh at most every 30 seconds (smithy-rs). Safe from many threads.
class RefreshGate {
 public:
  /// True once, then false for 30 seconds.
  [[nodiscard]] bool enter(std::chrono::steady_clock::time_point now) const;

 private:
  mutable std::mutex mutex_;
  mutable std::optional<std::chrono::steady_clock::time_point> last_{};
};

/// An unsigned POST of `body` (JSON) to a token endpoint. `service` names it in errors.
/// Errors: configuration_error for an invalid URL.
[[nodiscard]] Result<HttpRequest> token_request(std::string url, std::string body,
                                                std::string_view service);

/// `expiresIn` of a token response; nullopt unless it is a whole number from 1 second to 366 days.
[[nodiscard]] std::optional<std::chrono::seconds> token_lifetime(const json::Value& response);

}  // namespace llm::aws
