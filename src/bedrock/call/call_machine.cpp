#include "bedrock/call/call_machine.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "aws/plain_http.hpp"
#include "aws/protocol/service_error.hpp"
#include "base/errors.hpp"
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

/// Whether a request without a complete response may be sent again.
aws::RetryKind retry_after_loss(const Error& error, bool retry_timeouts) {
  const bool is_retried = error.code == ErrorCode::timeout_error && retry_timeouts;
  return error.retryable || is_retried ? aws::RetryKind::transient : aws::RetryKind::never;
}

/// Throttling concerns a model, whichever operation it is called with.
const std::string& limiter_name(const UnsignedRequest& request) {
  return request.context.model != nullptr ? request.context.model->requested_id : request.name;
}

aws::RetryPolicy policy_of(const PipelineConfig& config, const CallOptions& options) {
  aws::RetryPolicy policy = config.retry;
  // The constructor refuses a number that is out of range.
  if (aws::check_max_retries(options.max_retries)) {
    policy.max_attempts = options.max_retries.value_or(policy.max_attempts - 1) + 1;
  }
  return policy;
}

std::string new_invocation_id(const port::System& system) {
  std::array<std::byte, 16> bytes{};
  system.random_bytes(bytes);
  return base::uuid_v4(bytes);
}

std::string_view stream_type(const UnsignedRequest& request) {
  return content_type_of(framing_of(request.plane));
}

/// Says why the call is not retried, unless the error itself shows it.
void explain(aws::RetryLoop::Next next, Error& error) {
  using Next = aws::RetryLoop::Next;
  if (next == Next::quota_used_up) {
    base::add_sentence("Not retried: too many calls of this client fail (retry quota used up).",
                       error);
  } else if (next == Next::out_of_time) {
    base::add_sentence("Not retried: the call's time limit would pass first.", error);
  }
}

Error turn_too_late(const std::string& name) {
  Error error = make_error(
      ErrorCode::rate_limit_error,
      name +
          " was not sent. The service throttles, and the turn of this attempt would come after "
          "the call's time limit (retry mode adaptive).",
      "Raise the time limit, or send less at once.");
  error.retryable = true;
  return error;
}

}  // namespace

const HttpResponseHead& Response::head() const {
  static const HttpResponseHead none;
  return exchange ? exchange->head() : none;
}

std::optional<Error> error_in_success(const UnsignedRequest& request, const HttpResponseHead& head,
                                      std::string_view body, base::TimePoint now) {
  const auto found = aws::read_error_in_success(head, body, now);
  if (!found) return std::nullopt;
  return to_error(*found, request.context);
}

CallMachine::CallMachine(const CallShared& shared, const UnsignedRequest& request, const Call& call,
                         Now now, HttpResponseHead* last_head)
    : shared_(shared),
      request_(request),
      call_(call),
      last_head_(last_head),
      retries_(*shared.config.system, policy_of(shared.config, call.options), &shared.quota) {
  if (auto checked = aws::check_max_retries(call.options.max_retries); !checked) {
    outcome_ = std::unexpected(std::move(checked.error()));
    return;
  }
  invocation_id_ = new_invocation_id(*shared.config.system);
  begin_attempt(now);
}

CallMachine::~CallMachine() {
  const bool is_sent = stage_ == Stage::sending || stage_ == Stage::receiving;
  if (limiter_ != nullptr && !is_sent) limiter_->give_back();
}

CallMachine::Step CallMachine::step() const {
  switch (stage_) {
    case Stage::sleeping:
      return Sleep{delay_};
    case Stage::looking_up:
      return LookUp{};
    case Stage::sending:
      return Send{&http_};
    case Stage::receiving:
      return Receive{};
    case Stage::renewing:
      return Renew{api_key_version_};
    case Stage::finished:
      break;
  }
  return Finished{};
}

// NOLINTNEXTLINE(misc-no-recursion): once for each attempt, 101 at most.
void CallMachine::begin_attempt(Now now) {
  failed_ = {};
  stage_ = Stage::sleeping;
  if (shared_.config.retry_mode == aws::RetryMode::adaptive) return take_turn(now);
  build(now);
}

/// Waits for the turn of this attempt where attempts are rate-limited.
// NOLINTNEXTLINE(misc-no-recursion): once for each attempt, 101 at most.
void CallMachine::take_turn(Now now) {
  limiter_ = shared_.limiters.of(limiter_name(request_));
  delay_ = limiter_->acquire(now.steady);
  if (delay_ == milliseconds(0)) return build(now);
  if (call_.deadline && now.steady + delay_ >= call_.deadline->at()) {
    return fail(turn_too_late(request_.name), now);
  }
  is_turn_ = true;
}

void CallMachine::on_slept(Now now) {
  if (is_stopped_) return fail(base::cancelled(request_.name), now);
  if (std::exchange(is_turn_, false)) return build(now);
  begin_attempt(now);
}

