// For any legal reports, in any order, a CallMachine ends exactly once, within its attempts and its
// time limit. The input is a list of decisions; several calls share a client and its retry quota.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "aws/endpoint.hpp"
#include "base/errors.hpp"
#include "bedrock/call/call_machine.hpp"
#include "fuzz/require.hpp"
#include "tests/support/scripted_system.hpp"

namespace {

using namespace llm::bedrock;
using llm::fuzz::require;
using std::chrono::milliseconds;

/// The input as decisions; zeros after its end.
class Decisions {
 public:
  explicit Decisions(std::string_view input) : input_(input) {}

  [[nodiscard]] bool is_over() const { return input_.empty(); }
  /// 0 .. count - 1.
  std::size_t choose(std::size_t count) {
    if (input_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(input_.front());
    input_.remove_prefix(1);
    return byte % count;
  }
  bool one_in(std::size_t count) { return choose(count) == count - 1; }
  template <typename Value, std::size_t kCount>
  const Value& pick(const Value (&values)[kCount]) {
    return values[choose(kCount)];
  }

 private:
  std::string_view input_;
};

llm::Error failure(Decisions& decisions) {
  static constexpr llm::ErrorCode kCodes[] = {
      llm::ErrorCode::connection_error, llm::ErrorCode::timeout_error,
      llm::ErrorCode::authentication_error, llm::ErrorCode::cancelled};
  llm::Error error = llm::make_error(decisions.pick(kCodes), "The exchange failed.");
  error.retryable = decisions.one_in(2);
  return error;
}

llm::HttpResponseHead response_head(Decisions& decisions) {
  static constexpr int kStatuses[] = {200, 429, 503, 403, 400, 401, 408, 500, 204, 302};
  static constexpr const char* kNames[] = {
      "ThrottlingException",   "ServiceUnavailableException", "InvalidSignatureException",
      "ExpiredTokenException", "ModelTimeoutException",       "ValidationException"};
  static constexpr const char* kTypes[] = {"application/vnd.amazon.eventstream", "application/json",
                                           "text/html"};
  static constexpr const char* kDates[] = {"Fri, 02 Jan 2026 03:04:05 GMT",
                                           "Fri, 02 Jan 2026 05:04:05 GMT", "soon"};
  static constexpr const char* kHints[] = {"1500", "0", "86400000", "-1", "x"};
  llm::HttpResponseHead head{.status = decisions.pick(kStatuses)};
  head.headers.push_back({"content-type", decisions.pick(kTypes)});
  if (decisions.one_in(2)) head.headers.push_back({"x-amzn-errortype", decisions.pick(kNames)});
  if (decisions.one_in(2)) head.headers.push_back({"date", decisions.pick(kDates)});
  if (decisions.one_in(4)) head.headers.push_back({"x-amz-retry-after", decisions.pick(kHints)});
  return head;
}

PipelineConfig client(Decisions& decisions,
                      const std::shared_ptr<const llm::port::System>& system) {
  PipelineConfig config;
  config.system = system;
  if (decisions.one_in(3)) {
    config.identity.api_key = llm::Secret("key");
  } else {
    config.identity.credentials = llm::aws::static_credentials(
        {.access_key_id = "AKID", .secret_access_key = llm::Secret("shh")});
  }
  if (decisions.one_in(3)) config.retry_mode = llm::aws::RetryMode::adaptive;
  config.retry_timeouts = decisions.one_in(2);
  return config;
}

UnsignedRequest unsigned_request(Decisions& decisions) {
  UnsignedRequest request;
  request.name = "InvokeModel";
  request.endpoint = *llm::aws::parse_endpoint("https://bedrock.example", "x");
  request.path = "/model/m/invoke";
  request.body = std::make_shared<const std::string>("{}");
  request.region = "us-east-1";
  if (decisions.one_in(2)) request.delivery = Delivery::streaming;
  request.context = {.operation = request.name, .region = request.region};
  return request;
}

llm::CallOptions options(Decisions& decisions) {
  llm::CallOptions options;
  if (decisions.one_in(2)) options.timeout = milliseconds(decisions.choose(256) * 40);
  // 101 is refused.
  if (decisions.one_in(2)) options.max_retries = static_cast<int>(decisions.choose(102));
  return options;
}

/// Drives one call and checks every step.
class Driver {
 public:
  Driver(const CallShared& shared, llm::port::ScriptedSystem& system, Decisions& decisions)
      : shared_(shared),
        system_(system),
        decisions_(decisions),
        request_(unsigned_request(decisions)),
        call_(Call::begin(options(decisions), std::nullopt, shared.config.system)),
        max_attempts_(call_.options.max_retries.value_or(shared.config.retry.max_attempts - 1) + 1),
        machine_(shared, request_, call_, shared.now()) {}

