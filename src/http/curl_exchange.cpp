#include "http/curl_exchange.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "base/time.hpp"
#include "http/peer_rule.hpp"
#include "http/transfer_error.hpp"

namespace llm::http {
namespace {

using std::chrono::milliseconds;

/// The same limits, none of them so long that adding it to a time would overflow.
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
  if (handles_ && ended_well()) core_->pool.give_back(std::move(handles_));
}

Result<std::string_view> CurlExchange::read_some() {
  const bool is_over = handed_out_ && ended_well();  // though its end has not been asked for
  if (handles_ && !is_over && stop_.stop_requested()) {
    failure_ = cancelled_error(target_->host);
    settle();
  }
  if (handles_ && (handed_out_ || handles_->received().empty())) receive();
  if (handles_) {
    handed_out_ = true;
    return handles_->received();
  }
  if (failure_) return std::unexpected(*failure_);
  return std::string_view();
}

/// Waits for more of the body. What ended the transfer shows only when everything that came before
/// has been handed out.
void CurlExchange::receive() {
  handles_->forget_received();
  if (!outcome_ && !failure_) {
    // A caller that comes back late is not the server's silence.
    last_progress_ = Clock::now();
    resume();
    // What was held back goes first, alone: with more behind it libcurl would have to hold back
    // that.
    const std::string& received = handles_->received();
    if (!failure_ && received.empty()) run_until([&] { return !received.empty(); });
  }
  if (handles_->received().empty()) settle();
}

/// Sets what all exchanges of the handles have in common.
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
  // With a body that cannot be rewound (no CURLOPT_SEEKFUNCTION) libcurl fails with
  // CURLE_SEND_FAIL_REWIND where it would otherwise send a whole POST a second time. One that goes
  // with the head it could send again: before_request() forbids it.
  options.set(CURLOPT_READFUNCTION, &CurlExchange::on_body_wanted);
  options.set(CURLOPT_READDATA, handles);
}

/// Runs the transfer until `ready()`, its end, a limit or a stop.
template <typename Ready>
void CurlExchange::run_until(Ready ready) {
  CURLM* multi = handles_->multi();
  const std::stop_callback wake_up(stop_, [multi] { curl_multi_wakeup(multi); });
  while (true) {
    if (stop_.stop_requested()) failure_ = cancelled_error(target_->host);
    if (!failure_) failure_ = overdue(Clock::now());
    if (!failure_) perform();
    if (failure_ || outcome_ || ready()) return;
    wait();
  }
}

/// Waits until libcurl has something to do, a limit is reached or somebody wakes it up.
void CurlExchange::wait() {
  const auto longest = [this] { return static_cast<int>(patience(Clock::now()).count()); };
  int ready = 0;
  // Where nobody can wake it up, the descriptor for that need not be polled. But where libcurl has
  // none to poll, as in a name look-up before it connects again, this call does not wait.
  if (connected_ && !stop_.stop_possible()) {
    curl_multi_wait(handles_->multi(), nullptr, 0, longest(), &ready);
  }
  if (ready == 0) curl_multi_poll(handles_->multi(), nullptr, 0, longest(), nullptr);
}

/// Goes on where on_body() paused; libcurl hands out what it holds back before this returns.
void CurlExchange::resume() {
  if (!std::exchange(paused_, false)) return;
  const CURLcode code = curl_easy_pause(handles_->easy(), CURLPAUSE_CONT);
  if (code != CURLE_OK) failure_ = failure_of(code);
}

/// Does what can be done without waiting.
void CurlExchange::perform() {
  int running = 0;
  if (curl_multi_perform(handles_->multi(), &running) != CURLM_OK) {
    failure_ = failure_of(CURLE_FAILED_INIT);
    return;
  }
  note_upload();
  if (std::exchange(head_grew_, false)) last_progress_ = Clock::now();
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(handles_->multi(), &left)) {
    if (message->msg == CURLMSG_DONE) outcome_ = message->data.result;
  }
}

void CurlExchange::note_upload() {
  if (request_sent_ || !connected_) return;
  curl_off_t sent = 0;
  curl_easy_getinfo(handles_->easy(), CURLINFO_SIZE_UPLOAD_T, &sent);
  const auto now = Clock::now();
  if (std::exchange(sent_bytes_, sent) != sent) last_progress_ = now;
  if (!body_ || std::cmp_greater_equal(sent, body_->size())) request_sent_ = now;
}

