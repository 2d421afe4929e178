#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <llm/bedrock/client.hpp>
#include <llm/error.hpp>
#include <llm/transport.hpp>

#include "aws/adaptive_limiter.hpp"
#include "aws/protocol/retry.hpp"
#include "aws/settings.hpp"
#include "base/time.hpp"
#include "bedrock/call/auth_source.hpp"
#include "bedrock/call/authorizer.hpp"
#include "bedrock/call/in_flight.hpp"
#include "bedrock/call/lookup_pool.hpp"
#include "bedrock/call/unsigned_request.hpp"
#include "loop/exchange.hpp"
#include "port/system.hpp"

namespace llm::bedrock {

/// Everything a pipeline needs, complete: defaults are filled in before.
struct PipelineConfig {
  std::shared_ptr<const Transport> transport;
  /// The same transport on a loop; empty or null: it can only block.
  std::function<std::unique_ptr<loop::AsyncTransport>(loop::Core&)> loop_transport;
  std::shared_ptr<const port::System> system;
  AuthSource identity;
  aws::RetryPolicy retry;
  aws::RetryMode retry_mode = aws::RetryMode::standard;
  Timeouts timeouts;
  bool retry_timeouts = false;
  bool correct_clock = true;
  std::string user_agent;
  std::shared_ptr<InFlight> in_flight = std::make_shared<InFlight>();
  std::shared_ptr<LookupPool> lookup_pool = std::make_shared<LookupPool>(in_flight);
};

/// A reading of both clocks, handed to what has none.
struct Now {
  std::chrono::steady_clock::time_point steady{};
  base::TimePoint wall{};
};

/// What the calls of one client share. Safe from many threads.
struct CallShared {
  explicit CallShared(PipelineConfig given)
      : config(std::move(given)), authorizer(config.identity, config.lookup_pool) {}

  [[nodiscard]] Now now() const { return {config.system->steady_now(), config.system->now()}; }
  /// The server's clock less ours, as far as it is known.
  [[nodiscard]] std::chrono::milliseconds clock_offset() const {
    return std::chrono::milliseconds(clock_offset_ms.load());
  }

  PipelineConfig config;
  Authorizer authorizer;
  mutable aws::RetryQuota quota{};
  mutable aws::AdaptiveLimiters limiters{};  ///< Used in the mode `adaptive` alone.
  mutable std::atomic<std::int64_t> clock_offset_ms{0};
};

/// The error in a response with status 200, or nullopt. For responses that are not understood.
[[nodiscard]] std::optional<Error> error_in_success(const UnsignedRequest& request,
                                                    const HttpResponseHead& head,
                                                    std::string_view body, base::TimePoint now);

}  // namespace llm::bedrock