// NOLINTNEXTLINE(misc-no-recursion): once for each attempt, 101 at most.
void CallMachine::build(Now now) {
  stage_ = Stage::looking_up;
  began_ = now.wall;
  http_ = unsigned_http();
  Result<std::optional<ApiKeyVersion>> key = shared_.authorizer.add_api_key(http_, call_.options);
  if (!key) return fail(std::move(key.error()), now);
  api_key_version_ = key->value_or(0);
  if (*key) authorized(now);
}

HttpRequest CallMachine::unsigned_http() const {
  const PipelineConfig& config = shared_.config;
  const aws::Endpoint& endpoint = request_.endpoint;
  HttpRequest http;
  http.method = request_.method;
  http.url = endpoint.url(request_.path);
  if (!request_.query.empty()) http.url.append("?").append(request_.query);
  http.headers.reserve(request_.headers.size() + kMaxAddedHeaders);
  http.headers.assign(request_.headers.begin(), request_.headers.end());
  http.headers.emplace_back("host", endpoint.host);
  http.headers.emplace_back("amz-sdk-invocation-id", invocation_id_);
  http.headers.emplace_back("amz-sdk-request",
                            "attempt=" + std::to_string(retries_.attempt()) +
                                "; max=" + std::to_string(retries_.max_attempts()));
  if (!config.user_agent.empty()) http.headers.emplace_back("user-agent", config.user_agent);
  http.body = request_.body;
  http.limits.connect = config.timeouts.connect;
  http.limits.first_byte = request_.delivery == Delivery::streaming
                               ? config.timeouts.first_byte_streaming
                               : config.timeouts.first_byte_buffered;
  http.limits.idle = config.timeouts.idle;
  http.peer = aws::peer_rule(endpoint);
  return http;
}

aws::UrlParts CallMachine::url_parts() const {
  const std::string_view url = http_.url;
  const std::size_t query_size = request_.query.empty() ? 0 : request_.query.size() + 1;
  const std::size_t path_size = request_.endpoint.path.size() + request_.path.size();
  const std::size_t path_start = url.size() - query_size - path_size;
  return {.host = request_.endpoint.host,
          .path = url.substr(path_start, path_size),
          .query = request_.query};
}

void CallMachine::on_credentials(Result<aws::CredentialsLookup> found, Now now) {
  if (!found) return fail(std::move(found.error()), now);
  if (const auto* not_configured = std::get_if<aws::NotConfigured>(&*found)) {
    return fail(missing_credentials(*not_configured), now);
  }
  auto done = shared_.authorizer.sign(http_, url_parts(), std::get<aws::Credentials>(*found),
                                      request_.region, signing_name(request_.plane),
                                      now.wall + shared_.clock_offset());
  if (!done) return fail(std::move(done.error()), now);
  authorized(now);
}

// NOLINTNEXTLINE(misc-no-recursion): once for each attempt, 101 at most.
void CallMachine::authorized(Now now) {
  if (call_.deadline) {
    if (call_.deadline->has_passed(now.steady)) {
      return fail(call_.deadline->error(request_.name), now);
    }
    http_.limits.total = call_.deadline->left(now.steady);
  }
  ++sent_;
  stage_ = Stage::sending;
}

void CallMachine::on_head(const HttpResponseHead& head, Now now) {
  if (last_head_ != nullptr) *last_head_ = head;
  head_ = &head;
  sent_secrets_ = SentSecrets(http_);
  body_.clear();
  is_cut_off_ = false;
  stage_ = Stage::receiving;
  if (!is_success(head.status)) {
    body_for_ = Body::refusal;
  } else if (request_.delivery == Delivery::buffered) {
    body_for_ = Body::completion;
  } else if (head.header("content-type").starts_with(stream_type(request_))) {
    end_turn(now.steady, true);
    succeed();
  } else {
    body_for_ = Body::not_a_stream;
  }
}

bool CallMachine::on_bytes(std::string_view bytes) {
  const std::size_t limit = body_for_ == Body::completion ? kMaxResponseBytes : kMaxErrorBytes;
  const std::size_t room = limit - body_.size();
  body_.append(bytes.substr(0, room));
  is_cut_off_ = bytes.size() > room;
  return !is_cut_off_;
}

void CallMachine::on_failure(Error error, Now now) {
  // An error response is used as far as it has arrived.
  if (stage_ == Stage::receiving && body_for_ != Body::completion) return on_end(now);
  lost(std::move(error), now);
}

void CallMachine::on_end(Now now) {
  if (body_for_ == Body::refusal) return fail(service_failure(now), now);
  if (body_for_ == Body::not_a_stream) return fail(not_a_stream(now), now);
  if (is_cut_off_) {
    return fail(
        make_error(ErrorCode::model_error, request_.name + ": The response is larger than " +
                                               std::to_string(kMaxResponseBytes) + " bytes."),
        now);
  }
  end_turn(now.steady, true);
  succeed();
}

