#include "http/curl_transfer.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <new>
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
  for (auto* limit :
       {&limits.connect, &limits.first_byte, &limits.idle, &limits.total, &limits.refusal}) {
    if (*limit) *limit = std::min(**limit, base::kLongestLimit);
  }
  return limits;
}

/// `sockets` outlive the transfer, as the connection may.
template <typename Sockets>
int close_socket_of(void* sockets, curl_socket_t socket) {
  static_cast<Sockets*>(sockets)->close(socket);
  return 0;
}

}  // namespace

CurlTransfer::CurlTransfer(const Place& place, std::shared_ptr<const Target> target,
                           const HttpRequest& request, TimePoint now)
    : place_(place),
      target_(std::move(target)),
      limits_(bounded(request.limits)),
      peer_(request.peer),
      body_(request.body),
      may_be_repeated_(!carries_body(request)),
      started_(now),
      last_progress_(now),
      headers_(request) {}

CURLcode CurlTransfer::configure(const HttpRequest& request) {
  EasyOptions options(place_.easy.get());
  if (place_.easy.is_new()) {
    set_fixed(options, request, *target_, place_.core);
    options.set(CURLOPT_BUFFERSIZE, static_cast<long>(place_.buffer_bytes));
    set_callbacks(options);
    place_.easy.prepared();
  }
  set_request(options, request, headers_.get());
  return options.code();
}