std::optional<Error> CurlExchange::overdue(Clock::time_point now) const {
  if (limits_.total && now >= started_ + *limits_.total) {
    return total_error(target_->host, *limits_.total);
  }
  if (parser_.started()) {
    if (!limits_.idle || now < last_progress_ + *limits_.idle) return std::nullopt;
    return idle_error(target_->host, *limits_.idle);
  }
  if (is_sending() && limits_.idle && now >= last_progress_ + *limits_.idle) {
    return upload_error(target_->host, *limits_.idle);
  }
  if (!limits_.first_byte || !request_sent_ || now < *request_sent_ + *limits_.first_byte) {
    return std::nullopt;
  }
  return first_byte_error(target_->host, *limits_.first_byte);
}

std::optional<CurlExchange::Clock::time_point> CurlExchange::next_deadline() const {
  std::optional<Clock::time_point> next;
  const auto consider = [&](Clock::time_point from, std::optional<milliseconds> limit) {
    if (limit) next = std::min(next.value_or(from + *limit), from + *limit);
  };
  consider(started_, limits_.total);
  if (parser_.started() || is_sending()) {
    consider(last_progress_, limits_.idle);
  } else if (request_sent_) {
    consider(*request_sent_, limits_.first_byte);
  }
  return next;
}

/// How long to wait at most; rounded up, so that a limit is reached in one wait.
milliseconds CurlExchange::patience(Clock::time_point now) const {
  constexpr milliseconds kLongest(600'000);
  const auto next = next_deadline();
  if (!next) return kLongest;
  return std::clamp(std::chrono::ceil<milliseconds>(*next - now), milliseconds(0), kLongest);
}

Error CurlExchange::failure_of(CURLcode code) const {
  if (refusal_ == Refusal::peer) return refused_peer_error(target_->host);
  if (refusal_ == Refusal::head_too_large) return head_too_large_error(target_->host);
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

bool CurlExchange::ended_well() const {
  return !failure_ && outcome_ == CURLE_OK && parser_.complete();
}

/// Ends the exchange: gives the handles back, or closes the connection and keeps the reason.
void CurlExchange::settle() {
  if (ended_well()) {
    core_->pool.give_back(std::move(handles_));
    return;
  }
  if (!failure_) failure_ = failure_of(*outcome_ == CURLE_OK ? CURLE_GOT_NOTHING : *outcome_);
  handles_.reset();
  if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
}

/// The exchange that these handles run.
CurlExchange& CurlExchange::of(void* handles) {
  return *static_cast<CurlExchange*>(static_cast<const HandlePair*>(handles)->user());
}

curl_socket_t CurlExchange::open_socket(void* handles, curlsocktype /*purpose*/,
                                        curl_sockaddr* address) {
  auto& exchange = of(handles);
  const auto peer = ip_address_of(address->addr);
  if (exchange.peer_ != PeerRule::any && !(peer && allows(exchange.peer_, *peer))) {
    exchange.refusal_ = Refusal::peer;
    return CURL_SOCKET_BAD;
  }
  // libcurl 7.88 itself would leave the socket open in child processes.
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// Runs on a connection, new or reused, before the request's first byte.
int CurlExchange::before_request(void* handles, char* peer, char* /*local*/, int /*peer_port*/,
                                 int /*local_port*/) {
  auto& exchange = of(handles);
  if (exchange.peer_ != PeerRule::any) {
    const auto address = parse_ip_address(peer);
    if (!address || !allows(exchange.peer_, *address)) {
      exchange.refusal_ = Refusal::peer;
      return CURL_PREREQFUNC_ABORT;
    }
  }
  // libcurl begins anew on another connection: never with a body that it has begun to send.
  if (exchange.body_offset_ > 0) return CURL_PREREQFUNC_ABORT;
  if (exchange.body_goes_with_head_) exchange.body_offset_ = exchange.body_->size();
  if (exchange.connected_) exchange.handles_->wear_out();
  exchange.connected_ = true;
  return CURL_PREREQFUNC_OK;
}

std::size_t CurlExchange::on_body_wanted(char* out, std::size_t size, std::size_t count,
                                         void* handles) {
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
    exchange.head_grew_ = true;
    if (exchange.parser_.take_line({line, size * count})) return size * count;
    exchange.refusal_ = Refusal::head_too_large;
  } catch (...) {
    exchange.exception_ = std::current_exception();
  }
  return CURL_WRITEFUNC_ERROR;
}

std::size_t CurlExchange::on_body(char* bytes, std::size_t size, std::size_t count, void* handles) {
  auto& exchange = of(handles);
  std::string& received = exchange.handles_->received();
  // libcurl would read on as long as there is more: a fast server would fill the memory, and the
  // first of many events would wait for the last.
  if (received.size() >= kReceiveBufferBytes) {
    exchange.paused_ = true;
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
