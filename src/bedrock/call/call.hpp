#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <llm/options.hpp>

#include "aws/deadline.hpp"
#include "bedrock/call/in_flight.hpp"

namespace llm::bedrock {

/// A call of the public interface on its way through its steps (model, region, credentials, each
/// attempt, each page): they share its options, and its deadline, which is set once.
struct Call {
  CallOptions options{};
  std::optional<aws::Deadline> deadline{};  ///< Counts instead of `options.timeout`.
  InFlight::Place in_flight{};

  /// `total`: the client's limit, for options without one.
  [[nodiscard]] static Call begin(CallOptions options,
                                  std::optional<std::chrono::milliseconds> total,
                                  const std::shared_ptr<const port::System>& system) {
    Call call{.options = std::move(options)};
    if (call.options.timeout) total = call.options.timeout;
    if (total) call.deadline.emplace(system, *total);
    return call;
  }

  [[nodiscard]] aws::WaitLimits limits(std::string_view subject) const {
    return {.subject = subject, .stop = options.stop, .deadline = deadline};
  }
};

/// Whether a call has an API key of its own; an empty one does not count.
[[nodiscard]] inline bool has_own_key(const CallOptions& options) {
  return options.api_key && !options.api_key->empty();
}

/// Limit of a request that the service answers within a second or not at all: health, the control
/// plane.
inline constexpr std::chrono::milliseconds kShortTime = std::chrono::seconds(30);

}  // namespace llm::bedrock
