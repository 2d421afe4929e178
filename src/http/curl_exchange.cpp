#include "http/curl_exchange.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "base/time.hpp"
#include "http/peer_rule.hpp"
#include "http/transfer_error.hpp"

namespace llm::http {
namespace {

using base::TimeLimit;
using std::chrono::milliseconds;

/// The same limits, capped so that adding one to a time cannot overflow.
HttpLimits bounded(HttpLimits limits) {
  for (auto* limit : {&limits.connect, &limits.first_byte, &limits.idle, &limits.total}) {
    if (*limit) *limit = std::min(**limit, base::kLongestLimit);
  }
  return limits;
}

}  // namespace

CurlExchange::CurlExchange(std::shared_ptr<TransportCore> core,
                           std::shared_ptr<const Target> target, const HttpRequest& request,
                           std::stop_token stop)
    : core_(std::move(core)),
      target_(std::move(target)),
      limits_(bounded(request.limits)),
      peer_(request.peer),
      body_(request.body),
      body_goes_with_head_(goes_with_head(request)),
      stop_(std::move(stop)),
      headers_(request),
      handles_(core_->pool.take({target_->origin, request.proxy, request.peer})) {}

Result<void> CurlExchange::start(const HttpRequest& request) {
  EasyOptions easy(handles_->easy());
  if (handles_->is_new()) prepare(request, easy);
  set_request(easy, request, headers_.get());
  if (easy.code() != CURLE_OK) {
    failure_ = failure_of(easy.code());
  } else {
    handles_->begin(this);
    run_until([this] { return parser_.complete(); });
    if (parser_.complete()) return {};
  }
  settle();
  return std::unexpected(*failure_);
}

CurlExchange::~CurlExchange() {
  if (handles_ && is_complete()) core_->pool.give_back(std::move(handles_));
}

Result<std::string_view> CurlExchange::read_some() {
  const bool is_over = handed_out_ && is_complete();  // only its end is left to report
  if (handles_ && !is_over && stop_.stop_requested()) {
    failure_ = cancelled_error(target_->host);
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
  if (!transfer_result_ && !failure_) {
    // The idle limit does not count the time the caller took.
    last_progress_ = Clock::now();
    resume();
    // Bytes that a pause held back are handed out alone: reading more now would pause again.
    const std::string& received = handles_->received();
    if (!failure_ && received.empty()) run_until([&] { return !received.empty(); });
  }
  if (handles_->received().empty()) settle();
}

/// Sets the options that all exchanges on these handles share.
void CurlExchange::prepare(const HttpRequest& request, EasyOptions& options) {
  set_fixed(options, request, *target_, *core_);
  set_callbacks(options);
  handles_->prepared();
}

void CurlExchange::set_callbacks(EasyOptions& options) {
  HandlePair* const handles = handles_.get();
  options.set(CURLOPT_ERRORBUFFER, handles->detail());
  options.set(CURLOPT_OPENSOCKETFUNCTION, &CurlExchange::open_socket);
  options.set(CURLOPT_OPENSOCKETDATA, handles);
  options.set(CURLOPT_PREREQFUNCTION, &CurlExchange::before_request);
  options.set(CURLOPT_PREREQDATA, handles);
  options.set(CURLOPT_HEADERFUNCTION, &CurlExchange::on_head_line);
  options.set(CURLOPT_HEADERDATA, handles);
  options.set(CURLOPT_WRITEFUNCTION, &CurlExchange::on_body);
  options.set(CURLOPT_WRITEDATA, handles);
  // Without CURLOPT_SEEKFUNCTION libcurl cannot rewind the body, and fails with
  // CURLE_SEND_FAIL_REWIND where it would otherwise send a whole POST a second time. A body that
  // goes with the head could still be sent again: before_request() forbids that.
  options.set(CURLOPT_READFUNCTION, &CurlExchange::on_upload);
  options.set(CURLOPT_READDATA, handles);
}

/// Runs the transfer until `ready()`, its end, a time limit or a stop request.
template <typename Ready>
void CurlExchange::run_until(Ready ready) {
  CURLM* multi = handles_->multi();
  const std::stop_callback wake_up(stop_, [multi] { curl_multi_wakeup(multi); });
  while (true) {
    if (stop_.stop_requested()) failure_ = cancelled_error(target_->host);
    if (!failure_) failure_ = overdue(Clock::now());
    if (!failure_) perform();
    if (failure_ || transfer_result_ || ready()) return;
    wait();
  }
}

/// Waits until libcurl has something to do, a limit is reached or a stop request wakes it.
void CurlExchange::wait() {
  const auto longest = [this] { return static_cast<int>(longest_wait(Clock::now()).count()); };
  int ready = 0;
  // Without a stop request to wait for, curl_multi_wait saves polling the wake-up descriptor. It
  // returns at once when libcurl has no descriptor at all, as during a name lookup; then poll.
  if (connected_ && !stop_.stop_possible()) {
    curl_multi_wait(handles_->multi(), nullptr, 0, longest(), &ready);
  }
  if (ready == 0) curl_multi_poll(handles_->multi(), nullptr, 0, longest(), nullptr);
}

/// Undoes the pause of on_body(). libcurl delivers what it held back before this returns.
void CurlExchange::resume() {
  if (!std::exchange(receive_paused_, false)) return;
  const CURLcode code = curl_easy_pause(handles_->easy(), CURLPAUSE_CONT);
  if (code != CURLE_OK) failure_ = failure_of(code);
}

/// Advances the transfer without waiting.
void CurlExchange::perform() {
  int running = 0;
  if (curl_multi_perform(handles_->multi(), &running) != CURLM_OK) {
    failure_ = failure_of(CURLE_FAILED_INIT);
    return;
  }
  note_upload();
  if (std::exchange(head_line_arrived_, false)) last_progress_ = Clock::now();
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(handles_->multi(), &left)) {
    if (message->msg == CURLMSG_DONE) transfer_result_ = message->data.result;
  }
}

void CurlExchange::note_upload() {
  if (request_sent_at_ || !connected_) return;
  curl_off_t sent = 0;
  curl_easy_getinfo(handles_->easy(), CURLINFO_SIZE_UPLOAD_T, &sent);
  const auto now = Clock::now();
  if (std::exchange(sent_bytes_, sent) != sent) last_progress_ = now;
  if (!body_ || std::cmp_greater_equal(sent, body_->size())) request_sent_at_ = now;
}

std::optional<Error> CurlExchange::overdue(Clock::time_point now) const {
  if (limits_.total && now >= started_ + *limits_.total) {
    return time_limit_error(TimeLimit::total, target_->host, *limits_.total);
  }
  if (parser_.started()) {
    if (!limits_.idle || now < last_progress_ + *limits_.idle) return std::nullopt;
    return time_limit_error(TimeLimit::idle, target_->host, *limits_.idle);
  }
  if (is_uploading() && limits_.idle && now >= last_progress_ + *limits_.idle) {
    return time_limit_error(TimeLimit::upload, target_->host, *limits_.idle);
  }
  if (!limits_.first_byte || !request_sent_at_ || now < *request_sent_at_ + *limits_.first_byte) {
    return std::nullopt;
  }
  return time_limit_error(TimeLimit::first_byte, target_->host, *limits_.first_byte);
}

std::optional<CurlExchange::Clock::time_point> CurlExchange::next_deadline() const {
  std::optional<Clock::time_point> next;
  const auto consider = [&](Clock::time_point from, std::optional<milliseconds> limit) {
    if (limit) next = std::min(next.value_or(from + *limit), from + *limit);
  };
  consider(started_, limits_.total);
  if (parser_.started() || is_uploading()) {
    consider(last_progress_, limits_.idle);
  } else if (request_sent_at_) {
    consider(*request_sent_at_, limits_.first_byte);
  }
  return next;
}

/// Time until the next limit, rounded up so that one wait reaches it.
milliseconds CurlExchange::longest_wait(Clock::time_point now) const {
  constexpr milliseconds kLongest(600'000);
  const auto next = next_deadline();
  if (!next) return kLongest;
  return std::clamp(std::chrono::ceil<milliseconds>(*next - now), milliseconds(0), kLongest);
}

Error CurlExchange::failure_of(CURLcode code) const {
  if (abort_reason_ == AbortReason::peer_not_allowed) return refused_peer_error(target_->host);
  if (abort_reason_ == AbortReason::head_too_large) return head_too_large_error(target_->host);
  long proxy_status = 0;
  curl_easy_getinfo(handles_->easy(), CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  return transfer_error({.code = code,
                         .host = target_->host,
                         .detail = handles_->detail(),
                         .ca_bundle = core_->options.ca_bundle,
                         .connect_limit = limits_.connect.value_or(milliseconds(0)),
                         .proxy_status = proxy_status,
                         .head_arrived = parser_.complete(),
                         .body_bytes = body_bytes_});
}

bool CurlExchange::is_complete() const {
  return !failure_ && transfer_result_ == CURLE_OK && parser_.complete();
}

/// Ends the exchange: returns the handles to the pool, or closes the connection and sets failure_.
void CurlExchange::settle() {
  if (is_complete()) {
    core_->pool.give_back(std::move(handles_));
    return;
  }
  if (!failure_)
    failure_ = failure_of(*transfer_result_ == CURLE_OK ? CURLE_GOT_NOTHING : *transfer_result_);
  handles_.reset();
  if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
}

/// The exchange that runs on these handles.
CurlExchange& CurlExchange::of(void* handles) {
  return *static_cast<CurlExchange*>(static_cast<const HandlePair*>(handles)->user());
}

curl_socket_t CurlExchange::open_socket(void* handles, curlsocktype /*purpose*/,
                                        curl_sockaddr* address) {
  auto& exchange = of(handles);
  const auto peer = ip_address_of(address->addr);
  if (exchange.peer_ != PeerRule::any && !(peer && allows(exchange.peer_, *peer))) {
    exchange.abort_reason_ = AbortReason::peer_not_allowed;
    return CURL_SOCKET_BAD;
  }
  // libcurl 7.88 would let child processes inherit the socket.
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// Called on a connection, new or reused, before the first byte of the request.
int CurlExchange::before_request(void* handles, char* peer, char* /*local*/, int /*peer_port*/,
                                 int /*local_port*/) {
  auto& exchange = of(handles);
  if (exchange.peer_ != PeerRule::any) {
    const auto address = parse_ip_address(peer);
    if (!address || !allows(exchange.peer_, *address)) {
      exchange.abort_reason_ = AbortReason::peer_not_allowed;
      return CURL_PREREQFUNC_ABORT;
    }
  }
  // libcurl may start over on another connection, but not with a body it has begun to send.
  if (exchange.body_offset_ > 0) return CURL_PREREQFUNC_ABORT;
  if (exchange.body_goes_with_head_) exchange.body_offset_ = exchange.body_->size();
  if (exchange.connected_) exchange.handles_->reset_at_end();
  exchange.connected_ = true;
  return CURL_PREREQFUNC_OK;
}

std::size_t CurlExchange::on_upload(char* out, std::size_t size, std::size_t count, void* handles) {
  auto& exchange = of(handles);
  if (!exchange.body_) return 0;
  const std::size_t taken = exchange.body_->copy(out, size * count, exchange.body_offset_);
  exchange.body_offset_ += taken;
  return taken;
}

std::size_t CurlExchange::on_head_line(char* line, std::size_t size, std::size_t count,
                                       void* handles) {
  auto& exchange = of(handles);
  try {
    exchange.head_line_arrived_ = true;
    if (exchange.parser_.take_line({line, size * count})) return size * count;
    exchange.abort_reason_ = AbortReason::head_too_large;
  } catch (...) {
    exchange.exception_ = std::current_exception();
  }
  return CURL_WRITEFUNC_ERROR;
}

std::size_t CurlExchange::on_body(char* bytes, std::size_t size, std::size_t count, void* handles) {
  auto& exchange = of(handles);
  std::string& received = exchange.handles_->received();
  // libcurl reads for as long as bytes arrive: a fast server would fill the memory, and the first
  // event would wait for the last.
  if (received.size() >= kReceiveBufferBytes) {
    exchange.receive_paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  try {
    received.append(bytes, size * count);
    exchange.body_bytes_ += size * count;
    return size * count;
  } catch (...) {
    exchange.exception_ = std::current_exception();
  }
  return CURL_WRITEFUNC_ERROR;
}

}  // namespace llm::http
