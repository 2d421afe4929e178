#include "bedrock/call/pipeline.hpp"

#include <algorithm>
#include <array>

#include "aws/service_error.hpp"
#include "aws/sign_request.hpp"
#include "base/errors.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "bedrock/call/deadline.hpp"

namespace llm::bedrock {
namespace {

using std::chrono::milliseconds;

// A whole answer may hold generated images; the reference caps InvokeModel at 25,000,000 bytes.
constexpr std::size_t kMaxAnswerBytes = 64 * 1024 * 1024;
constexpr std::size_t kMaxErrorBytes = 1024 * 1024;
// Host, two about the attempt, user agent, and three of the signature.
constexpr std::size_t kMostHeadersAdded = 7;
// From this offset on the service refuses a signature (±5 minutes); the AWS SDKs correct from 4.
constexpr milliseconds kSkewThreshold = std::chrono::minutes(4);
constexpr milliseconds kMaxRoundTripForClock = std::chrono::minutes(15);
constexpr milliseconds kMaxClockOffset = std::chrono::hours(24);
constexpr int kMaxRetries = 100;

// Source: @smithy/core 3.41, clock-skew error codes. The name alone proves nothing.
constexpr auto kSkewCodes = std::to_array<std::string_view>(
    {"AccessDeniedException", "AuthFailure", "InvalidSignatureException", "RequestExpired",
     "RequestInTheFuture", "RequestTimeTooSkewed", "SignatureDoesNotMatch"});

bool is_success(int status) { return status >= 200 && status < 300; }

milliseconds magnitude(milliseconds value) { return value < milliseconds(0) ? -value : value; }

/// As much of an error's body as can be had; a failure on the way does not matter.
std::string read_error_body(HttpExchange& exchange) {
  std::string body;
  while (body.size() < kMaxErrorBytes) {
    const Result<std::string_view> bytes = exchange.read_some();
    if (!bytes || bytes->empty()) break;
    body.append(bytes->substr(0, kMaxErrorBytes - body.size()));
  }
  return body;
}

/// Whether a call that brought no whole answer may be sent again.
aws::RetryKind retry_after_loss(const Error& error, bool retry_timeouts) {
  const bool asked_for = error.code == ErrorCode::timeout_error && retry_timeouts;
  return error.retryable || asked_for ? aws::RetryKind::transient : aws::RetryKind::never;
}

/// Throttling concerns a model, whichever way it is called.
std::string limited_by(const UnsignedRequest& operation) {
  return operation.context.model != nullptr ? operation.context.model->requested_id
                                            : operation.name;
}

std::array<std::byte, 16> random_16(const port::System& system) {
  std::array<std::byte, 16> bytes{};
  system.random_bytes(bytes);
  return bytes;
}

Error cancelled(const UnsignedRequest& operation) {
  return make_error(ErrorCode::cancelled, operation.name + " was cancelled.");
}

}  // namespace

const HttpResponseHead& Response::head() const {
  static const HttpResponseHead none;
  return exchange ? exchange->head() : none;
}

Result<void> check_max_retries(std::optional<int> max_retries) {
  if (!max_retries || (*max_retries >= 0 && *max_retries <= kMaxRetries)) return {};
  return base::configuration_error("max_retries must be 0 to " + std::to_string(kMaxRetries) +
                                   ", not " + std::to_string(*max_retries) + ".");
}

Result<std::string> read_body(HttpExchange& exchange, std::size_t max_bytes) {
  std::string body;
  while (true) {
    Result<std::string_view> bytes = exchange.read_some();
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    if (bytes->empty()) return body;
    if (bytes->size() > max_bytes - body.size()) {
      return std::unexpected(make_error(ErrorCode::model_error, "The answer is larger than " +
                                                                    std::to_string(max_bytes) +
                                                                    " bytes; it was not read on."));
    }
    body.append(*bytes);
  }
}

/// The state of one call across its attempts.
struct Pipeline::Attempt {
  std::string invocation_id;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  int max_attempts = 1;
  int number = 1;
  int sent = 0;
  int last_cost = 0;
  bool key_renewed = false;
  bool bearer = false;  ///< It carries an API key, not a signature.
  LastResponse* last = nullptr;