void CallMachine::succeed() {
  stage_ = Stage::finished;
  retries_.succeeded();
  outcome_ = Response{.body = std::move(body_),
                      .attempts = sent_,
                      .region = request_.region,
                      .sent = std::move(sent_secrets_)};
  if (request_.delivery == Delivery::streaming) (**outcome_).deadline = call_.deadline;
}

/// The error of an exchange that ended without a complete response.
void CallMachine::lost(Error error, Now now) {
  aws::name_passed_deadline(call_.deadline, request_.name, error);
  if (!call_.deadline || !call_.deadline->has_passed(now.steady)) {
    failed_.kind = retry_after_loss(error, shared_.config.retry_timeouts);
  }
  fail(std::move(error), now);
}

Error CallMachine::not_a_stream(Now now) const {
  if (auto failure = error_in_success(request_, *head_, body_, now.wall)) {
    return std::move(*failure);
  }
  Error error =
      make_error(ErrorCode::stream_error,
                 request_.name + ": The response is not an event stream (content type \"" +
                     aws::safe_message(head_->header("content-type")) + "\").",
                 "Check the endpoint URL and any proxy between here and it.");
  error.status_code = head_->status;
  return error;
}

Error CallMachine::service_failure(Now now) {
  const aws::ServiceError service_error = aws::read_json_error(*head_, body_, now.wall);
  ErrorContext context = request_.context;
  context.bearer = shared_.authorizer.uses_api_key(call_.options);
  context.today = base::iso8601_date(now.wall);
  Error error = to_error(service_error, context);
  failed_.kind = aws::retry_kind(service_error.status, service_error.code);
  failed_.hint = service_error.retry_after;
  if (std::ranges::find(kSkewCodes, service_error.code) != kSkewCodes.end()) {
    correct_clock(*head_, now);
  }
  return error;
}

void CallMachine::correct_clock(const HttpResponseHead& head, Now now) {
  // Only a peer that TLS has verified may move the clock.
  if (!shared_.config.correct_clock || request_.endpoint.scheme != "https") return;
  if (!head.header("age").empty()) return;
  const auto server = base::parse_http_date(head.header("date"));
  if (!server || now.wall - began_ > kMaxRoundTripForClock) return;
  const auto middle = began_ + (now.wall - began_) / 2;
  const auto offset = std::chrono::duration_cast<milliseconds>(*server - middle);
  if (magnitude(offset) > kMaxClockOffset) return;
  if (magnitude(offset - shared_.clock_offset()) < kSkewThreshold) return;
  shared_.clock_offset_ms.store(offset.count());
  failed_.at_once = true;
}

/// The current attempt has failed.
// NOLINTNEXTLINE(misc-no-recursion): once for each attempt, 101 at most.
void CallMachine::fail(Error error, Now now) {
  const bool is_refused = stage_ == Stage::receiving;
  end_turn(now.steady, stage_ == Stage::receiving || stage_ == Stage::sending);
  if (is_refused) sent_secrets_.hide(request_.name, error);
  // Once a call. When the call ends while it waits for the key, that is its error.
  const bool is_key_refused = is_refused && error.code == ErrorCode::authentication_error;
  if (is_key_refused && !is_stopped_ && !std::exchange(was_key_renewed_, true)) {
    refusal_ = std::move(error);
    stage_ = Stage::renewing;
    return;
  }
  decide(std::move(error), now);
}

void CallMachine::on_renewed(Result<bool> renewed, Now now) {
  Error error = std::move(*refusal_);
  if (!renewed) {
    error = std::move(renewed.error());
  } else if (*renewed) {
    failed_.at_once = true;
  }
  decide(std::move(error), now);
}

/// Another attempt, or the end.
// NOLINTNEXTLINE(misc-no-recursion): once for each attempt, 101 at most.
void CallMachine::decide(Error error, Now now) {
  if (is_stopped_) {
    failed_ = {};
    if (error.code != ErrorCode::cancelled) error = base::cancelled(request_.name);
  }
  const auto next = retries_.decide(failed_, call_.deadline, now.steady);
  if (next.next != aws::RetryLoop::Next::attempt) {
    explain(next.next, error);
    return end(std::move(error));
  }
  if (failed_.at_once) return begin_attempt(now);
  delay_ = next.delay;
  stage_ = Stage::sleeping;
}

void CallMachine::end(Error error) {
  error.attempts = sent_;
  outcome_ = std::unexpected(std::move(error));
  stage_ = Stage::finished;
}

/// Tells the limiter how the attempt ended.
void CallMachine::end_turn(SteadyTime now, bool is_sent) {
  const auto limiter = std::exchange(limiter_, nullptr);
  if (limiter == nullptr) return;
  if (!is_sent) return limiter->give_back();
  using Outcome = aws::AdaptiveLimiter::Outcome;
  const bool is_throttled = failed_.kind == aws::RetryKind::throttling;
  limiter->observe(now, is_throttled ? Outcome::throttled : Outcome::passed);
}

}  // namespace llm::bedrock
