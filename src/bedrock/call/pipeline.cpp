#include "bedrock/call/pipeline.hpp"

#include <algorithm>
#include <array>

#include "aws/plain_http.hpp"
#include "aws/protocol/service_error.hpp"
#include "aws/retry_loop.hpp"
#include "base/errors.hpp"
#include "base/read_body.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"

namespace llm::bedrock {
namespace {

using std::chrono::milliseconds;

// A response may hold generated images; the API reference caps InvokeModel at 25,000,000 bytes.
constexpr std::size_t kMaxResponseBytes = 64 * 1024 * 1024;
constexpr std::size_t kMaxErrorBytes = 1024 * 1024;
// Host, two about the attempt, user agent, three of the signature.
constexpr std::size_t kMaxAddedHeaders = 7;
// The service refuses signatures that are off by 5 minutes; the AWS SDKs correct from 4 on.
constexpr milliseconds kSkewThreshold = std::chrono::minutes(4);
constexpr milliseconds kMaxRoundTripForClock = std::chrono::minutes(15);
constexpr milliseconds kMaxClockOffset = std::chrono::hours(24);

// Source: @smithy/core 3.41, clock-skew error codes. The name alone proves nothing.
constexpr auto kSkewCodes = std::to_array<std::string_view>(
    {"AccessDeniedException", "AuthFailure", "InvalidSignatureException", "RequestExpired",
     "RequestInTheFuture", "RequestTimeTooSkewed", "SignatureDoesNotMatch"});

bool is_success(int status) { return status >= 200 && status < 300; }

milliseconds magnitude(milliseconds value) { return value < milliseconds(0) ? -value : value; }

/// As much of an error response's body as there is; a failure on the way does not matter.
std::string read_error_body(HttpExchange& exchange) {
  std::string body;
  static_cast<void>(base::read_body(exchange, kMaxErrorBytes, body));
  return body;
}

/// Whether a request without a complete response may be sent again.
aws::RetryKind retry_after_loss(const Error& error, bool retry_timeouts) {
  const bool is_retried = error.code == ErrorCode::timeout_error && retry_timeouts;
  return error.retryable || is_retried ? aws::RetryKind::transient : aws::RetryKind::never;
}

/// Throttling concerns a model, whichever operation it is called with.
const std::string& limiter_name(const UnsignedRequest& request) {
  return request.context.model != nullptr ? request.context.model->requested_id : request.name;
}

std::array<std::byte, 16> random_16(const port::System& system) {
  std::array<std::byte, 16> bytes{};
  system.random_bytes(bytes);
  return bytes;
}

/// Why there is no further attempt, where that is not evident.
void explain(aws::RetryLoop::Next next, Error& error) {
  using Next = aws::RetryLoop::Next;
  if (next == Next::quota_used_up) {
    base::add_sentence("Not retried: too many calls of this client fail (retry quota used up).",
                       error);
  } else if (next == Next::out_of_time) {
    base::add_sentence("Not retried: the call's time limit would pass first.", error);
  }
}

}  // namespace

const HttpResponseHead& Response::head() const {
  static const HttpResponseHead none;
  return exchange ? exchange->head() : none;
}

/// One call across its attempts.
struct Pipeline::CallState {
  const UnsignedRequest& request;
  const Call& call;
  HttpResponseHead* last_head;
  aws::RetryLoop retries;
  std::string invocation_id{};
  int sent = 0;                       ///< Attempts that reached the transport.
  ApiKeyVersion api_key_version = 0;  ///< Of the client's key in the current attempt.
  bool was_key_renewed = false;
  base::TimePoint began{};      ///< The current attempt.
  aws::FailedAttempt failed{};  ///< What the current attempt's failure means for a retry.
};

Result<Response> Pipeline::send(const UnsignedRequest& request, const Call& call,
                                HttpResponseHead* last_head) const {
  if (auto checked = aws::check_max_retries(call.options.max_retries); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  const port::System& system = *config_.system;
  aws::RetryPolicy policy = config_.retry;
  if (call.options.max_retries) policy.max_attempts = *call.options.max_retries + 1;
  CallState state{.request = request,
                  .call = call,
                  .last_head = last_head,
                  .retries = aws::RetryLoop(system, policy, &quota_),
                  .invocation_id = base::uuid_v4(random_16(system))};
  const std::stop_token& stop = call.options.stop;

  while (true) {
    state.failed = {};
    Result<Response> response = attempt(state);
    if (response) {
      state.retries.succeeded();
      response->attempts = state.sent;
      response->region = request.region;
      return response;
    }
    Error& error = response.error();
    if (stop.stop_requested()) {
      state.failed = {};
      if (error.code != ErrorCode::cancelled) error = base::cancelled(request.name);
    }
    const aws::RetryLoop::Next next = state.retries.next(state.failed, call.deadline, stop);
    if (next == aws::RetryLoop::Next::attempt) continue;
    if (next == aws::RetryLoop::Next::cancelled) error = base::cancelled(request.name);
    explain(next, error);
    error.attempts = state.sent;
    return response;
  }
}

Result<Response> Pipeline::attempt(CallState& state) const {
  if (config_.retry_mode == aws::RetryMode::standard) return send_once(state);
  const auto limiter = limiters_.of(limiter_name(state.request));
  if (auto turn = await_turn(state, *limiter); !turn) {
    return std::unexpected(std::move(turn.error()));
  }
  const int sent_before = state.sent;
  Result<Response> response = send_once(state);
  if (state.sent == sent_before) {
    limiter->give_back();
    return response;
  }
  using Outcome = aws::AdaptiveLimiter::Outcome;
  const bool is_throttled = state.failed.kind == aws::RetryKind::throttling;
  limiter->observe(config_.system->steady_now(),
                   is_throttled ? Outcome::throttled : Outcome::passed);
  return response;
}

Result<void> Pipeline::await_turn(const CallState& state, aws::AdaptiveLimiter& limiter) const {
  const Call& call = state.call;
  const milliseconds delay = limiter.acquire(config_.system->steady_now());
  if (delay == milliseconds(0)) return {};
  if (call.deadline && call.deadline->passes_within(delay)) {
    limiter.give_back();
    Error error = make_error(
        ErrorCode::rate_limit_error,
        state.request.name +
            " was not sent. The service throttles, and the turn of this attempt would come after "
            "the call's time limit (retry mode adaptive).",
        "Raise the time limit, or send less at once.");
    error.retryable = true;
    return std::unexpected(std::move(error));
  }
  if (config_.system->sleep_for(delay, call.options.stop)) return {};
  limiter.give_back();
  return std::unexpected(base::cancelled(state.request.name));
}

Result<Response> Pipeline::send_once(CallState& state) const {
  const std::string& name = state.request.name;
  const std::optional<aws::Deadline>& deadline = state.call.deadline;
  state.began = config_.system->now();
  Result<HttpRequest> http = build(state);
  if (!http) return std::unexpected(std::move(http.error()));

  if (deadline) {
    if (deadline->has_passed()) return std::unexpected(deadline->error(name));
    http->limits.total = deadline->left();
  }
  ++state.sent;
  auto exchange = config_.transport->send(*http, state.call.options.stop);
  if (!exchange) return lost(state, std::move(exchange.error()));
  SentSecrets sent(*http);
  Result<Response> response = read_response(state, std::move(*exchange));
  if (response) {
    response->sent = std::move(sent);
    return response;
  }
  sent.hide(name, response.error());
  if (response.error().code == ErrorCode::authentication_error) {
    renew_api_key(state, response.error());
  }
  return response;
}

Result<HttpRequest> Pipeline::build(CallState& state) const {
  const UnsignedRequest& request = state.request;
  const aws::Endpoint& endpoint = request.endpoint;
  HttpRequest http;
  http.method = request.method;
  http.url = endpoint.url(request.path);
  const std::size_t path_size = endpoint.path.size() + request.path.size();
  const std::size_t path_start = http.url.size() - path_size;
  if (!request.query.empty()) http.url.append("?").append(request.query);
  http.headers.reserve(request.headers.size() + kMaxAddedHeaders);
  http.headers.assign(request.headers.begin(), request.headers.end());
  http.headers.push_back({"host", endpoint.host});
  http.headers.push_back({"amz-sdk-invocation-id", state.invocation_id});
  http.headers.push_back(
      {"amz-sdk-request", "attempt=" + std::to_string(state.retries.attempt()) +
                              "; max=" + std::to_string(state.retries.max_attempts())});
  if (!config_.user_agent.empty()) http.headers.push_back({"user-agent", config_.user_agent});
  http.body = request.body;
  http.limits.connect = config_.timeouts.connect;
  http.limits.first_byte = request.delivery == Delivery::streaming
                               ? config_.timeouts.first_byte_streaming
                               : config_.timeouts.first_byte_buffered;
  http.limits.idle = config_.timeouts.idle;
  http.peer = aws::peer_rule(endpoint);

  const aws::UrlParts url{.host = endpoint.host,
                          .path = std::string_view(http.url).substr(path_start, path_size),
                          .query = request.query};
  const auto key_version =
      authorizer_.authorize(http, url, request, state.call, config_.system->now() + clock_offset());
  if (!key_version) return std::unexpected(key_version.error());
  state.api_key_version = *key_version;
  return http;
}

Result<Response> Pipeline::read_response(CallState& state,
                                         std::unique_ptr<HttpExchange> exchange) const {
  const UnsignedRequest& request = state.request;
  const HttpResponseHead& head = exchange->head();
  if (state.last_head != nullptr) *state.last_head = head;
  if (!is_success(head.status)) {
    return std::unexpected(service_failure(state, head, read_error_body(*exchange)));
  }
  if (request.delivery == Delivery::streaming) {
    if (head.header("content-type").starts_with("application/vnd.amazon.eventstream")) {
      return Response{.exchange = std::move(exchange), .deadline = state.call.deadline};
    }
    if (auto failure = error_in_success(request, head, read_error_body(*exchange))) {
      return std::unexpected(std::move(*failure));
    }
    Error error =
        make_error(ErrorCode::stream_error,
                   request.name + ": The response is not an event stream (content type \"" +
                       aws::safe_message(head.header("content-type")) + "\").",
                   "Check the endpoint URL and any proxy between here and it.");
    error.status_code = head.status;
    return std::unexpected(std::move(error));
  }
  std::string body;
  auto read = base::read_body(*exchange, kMaxResponseBytes, body);
  if (!read) return lost(state, std::move(read.error()));
  if (*read == base::BodyRead::cut_off) {
    return std::unexpected(
        make_error(ErrorCode::model_error, request.name + ": The response is larger than " +
                                               std::to_string(kMaxResponseBytes) + " bytes."));
  }
  return Response{.exchange = std::move(exchange), .body = std::move(body)};
}

/// The error of an exchange that ended without a complete response.
std::unexpected<Error> Pipeline::lost(CallState& state, Error error) const {
  const std::optional<aws::Deadline>& deadline = state.call.deadline;
  aws::name_passed_deadline(deadline, state.request.name, error);
  if (!deadline || !deadline->has_passed()) {
    state.failed.kind = retry_after_loss(error, config_.retry_timeouts);
  }
  return std::unexpected(std::move(error));
}

std::optional<Error> Pipeline::error_in_success(const UnsignedRequest& request,
                                                const HttpResponseHead& head,
                                                std::string_view body) const {
  const auto found = aws::read_error_in_success(head, body, config_.system->now());
  if (!found) return std::nullopt;
  return to_error(*found, request.context);
}

Error Pipeline::service_failure(CallState& state, const HttpResponseHead& head,
                                std::string_view body) const {
  const aws::ServiceError service_error = aws::read_json_error(head, body, config_.system->now());
  ErrorContext context = state.request.context;
  context.bearer = authorizer_.uses_api_key(state.call.options);
  context.today = base::iso8601_date(config_.system->now());
  Error error = to_error(service_error, context);
  state.failed.kind = aws::retry_kind(service_error.status, service_error.code);
  state.failed.hint = service_error.retry_after;
  if (std::ranges::find(kSkewCodes, service_error.code) != kSkewCodes.end()) {
    correct_clock(state, head);
  }
  return error;
}

void Pipeline::correct_clock(CallState& state, const HttpResponseHead& head) const {
  // Only a peer that TLS has verified may move the clock.
  if (!config_.correct_clock || state.request.endpoint.scheme != "https") return;
  if (!head.header("age").empty()) return;
  const auto server = base::parse_http_date(head.header("date"));
  const auto now = config_.system->now();
  if (!server || now - state.began > kMaxRoundTripForClock) return;
  const auto middle = state.began + (now - state.began) / 2;
  const auto offset = std::chrono::duration_cast<milliseconds>(*server - middle);
  if (magnitude(offset) > kMaxClockOffset) return;
  if (magnitude(offset - clock_offset()) < kSkewThreshold) return;
  clock_offset_ms_.store(offset.count());
  state.failed.at_once = true;
}

/// Once a call. When the call ends while it waits for the key, that is its error.
void Pipeline::renew_api_key(CallState& state, Error& refusal) const {
  if (std::exchange(state.was_key_renewed, true)) return;
  auto renewed = authorizer_.renew_api_key(state.api_key_version, state.request.name, state.call);
  if (!renewed) {
    refusal = std::move(renewed.error());
  } else if (*renewed) {
    state.failed.at_once = true;
  }
}

}  // namespace llm::bedrock
