#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <llm/bedrock/client.hpp>
#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/transport.hpp>

#include "aws/adaptive_limiter.hpp"
#include "aws/deadline.hpp"
#include "aws/protocol/retry.hpp"
#include "aws/settings.hpp"
#include "bedrock/call/auth_source.hpp"
#include "bedrock/call/authorizer.hpp"
#include "bedrock/call/call.hpp"
#include "bedrock/call/lookup_pool.hpp"
#include "bedrock/call/sent_secrets.hpp"
#include "bedrock/call/service_errors.hpp"
#include "bedrock/call/unsigned_request.hpp"
#include "port/system.hpp"

namespace llm::bedrock {

/// Everything a pipeline needs, complete: defaults are filled in before.
struct PipelineConfig {
  std::shared_ptr<const Transport> transport;
  std::shared_ptr<const port::System> system;
  AuthSource identity;
  aws::RetryPolicy retry;
  aws::RetryMode retry_mode = aws::RetryMode::standard;
  Timeouts timeouts;
  bool retry_timeouts = false;
  bool correct_clock = true;
  std::string user_agent;
  std::shared_ptr<LookupPool> lookup_pool = std::make_shared<LookupPool>();
};

/// A 2xx response. After buffered delivery `exchange` has been read to its end.
struct Response {
  std::unique_ptr<HttpExchange> exchange{};
  std::string body{};
  int attempts = 1;
  std::string region{};                     ///< Where it came from.
  std::vector<Warning> warnings{};          ///< About how the request was routed.
  SentSecrets sent{};                       ///< To be hidden in errors that are found in the body.
  std::optional<aws::Deadline> deadline{};  ///< Of the call, for a stream that is still to be read.

  /// The exchange's; empty without one.
  [[nodiscard]] const HttpResponseHead& head() const;
};

/// Signs, sends, retries and times requests: the one way from the provider to the network. One for
/// each client; const members are safe from many threads.
class Pipeline {
 public:
  explicit Pipeline(PipelineConfig config)
      : config_(std::move(config)), authorizer_(config_.identity, config_.lookup_pool) {}

  /// A call that begins now: its time limit is that of the options, else the client's.
  [[nodiscard]] Call begin(CallOptions options) const {
    return Call::begin(std::move(options), config_.timeouts.total, config_.system);
  }

  /// `last_head`, when given, receives the head of the last response, errors included.
  /// Errors: any; `attempts` is filled in. Nothing is retried once the 2xx head of a stream has
  /// arrived.
  [[nodiscard]] Result<Response> send(const UnsignedRequest& request, const Call& call,
                                      HttpResponseHead* last_head = nullptr) const;

  /// The error in a response with status 200, or nullopt. For responses that are not understood.
  [[nodiscard]] std::optional<Error> error_in_success(const UnsignedRequest& request,
                                                      const HttpResponseHead& head,
                                                      std::string_view body) const;

  /// The client's credentials, within the limits of the call. `subject` is for messages.
  [[nodiscard]] Result<aws::CredentialsLookup> look_up_credentials(std::string_view subject,
                                                                   const Call& call) const {
    return authorizer_.look_up(subject, call);
  }

  /// The server's clock less ours, as far as it is known.
  [[nodiscard]] std::chrono::milliseconds clock_offset() const {
    return std::chrono::milliseconds(clock_offset_ms_.load());
  }
  [[nodiscard]] const PipelineConfig& config() const { return config_; }

 private:
  struct CallState;

  // `send` loops over `attempt`, which takes a turn where attempts are rate-limited and sends once.
  // Sending once is, in this order: build, authorize, exchange, read the response, and for an error
  // response decide what it means for a retry. That decision is left in `CallState::failed`.
  [[nodiscard]] Result<Response> attempt(CallState& state) const;
  [[nodiscard]] Result<void> await_turn(const CallState& state,
                                        aws::AdaptiveLimiter& limiter) const;
  [[nodiscard]] Result<Response> send_once(CallState& state) const;
  [[nodiscard]] Result<HttpRequest> build(CallState& state) const;
  [[nodiscard]] Result<Response> read_response(CallState& state,
                                               std::unique_ptr<HttpExchange> exchange) const;
  [[nodiscard]] std::unexpected<Error> lost(CallState& state, Error error) const;
  [[nodiscard]] Error service_failure(CallState& state, const HttpResponseHead& head,
                                      std::string_view body) const;
  void correct_clock(CallState& state, const HttpResponseHead& head) const;
  void renew_api_key(CallState& state, Error& refusal) const;

  PipelineConfig config_;
  Authorizer authorizer_;
  mutable aws::RetryQuota quota_;
  mutable aws::AdaptiveLimiters limiters_;  ///< Used in the mode `adaptive` alone.
  mutable std::atomic<std::int64_t> clock_offset_ms_{0};
};

}  // namespace llm::bedrock