  void run() {
    // Turn, look-up, send, receive, renewal, back-off.
    for (int left = 6 * max_attempts_ + 1; !is_finished(); --left) {
      require(left > 0, "a call ends");
      require(!must_end_, "a stopped call ends with the next failure, a stream with its head");
      if (decisions_.one_in(8)) system_.advance(milliseconds(decisions_.choose(256) * 20));
      if (decisions_.one_in(32)) stop();
      std::visit([this](const auto& step) { perform(step); }, machine_.step());
    }
    check_outcome();
  }

 private:
  void perform(CallMachine::LookUp) {
    if (decisions_.one_in(8)) {
      failed();
      return machine_.on_credentials(std::unexpected(failure(decisions_)), shared_.now());
    }
    if (decisions_.one_in(8)) {
      failed();
      return machine_.on_credentials(llm::aws::NotConfigured{"It is not set."}, shared_.now());
    }
    machine_.on_credentials(*shared_.authorizer.try_look_up(), shared_.now());
  }

  void perform(CallMachine::Send send) {
    ++sent_;
    require(sent_ <= max_attempts_, "a call has no more attempts than allowed");
    require(machine_.sent() == sent_, "each attempt is counted");
    if (call_.deadline) {
      require(send.request->limits.total > milliseconds(0), "an attempt has time left");
    }
    if (decisions_.one_in(4)) {
      failed();
      return machine_.on_failure(failure(decisions_), shared_.now());
    }
    head_ = response_head(decisions_);
    const bool is_success = head_.status / 100 == 2;
    const bool is_stream = request_.delivery == Delivery::streaming &&
                           head_.header("content-type") == "application/vnd.amazon.eventstream";
    is_refusal_ = !is_success;
    must_end_ = is_success && is_stream;
    machine_.on_head(head_, shared_.now());
  }

  void perform(CallMachine::Receive) {
    static const std::string kLong(400'000, 'x');
    static const std::string kTexts[] = {"{}", R"({"message":"Too many requests."})", "<html>",
                                         kLong};
    bool wants_more = true;
    for (std::size_t left = decisions_.choose(5); wants_more && left > 0; --left) {
      wants_more = machine_.on_bytes(decisions_.pick(kTexts));
    }
    if (is_refusal_) failed();
    if (!wants_more || !decisions_.one_in(3)) return machine_.on_end(shared_.now());
    failed();
    machine_.on_failure(failure(decisions_), shared_.now());
  }

  void perform(CallMachine::Sleep sleep) {
    require(sleep.duration >= milliseconds(0), "a back-off is not negative");
    slept_ += sleep.duration;
    if (call_.deadline) {
      require(slept_ == milliseconds(0) || slept_ < *call_.options.timeout,
              "all back-offs together stay within the time limit");
    }
    if (decisions_.one_in(16)) {
      stop();
    } else {
      system_.advance(sleep.duration);
    }
    failed();
    machine_.on_slept(shared_.now());
  }

  void perform(CallMachine::Renew) {
    require(!std::exchange(was_renewed_, true), "an API key is renewed once a call");
    failed();
    if (decisions_.one_in(3)) {
      return machine_.on_renewed(std::unexpected(failure(decisions_)), shared_.now());
    }
    machine_.on_renewed(decisions_.one_in(2), shared_.now());
  }

  void perform(CallMachine::Finished) {}

  void stop() {
    machine_.stop();
    is_stopped_ = true;
  }

  /// The next report is one after which a stopped call may not go on.
  void failed() { must_end_ = is_stopped_; }

  [[nodiscard]] bool is_finished() const {
    return std::holds_alternative<CallMachine::Finished>(machine_.step());
  }

  void check_outcome() {
    const bool has_succeeded = machine_.has_succeeded();
    const auto outcome = machine_.take();
    require(outcome.has_value() == has_succeeded, "a call has one outcome");
    require(
        has_succeeded ? sent_ > 0 && outcome->attempts == sent_ : outcome.error().attempts == sent_,
        "the outcome counts the attempts");
    require(!must_end_ || !is_stopped_ || has_succeeded ||
                outcome.error().code == llm::ErrorCode::cancelled,
            "a stopped call is cancelled");
    const int quota = shared_.quota.available();
    require(quota >= 0 && quota <= llm::aws::RetryQuota::kCapacity, "the quota keeps its bounds");
  }

  const CallShared& shared_;
  llm::port::ScriptedSystem& system_;
  Decisions& decisions_;
  UnsignedRequest request_;
  Call call_;
  int max_attempts_;
  CallMachine machine_;
  llm::HttpResponseHead head_;
  bool is_refusal_ = false;
  bool is_stopped_ = false;
  bool must_end_ = false;
  bool was_renewed_ = false;
  int sent_ = 0;
  milliseconds slept_{0};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Decisions decisions({reinterpret_cast<const char*>(data), size});
  const auto system = std::make_shared<llm::port::ScriptedSystem>();
  const CallShared shared(client(decisions, system));
  while (!decisions.is_over()) Driver(shared, *system, decisions).run();
  return 0;
}
