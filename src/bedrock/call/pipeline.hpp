#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <llm/aws/credentials.hpp>
#include <llm/bedrock/client.hpp>
#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/options.hpp>
#include <llm/transport.hpp>

#include "aws/adaptive_limiter.hpp"
#include "aws/endpoint.hpp"
#include "aws/retry.hpp"
#include "aws/settings.hpp"
#include "aws/signer.hpp"
#include "bedrock/call/sent_secrets.hpp"
#include "bedrock/call/service_errors.hpp"
#include "bedrock/codec/delivery.hpp"
#include "port/system.hpp"

namespace llm::bedrock {

/// Who the calls of a client are made as. Exactly one of the two is used: `api_key` when it is not
/// empty, else `credentials`.
struct AuthSource {
  Secret api_key{};
  std::function<Result<Secret>()> renew_api_key{};
  std::shared_ptr<const aws::CredentialsProvider> credentials{};
};

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
};

/// One operation, before it has attempts.
struct UnsignedRequest {
  std::string name;  ///< For messages: `InvokeModel`.
  std::string method = "POST";
  aws::Endpoint endpoint;
  std::string path;   ///< Wire form, begins with `/`; comes after the endpoint's own path.
  std::string query;  ///< Wire form, without `?`.
  std::vector<HttpHeader> headers;
  std::shared_ptr<const std::string> body;
  std::string region;  ///< For the signature.
  Delivery delivery = Delivery::buffered;
  ErrorContext context;
};

/// A 2xx answer to an UnsignedRequest. With whole delivery `exchange` has been read to its end.
struct Response {
  std::unique_ptr<HttpExchange> exchange{};
  std::string body{};
  int attempts = 1;
  std::string region{};             ///< Where it came from.
  std::vector<Warning> warnings{};  ///< About the way there.
  SentSecrets sent{};               ///< To be hidden in errors that are found in the body.

  /// The exchange's; empty without one.
  [[nodiscard]] const HttpResponseHead& head() const;
};

/// The last answer of a call, for reports: also one that was an error.
struct LastResponse {
  HttpResponseHead head{};
  std::optional<Meaning> refusal{};  ///< What the service's error means.
};

/// Signs, sends, retries and times operations: the one way from the provider to the network. One
/// for each client; const members are safe from many threads.
class Pipeline {
 public:
  explicit Pipeline(PipelineConfig config) : config_(std::move(config)) {}

  /// `last`, when given, receives the last answer, errors included.
  /// Errors: any; `attempts` is filled in. Nothing is retried once a 2xx head of a stream is here.
  [[nodiscard]] Result<Response> send(const UnsignedRequest& operation, const CallOptions& options,
                                      LastResponse* last = nullptr) const;

  /// The error that a 200 answer turns out to be, or nullopt. For answers that are not understood.
  [[nodiscard]] std::optional<Error> error_in_success(const UnsignedRequest& operation,
                                                      const HttpResponseHead& head,
                                                      std::string_view body) const;

  /// The server's clock less ours, as far as it is known.
  [[nodiscard]] std::chrono::milliseconds clock_offset() const {
    return std::chrono::milliseconds(clock_offset_ms_.load());
  }
  [[nodiscard]] const PipelineConfig& config() const { return config_; }

 private:
  struct Attempt;
  [[nodiscard]] Result<Response> try_once(const UnsignedRequest& operation,
                                          const CallOptions& options, Attempt& attempt) const;
  [[nodiscard]] Result<void> await_turn(const UnsignedRequest& operation,
                                        const CallOptions& options, const Attempt& attempt) const;
  [[nodiscard]] Result<Response> exchange(const UnsignedRequest& operation,
                                          const CallOptions& options, Attempt& attempt) const;
  [[nodiscard]] Result<HttpRequest> build(const UnsignedRequest& operation,
                                          const CallOptions& options, const Attempt& attempt) const;
  [[nodiscard]] Result<void> authorize(HttpRequest& request, const UnsignedRequest& operation,
                                       const CallOptions& options, const Attempt& attempt) const;
  [[nodiscard]] std::optional<std::chrono::milliseconds> time_left(const Attempt& attempt) const;
  [[nodiscard]] Result<Response> read_answer(const UnsignedRequest& operation,
                                             std::unique_ptr<HttpExchange> exchange,
                                             Attempt& attempt) const;
  [[nodiscard]] Error service_failure(const UnsignedRequest& operation,
                                      const HttpResponseHead& head, std::string_view body,
                                      Attempt& attempt) const;
  void note_clock(const UnsignedRequest& operation, const HttpResponseHead& head,
                  Attempt& attempt) const;
  [[nodiscard]] bool renew_key(const CallOptions& options, Attempt& attempt) const;

  PipelineConfig config_;
  aws::Signer signer_;
  mutable aws::RetryQuota quota_;
  mutable aws::AdaptiveLimiters limiters_;  ///< Used in the mode `adaptive` alone.
  mutable std::atomic<std::int64_t> clock_offset_ms_{0};
  mutable std::mutex api_key_mutex_;
  mutable Secret renewed_api_key_;
};

/// Whether a call brings an API key of its own; an empty one is none.
[[nodiscard]] inline bool has_own_key(const CallOptions& options) {
  return options.api_key && !options.api_key->empty();
}

/// Errors: configuration_error for a number of retries that is none or more than 100.
[[nodiscard]] Result<void> check_max_retries(std::optional<int> max_retries);

/// Reads a whole body.
/// Errors: the exchange's; model_error when it is over `max_bytes`.
[[nodiscard]] Result<std::string> read_body(HttpExchange& exchange, std::size_t max_bytes);

}  // namespace llm::bedrock