void CurlTransfer::set_callbacks(EasyOptions& options) {
  EasyHandle* const easy = &place_.easy;
  options.set(CURLOPT_ERRORBUFFER, easy->detail());
  options.set(CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::open_socket);
  options.set(CURLOPT_OPENSOCKETDATA, easy);
  if (easy->sockets() != nullptr) {
    options.set(CURLOPT_CLOSESOCKETFUNCTION, &close_socket_of<OpenSockets>);
    options.set(CURLOPT_CLOSESOCKETDATA, easy->sockets());
  } else {
    options.set(CURLOPT_CLOSESOCKETFUNCTION, &close_socket_of<ConnectionSockets>);
    options.set(CURLOPT_CLOSESOCKETDATA, place_.connections);
  }
  options.set(CURLOPT_PREREQFUNCTION, &CurlTransfer::before_request);
  options.set(CURLOPT_PREREQDATA, easy);
  options.set(CURLOPT_HEADERFUNCTION, &CurlTransfer::on_head_line);
  options.set(CURLOPT_HEADERDATA, easy);
  options.set(CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  options.set(CURLOPT_WRITEDATA, easy);
  // Without CURLOPT_SEEKFUNCTION libcurl cannot rewind a large body, and fails with
  // CURLE_SEND_FAIL_REWIND where it would otherwise send a whole POST a second time. For one that
  // goes with the head before_request() forbids that.
  options.set(CURLOPT_READFUNCTION, &CurlTransfer::on_upload);
  options.set(CURLOPT_READDATA, easy);
}

void CurlTransfer::progressed(TimePoint now) {
  if (!request_sent_at_ && connected_) note_upload(now);
  if (std::exchange(something_arrived_, false)) last_progress_ = now;
  if (parser_.complete() && !refused_at_ && head().status / 100 != 2) refused_at_ = now;
}

void CurlTransfer::note_upload(TimePoint now) {
  curl_off_t sent = 0;
  curl_easy_getinfo(place_.easy.get(), CURLINFO_SIZE_UPLOAD_T, &sent);
  if (std::exchange(sent_bytes_, sent) != sent) last_progress_ = now;
  const bool is_all = body_ != nullptr && !body_->empty()
                          ? std::cmp_greater_equal(sent, body_->size())
                          : written_bytes() > written_before_;
  if (!is_all) return;
  request_sent_at_ = now;
  unacknowledged_ = limits_.idle ? unacknowledged_bytes() : 0;
}

/// libcurl's count of head and body bytes, of which only the growth is used.
long CurlTransfer::written_bytes() const {
  long written = 0;
  curl_easy_getinfo(place_.easy.get(), CURLINFO_REQUEST_SIZE, &written);
  return written;
}

/// A small request fits into the kernel's buffers although the peer reads nothing.
int CurlTransfer::unacknowledged_bytes() const {
  int bytes = 0;
  if (socket_ == CURL_SOCKET_BAD || ::ioctl(socket_, SIOCOUTQ, &bytes) != 0) return 0;
  return bytes;
}

/// Nothing tells when the peer takes more of what the kernel holds: looked at when the limit
/// passes.
void CurlTransfer::look_at_peer(TimePoint now) {
  if (!request_sent_at_ || unacknowledged_ == 0 || parser_.started()) return;
  const int left = unacknowledged_bytes();
  if (std::exchange(unacknowledged_, left) > left) last_progress_ = now;
}

CURLcode CurlTransfer::resume() {
  if (!std::exchange(receive_paused_, false)) return CURLE_OK;
  return curl_easy_pause(place_.easy.get(), CURLPAUSE_CONT);
}

std::optional<Error> CurlTransfer::overdue(TimePoint now) {
  if (limits_.total && now >= started_ + *limits_.total) {
    return time_limit_error(TimeLimit::total, target_->host, *limits_.total);
  }
  if (refused_at_ && limits_.refusal && now >= *refused_at_ + *limits_.refusal) {
    return time_limit_error(TimeLimit::refusal, target_->host, *limits_.refusal);
  }
  if (parser_.started()) {
    if (!limits_.idle || now < last_progress_ + *limits_.idle) return std::nullopt;
    return time_limit_error(TimeLimit::idle, target_->host, *limits_.idle);
  }
  if (is_uploading() && limits_.idle && now >= last_progress_ + *limits_.idle) {
    look_at_peer(now);
    if (is_uploading() && now >= last_progress_ + *limits_.idle) {
      return time_limit_error(TimeLimit::upload, target_->host, *limits_.idle);
    }
  }
  if (!limits_.first_byte || !request_sent_at_ || now < *request_sent_at_ + *limits_.first_byte) {
    return std::nullopt;
  }
  return time_limit_error(TimeLimit::first_byte, target_->host, *limits_.first_byte);
}

std::optional<CurlTransfer::TimePoint> CurlTransfer::next_deadline() const {
  std::optional<TimePoint> next;
  const auto consider = [&](TimePoint from, std::optional<milliseconds> limit) {
    if (limit) next = std::min(next.value_or(from + *limit), from + *limit);
  };
  consider(started_, limits_.total);
  if (parser_.started() || is_uploading()) consider(last_progress_, limits_.idle);
  if (refused_at_) consider(*refused_at_, limits_.refusal);
  if (!parser_.started() && request_sent_at_) consider(*request_sent_at_, limits_.first_byte);
  return next;
}

/// libcurl 7.88 reports a header line of more than 100 KiB as a lack of memory.
bool CurlTransfer::is_line_too_long(CURLcode code) const {
  constexpr std::size_t kMoreThanLibcurlWanted = 256 * std::size_t{1024};
  if (code != CURLE_OUT_OF_MEMORY || !connected_ || parser_.complete()) return false;
  void* const memory = ::operator new(kMoreThanLibcurlWanted, std::nothrow);
  ::operator delete(memory);
  return memory != nullptr;
}

Error CurlTransfer::failure_of(CURLcode code) const {
  if (is_peer_refused_) return refused_peer_error(target_->host);
  if (is_without_descriptor_ && !connected_) return no_descriptor_error(target_->host);
  if (head_fault_ == HeadParser::Fault::transfer_coding) {
    return transfer_coding_error(target_->host);
  }
  if (head_fault_ == HeadParser::Fault::lengths) return lengths_error(target_->host);
  if (head_fault_ || is_line_too_long(code)) return head_too_large_error(target_->host);
  long proxy_status = 0;
  curl_easy_getinfo(place_.easy.get(), CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  long system_error = 0;
  curl_easy_getinfo(place_.easy.get(), CURLINFO_OS_ERRNO, &system_error);
  return transfer_error({.code = code,
                         .host = target_->host,
                         .detail = place_.easy.detail(),
                         .system_error = system_error,
                         .ca_bundle = place_.core.options.ca_bundle,
                         .connect_limit = limits_.connect.value_or(milliseconds(0)),
                         .proxy_status = proxy_status,
                         .request_sent = request_sent_at_.has_value() || is_repeat_refused_,
                         .head_arrived = parser_.complete(),
                         .body_bytes = body_bytes_});
}

Error CurlTransfer::failure() const {
  return failure_of(*result_ == CURLE_OK ? CURLE_GOT_NOTHING : *result_);
}

/// The transfer that runs on this handle.
CurlTransfer& CurlTransfer::of(void* easy) {
  return *static_cast<CurlTransfer*>(static_cast<const EasyHandle*>(easy)->user());
}

curl_socket_t CurlTransfer::open_socket(void* easy, curlsocktype /*purpose*/,
                                        curl_sockaddr* address) {
  auto& transfer = of(easy);
  const auto peer = ip_address_of(address->addr);
  if (transfer.peer_ != PeerRule::any && !(peer && allows(transfer.peer_, *peer))) {
    transfer.is_peer_refused_ = true;
    return CURL_SOCKET_BAD;
  }
  // libcurl 7.88 would let child processes inherit the socket.
  const int socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  OpenSockets* const sockets = transfer.place_.easy.sockets();
  transfer.is_without_descriptor_ =
      socket == CURL_SOCKET_BAD && (errno == EMFILE || errno == ENFILE);
  if (sockets != nullptr && socket != CURL_SOCKET_BAD) sockets->add(socket);
  transfer.opened_ = socket;
  return socket;
}

/// The socket of a connection that has served another request; CURL_SOCKET_BAD for a new one, and
/// where it is not known. Notes that of a new one.
curl_socket_t CurlTransfer::reused_socket(const ConnectionEnds& ends) {
  const curl_socket_t opened = std::exchange(opened_, CURL_SOCKET_BAD);
  const OpenSockets* const sockets = place_.easy.sockets();
  if (opened == CURL_SOCKET_BAD) {
    return sockets != nullptr ? sockets->newest() : place_.connections->find(ends);
  }
  if (sockets == nullptr) place_.connections->add(opened, ends);
  return CURL_SOCKET_BAD;
}

/// Called on a connection, new or reused, before the first byte of the request.
int CurlTransfer::before_request(void* easy, char* peer, char* local, int peer_port,
                                 int local_port) {
  auto& transfer = of(easy);
  if (transfer.peer_ != PeerRule::any) {
    const auto address = parse_ip_address(peer);
    if (!address || !allows(transfer.peer_, *address)) {
      transfer.is_peer_refused_ = true;
      return CURL_PREREQFUNC_ABORT;
    }
  }
  // libcurl starts over on another connection when a reused one turns out to be closed. A request
  // with a body may do so only while no byte of it has left: it could be carried out twice.
  const long written = transfer.written_bytes();
  if (transfer.connected_) {
    if (!transfer.may_be_repeated_ && written > transfer.written_before_) {
      transfer.is_repeat_refused_ = true;
      return CURL_PREREQFUNC_ABORT;
    }
    transfer.body_offset_ = 0;
    transfer.place_.easy.reset_at_end();
  }
  transfer.written_before_ = written;
  transfer.connected_ = true;
  try {
    const curl_socket_t reused = transfer.reused_socket(
        {.local = local, .local_port = local_port, .peer = peer, .peer_port = peer_port});
    // libcurl 7.88 would take what has come unasked for the response, and a connection that TLS has
    // closed for an open one. When it cannot send, it takes another connection.
    if (reused != CURL_SOCKET_BAD && has_unasked_input(reused)) break_connection(reused);
  } catch (...) {
    transfer.exception_ = std::current_exception();
    return CURL_PREREQFUNC_ABORT;
  }
  if (const OpenSockets* const sockets = transfer.place_.easy.sockets()) {
    transfer.socket_ = sockets->newest();
  }
  transfer.tell();
  return CURL_PREREQFUNC_OK;
}

std::size_t CurlTransfer::on_upload(char* out, std::size_t size, std::size_t count, void* easy) {
  auto& transfer = of(easy);
  if (!transfer.body_) return 0;
  const std::size_t taken = transfer.body_->copy(out, size * count, transfer.body_offset_);
  transfer.body_offset_ += taken;
  return taken;
}

std::size_t CurlTransfer::on_head_line(char* line, std::size_t size, std::size_t count,
                                       void* easy) {
  auto& transfer = of(easy);
  try {
    transfer.something_arrived_ = true;
    const bool had_started = transfer.parser_.started();
    transfer.head_fault_ = transfer.parser_.take_line({line, size * count});
    if (!transfer.head_fault_) {
      // The idle limit begins with the status line.
      if (transfer.parser_.complete() || transfer.parser_.started() != had_started) {
        transfer.tell();
      }
      return size * count;
    }
  } catch (...) {
    transfer.exception_ = std::current_exception();
  }
  return CURL_WRITEFUNC_ERROR;
}

std::size_t CurlTransfer::on_body(char* bytes, std::size_t size, std::size_t count, void* easy) {
  auto& transfer = of(easy);
  std::string& received = transfer.place_.received;
  // libcurl reads for as long as bytes arrive: a fast server would fill the memory, and the first
  // event would wait for the last.
  const Place& place = transfer.place_;
  if (received.size() >= place.pause_bytes) {
    transfer.receive_paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  try {
    // Little memory for a slow stream, few copies for a fast one.
    if (const std::size_t total = received.size() + size * count;
        total > std::max(received.capacity(), place.buffer_bytes)) {
      received.reserve(std::max(total, place.pause_bytes + place.buffer_bytes));
    }
    received.append(bytes, size * count);
    transfer.body_bytes_ += size * count;
    transfer.something_arrived_ = true;
    transfer.tell();
    return size * count;
  } catch (...) {
    transfer.exception_ = std::current_exception();
  }
  return CURL_WRITEFUNC_ERROR;
}

void CurlTransfer::tell() {
  if (place_.listener != nullptr) place_.listener->on_arrival();
}

}  // namespace llm::http
