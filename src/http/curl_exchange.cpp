#include "http/curl_exchange.hpp"

#include <algorithm>
#include <utility>

#include "http/transfer_error.hpp"

namespace llm::http {

using std::chrono::milliseconds;

CurlExchange::CurlExchange(std::shared_ptr<TransportCore> core,
                           std::shared_ptr<const Target> target, const HttpRequest& request,
                           std::stop_token stop)
    : core_(std::move(core)),
      handles_(core_->pool.take({target->origin, request.proxy, request.peer})),
      stop_(std::move(stop)),
      transfer_({.core = *core_, .easy = handles_->easy(), .received = handles_->received()},
                std::move(target), request, Clock::now()) {}

Result<void> CurlExchange::start(const HttpRequest& request) {
  if (const CURLcode code = transfer_.configure(request); code != CURLE_OK) {
    failure_ = transfer_.failure_of(code);
  } else {
    handles_->begin(&transfer_);
    run_until([this] { return transfer_.head_complete(); });
    if (transfer_.head_complete()) return {};
  }
  settle();
  return std::unexpected(*failure_);
}

CurlExchange::~CurlExchange() {
  if (handles_ && is_complete()) core_->pool.give_back(std::move(handles_));
  handles_.reset();  // Before the transfer, whose headers libcurl refers to.
}

Result<std::string_view> CurlExchange::read_some() {
  if (handles_ && !handles_->is_of_this_process()) {
    failure_ = foreign_response_error(transfer_.host());
    handles_.reset();
  }
  const bool is_over = handed_out_ && is_complete();  // only its end is left to report
  if (handles_ && !is_over && stop_.stop_requested()) {
    failure_ = cancelled_error(transfer_.host());
    settle();
  }
  // The first body bytes may have arrived together with the head: those come first.
  if (handles_ && (handed_out_ || handles_->received().empty())) receive();
  if (handles_) {
    handed_out_ = true;
    return handles_->received();
  }
  if (failure_) return std::unexpected(*failure_);
  return std::string_view();
}

/// Waits for more of the body. The end of the transfer is reported only when everything that
/// arrived before it has been handed out.
void CurlExchange::receive() {
  handles_->discard_received();
  if (!transfer_.is_over() && !failure_) {
    transfer_.restart_idle(Clock::now());
    resume();
    // Bytes that a pause held back are handed out alone: reading more now would pause again.
    const std::string& received = handles_->received();
    if (!failure_ && received.empty()) run_until([&] { return !received.empty(); });
  }
  if (handles_->received().empty()) settle();
}

/// Runs the transfer until `ready()`, its end, a time limit or a stop request.
template <typename Ready>
void CurlExchange::run_until(Ready ready) {
  CURLM* multi = handles_->multi();
  const std::stop_callback wake_up(stop_, [multi] { curl_multi_wakeup(multi); });
  while (true) {
    if (stop_.stop_requested()) failure_ = cancelled_error(transfer_.host());
    if (!failure_) failure_ = transfer_.overdue(Clock::now());
    if (!failure_) perform();
    if (failure_ || transfer_.is_over() || ready()) return;
    wait();
  }
}

/// Waits until libcurl has something to do, a limit is reached or a stop request wakes it.
void CurlExchange::wait() {
  const auto longest = [this] { return static_cast<int>(longest_wait(Clock::now()).count()); };
  int ready = 0;
  // Without a stop request to wait for, curl_multi_wait saves polling the wake-up descriptor. It
  // returns at once when libcurl has no descriptor at all, as during a name lookup; then poll.
  if (transfer_.is_connected() && !stop_.stop_possible()) {
    curl_multi_wait(handles_->multi(), nullptr, 0, longest(), &ready);
  }
  if (ready == 0) curl_multi_poll(handles_->multi(), nullptr, 0, longest(), nullptr);
}

void CurlExchange::resume() {
  const CURLcode code = transfer_.resume();
  if (code != CURLE_OK) failure_ = transfer_.failure_of(code);
}

/// Advances the transfer without waiting.
void CurlExchange::perform() {
  int running = 0;
  if (curl_multi_perform(handles_->multi(), &running) != CURLM_OK) {
    failure_ = transfer_.failure_of(CURLE_FAILED_INIT);
    return;
  }
  transfer_.progressed(Clock::now());
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(handles_->multi(), &left)) {
    if (message->msg == CURLMSG_DONE) transfer_.ended(message->data.result);
  }
}

/// Time until the next limit, rounded up so that one wait reaches it.
milliseconds CurlExchange::longest_wait(Clock::time_point now) const {
  constexpr milliseconds kLongest(600'000);
  const auto next = transfer_.next_deadline();
  if (!next) return kLongest;
  return std::clamp(std::chrono::ceil<milliseconds>(*next - now), milliseconds(0), kLongest);
}

/// Ends the exchange: returns the handles to the pool, or closes the connection and sets failure_.
void CurlExchange::settle() {
  if (is_complete()) {
    core_->pool.give_back(std::move(handles_));
    return;
  }
  if (!failure_) failure_ = transfer_.failure();
  handles_.reset();
  if (const std::exception_ptr thrown = transfer_.take_exception()) std::rethrow_exception(thrown);
}

}  // namespace llm::http