  // About the last failure.
  aws::RetryKind kind = aws::RetryKind::never;
  bool at_once = false;  ///< What was wrong has been mended (clock, key): retry without a delay.
  std::optional<milliseconds> hint;
  base::TimePoint began;
};

std::optional<milliseconds> Pipeline::time_left(const Attempt& attempt) const {
  if (!attempt.deadline) return std::nullopt;
  return std::chrono::duration_cast<milliseconds>(*attempt.deadline - config_.system->steady_now());
}

Result<Response> Pipeline::send(const UnsignedRequest& operation, const CallOptions& options,
                                LastResponse* last) const {
  if (auto checked = check_max_retries(options.max_retries); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  const port::System& system = *config_.system;
  Attempt attempt;
  attempt.last = last;
  attempt.invocation_id = base::uuid_v4(random_16(system));
  attempt.bearer = has_own_key(options) || !config_.identity.api_key.empty();
  attempt.max_attempts =
      options.max_retries ? *options.max_retries + 1 : config_.retry.max_attempts;
  const auto total = options.timeout ? options.timeout : config_.timeouts.total;
  if (total) attempt.deadline = base::deadline(system.steady_now(), *total);

  for (;; ++attempt.number) {
    attempt.kind = aws::RetryKind::never;
    attempt.at_once = false;
    attempt.hint.reset();
    Result<Response> answer = try_once(operation, options, attempt);
    if (answer) {
      quota_.release(attempt.last_cost);
      answer->attempts = attempt.sent;
      answer->region = operation.region;
      return answer;
    }
    Error& error = answer.error();
    error.attempts = attempt.sent;
    if (options.stop.stop_requested() && error.code != ErrorCode::cancelled) {
      error = cancelled(operation);
      error.attempts = attempt.sent;
    }
    const bool may_retry = attempt.at_once || attempt.kind != aws::RetryKind::never;
    if (!may_retry || attempt.number >= attempt.max_attempts) return answer;
    if (attempt.at_once) continue;

    const auto cost = quota_.acquire(attempt.kind);
    if (!cost) {
      base::add_sentence("Not retried: too many calls of this client fail (retry quota used up).",
                         error);
      return answer;
    }
    attempt.last_cost = *cost;
    const milliseconds delay = aws::retry_delay(config_.retry, attempt.kind, attempt.number,
                                                system.random_unit(), attempt.hint);
    if (attempt.deadline && system.steady_now() + delay >= *attempt.deadline) {
      base::add_sentence("Not retried: the call's time limit would pass first.", error);
      return answer;
    }
    if (!system.sleep_for(delay, options.stop)) {
      error = cancelled(operation);
      error.attempts = attempt.sent;
      return answer;
    }
  }
}

Result<Response> Pipeline::try_once(const UnsignedRequest& operation, const CallOptions& options,
                                    Attempt& attempt) const {
  if (config_.retry_mode == aws::RetryMode::standard) return exchange(operation, options, attempt);
  if (auto turn = await_turn(operation, options, attempt); !turn) {
    return std::unexpected(std::move(turn.error()));
  }
  using Outcome = aws::AdaptiveLimiter::Outcome;
  const auto limiter = limiters_.of(limited_by(operation));
  const int sent_before = attempt.sent;
  Result<Response> answer = exchange(operation, options, attempt);
  if (attempt.sent == sent_before) {
    limiter->give_back();
    return answer;
  }
  const bool throttled = attempt.kind == aws::RetryKind::throttling;
  limiter->observe(config_.system->steady_now(), throttled ? Outcome::throttled : Outcome::passed);
  return answer;
}

Result<void> Pipeline::await_turn(const UnsignedRequest& operation, const CallOptions& options,
                                  const Attempt& attempt) const {
  const auto limiter = limiters_.of(limited_by(operation));
  const auto now = config_.system->steady_now();
  const milliseconds delay = limiter->acquire(now);
  if (delay == milliseconds(0)) return {};
  if (attempt.deadline && now + delay >= *attempt.deadline) {
    limiter->give_back();
    Error error = make_error(
        ErrorCode::rate_limit_error,
        operation.name +
            ": the service throttles, and this attempt's turn would come after the call's "
            "time limit (retry mode adaptive); allow more time, or send less at once.");
    error.retryable = true;
    return std::unexpected(std::move(error));
  }
  if (config_.system->sleep_for(delay, options.stop)) return {};
  limiter->give_back();
  return std::unexpected(cancelled(operation));
}

Result<Response> Pipeline::exchange(const UnsignedRequest& operation, const CallOptions& options,
                                    Attempt& attempt) const {
  attempt.began = config_.system->now();
  Result<HttpRequest> request = build(operation, options, attempt);
  if (!request) return std::unexpected(std::move(request.error()));

  const auto left = time_left(attempt);
  if (left && *left <= milliseconds(0)) return std::unexpected(time_is_up(operation.name));
  request->limits.total = left;
  ++attempt.sent;
  auto exchange = config_.transport->send(*request, options.stop);
  if (!exchange) {
    Error& error = exchange.error();
    attempt.kind = retry_after_loss(error, config_.retry_timeouts);
    return std::unexpected(std::move(error));
  }
  SentSecrets sent(*request);
  Result<Response> answer = read_answer(operation, std::move(*exchange), attempt);
  if (answer) {
    answer->sent = std::move(sent);
    return answer;
  }
  sent.hide(operation.name, answer.error());
  LastResponse* const last = attempt.last;
  if (last != nullptr && last->refusal && sent.repeated_in(last->refusal->what)) {
    last->refusal.reset();
  }
  if (answer.error().code == ErrorCode::authentication_error && renew_key(options, attempt)) {
    attempt.at_once = true;
  }
  return answer;
}

Result<HttpRequest> Pipeline::build(const UnsignedRequest& operation, const CallOptions& options,
                                    const Attempt& attempt) const {
  HttpRequest request;
  request.method = operation.method;
  request.url = operation.endpoint.url(operation.path);
  if (!operation.query.empty()) request.url += '?' + operation.query;
  request.headers.reserve(operation.headers.size() + kMostHeadersAdded);
  request.headers.assign(operation.headers.begin(), operation.headers.end());
  request.headers.push_back({"host", operation.endpoint.host});
  request.headers.push_back({"amz-sdk-invocation-id", attempt.invocation_id});
  request.headers.push_back(
      {"amz-sdk-request", "attempt=" + std::to_string(attempt.number) +
                              "; max=" + std::to_string(attempt.max_attempts)});
  if (!config_.user_agent.empty()) request.headers.push_back({"user-agent", config_.user_agent});
  request.body = operation.body;
  request.limits.connect = config_.timeouts.connect;
  request.limits.first_byte = operation.delivery == Delivery::streaming
                                  ? config_.timeouts.first_byte_streaming
                                  : config_.timeouts.first_byte_buffered;
  request.limits.idle = config_.timeouts.idle;
  if (operation.endpoint.scheme == "http" && operation.endpoint.loopback) {
    request.peer = PeerRule::loopback;
  }
  if (auto authorized = authorize(request, operation, options, attempt); !authorized) {
    return std::unexpected(std::move(authorized.error()));
  }
  return request;
}

Result<void> Pipeline::authorize(HttpRequest& request, const UnsignedRequest& operation,
                                 const CallOptions& options, const Attempt& attempt) const {
  Secret api_key = has_own_key(options) ? *options.api_key : config_.identity.api_key;
  if (!api_key.empty()) {
    if (!has_own_key(options)) {
      const std::lock_guard lock(api_key_mutex_);
      if (!renewed_api_key_.empty()) api_key = renewed_api_key_;
    }
    request.headers.push_back({"authorization", "Bearer " + std::string(api_key.reveal())});
    return aws::check_headers(request.headers);
  }

  Result<aws::CredentialsLookup> found =
      look_up(*config_.identity.credentials, operation.name, options.stop, time_left(attempt));
  if (!found) return std::unexpected(std::move(found.error()));
  if (const auto* absent = std::get_if<aws::NotConfigured>(&*found)) {
    return std::unexpected(
        make_error(ErrorCode::authentication_error,
                   "No AWS credentials were found for " + operation.name + ". " + absent->reason));
  }
  return signer_.sign(request, std::get<aws::Credentials>(*found), operation.region, "bedrock",
                      config_.system->now() + clock_offset());
}

Result<Response> Pipeline::read_answer(const UnsignedRequest& operation,
                                       std::unique_ptr<HttpExchange> exchange,
                                       Attempt& attempt) const {
  const HttpResponseHead& head = exchange->head();
  if (attempt.last != nullptr) attempt.last->head = head;
  if (!is_success(head.status)) {
    return std::unexpected(service_failure(operation, head, read_error_body(*exchange), attempt));
  }
  if (operation.delivery == Delivery::streaming) {
    if (head.header("content-type").starts_with("application/vnd.amazon.eventstream")) {
      return Response{.exchange = std::move(exchange)};
    }
    const std::string body = read_error_body(*exchange);
    if (auto failure = error_in_success(operation, head, body)) {
      return std::unexpected(std::move(*failure));
    }
    Error error = make_error(ErrorCode::stream_error,
                             operation.name + ": the answer is no event stream (content type \"" +
                                 aws::safe_message(head.header("content-type")) +
                                 "\"); check the endpoint URL and proxies between here and it.");
    error.status_code = head.status;
    return std::unexpected(std::move(error));
  }
  Result<std::string> body = read_body(*exchange, kMaxAnswerBytes);
  if (!body) {
    attempt.kind = retry_after_loss(body.error(), config_.retry_timeouts);
    return std::unexpected(std::move(body.error()));
  }
  return Response{.exchange = std::move(exchange), .body = std::move(*body)};
}

std::optional<Error> Pipeline::error_in_success(const UnsignedRequest& operation,
                                                const HttpResponseHead& head,
                                                std::string_view body) const {
  const auto found = aws::read_error_in_success(head, body, config_.system->now());
  if (!found) return std::nullopt;
  return to_error(*found, operation.context);
}

Error Pipeline::service_failure(const UnsignedRequest& operation, const HttpResponseHead& head,
                                std::string_view body, Attempt& attempt) const {
  const aws::ServiceError service_error = aws::read_json_error(head, body, config_.system->now());
  ErrorContext context = operation.context;
  context.bearer = attempt.bearer;
  Error error = to_error(service_error, context);
  if (attempt.last != nullptr) attempt.last->refusal = meaning_of(service_error, context);
  attempt.kind = aws::retry_kind(service_error.status, service_error.code);
  attempt.hint = service_error.retry_after;
  if (std::ranges::find(kSkewCodes, service_error.code) != kSkewCodes.end()) {
    note_clock(operation, head, attempt);
  }
  return error;
}

void Pipeline::note_clock(const UnsignedRequest& operation, const HttpResponseHead& head,
                          Attempt& attempt) const {
  // Only a peer that TLS has verified may move the clock.
  if (!config_.correct_clock || operation.endpoint.scheme != "https") return;
  if (!head.header("age").empty()) return;
  const auto server = base::parse_http_date(head.header("date"));
  const auto now = config_.system->now();
  if (!server || now - attempt.began > kMaxRoundTripForClock) return;
  const auto middle = attempt.began + (now - attempt.began) / 2;
  const auto offset = std::chrono::duration_cast<milliseconds>(*server - middle);
  if (magnitude(offset) > kMaxClockOffset) return;
  if (magnitude(offset - clock_offset()) < kSkewThreshold) return;
  clock_offset_ms_.store(offset.count());
  attempt.at_once = true;
}

bool Pipeline::renew_key(const CallOptions& options, Attempt& attempt) const {
  const bool ours = !has_own_key(options) && !config_.identity.api_key.empty();
  if (!ours || attempt.key_renewed || !config_.identity.renew_api_key) return false;
  attempt.key_renewed = true;
  Result<Secret> renewed = config_.identity.renew_api_key();
  if (!renewed || renewed->empty()) return false;
  const std::lock_guard lock(api_key_mutex_);
  renewed_api_key_ = std::move(*renewed);
  return true;
}

}  // namespace llm::bedrock
