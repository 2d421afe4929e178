#include "tests/fault_matrix/wire.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace llm::fault_matrix {
namespace {

constexpr timeval kPatience{.tv_sec = 10, .tv_usec = 0};

std::string pending_output(SSL* tls) {
  BIO* const out = SSL_get_wbio(tls);
  std::string bytes(BIO_ctrl_pending(out), '\0');
  if (!bytes.empty()) BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

/// Appends what the kernel has; false at the end.
bool receive(int socket, std::string& out, std::size_t most) {
  std::vector<char> buffer(most);
  const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  out.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

}  // namespace

Wire::Wire(int socket, SSL_CTX* tls, End end) : socket_(socket) {
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  // Bytes that the kernel holds back would be lost with a reset.
  const int at_once = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  if (tls == nullptr) return;
  tls_.reset(SSL_new(tls));
  SSL_set_bio(tls_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  if (end == End::client) {
    SSL_set_connect_state(tls_.get());
    SSL_do_handshake(tls_.get());
  } else {
    SSL_set_accept_state(tls_.get());
  }
}

Wire::~Wire() { ::close(socket_); }

std::string Wire::first_flight() {
  while (BIO_ctrl_pending(SSL_get_wbio(tls_.get())) == 0) {
    std::string received;
    if (!receive(socket_, received, 16 * 1024)) return {};
    BIO_write(SSL_get_rbio(tls_.get()), received.data(), static_cast<int>(received.size()));
    SSL_do_handshake(tls_.get());
  }
  return pending_output(tls_.get());
}

bool Wire::finish_handshake() {
  if (!tls_) return true;
  while (SSL_do_handshake(tls_.get()) != 1) {
    std::string received;
    if (!flush() || !receive(socket_, received, 16 * 1024)) return false;
    BIO_write(SSL_get_rbio(tls_.get()), received.data(), static_cast<int>(received.size()));
  }
  return flush();
}

bool Wire::flush() { return write_raw(pending_output(tls_.get())); }

bool Wire::read(std::string& out, std::size_t most) {
  if (!tls_) return receive(socket_, out, most);
  while (true) {
    std::vector<char> buffer(most);
    const int count = SSL_read(tls_.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (count > 0) {
      out.append(buffer.data(), static_cast<std::size_t>(count));
      return true;
    }
    if (SSL_get_error(tls_.get(), count) != SSL_ERROR_WANT_READ) return false;
    std::string received;
    if (!flush() || !receive(socket_, received, most)) return false;
    BIO_write(SSL_get_rbio(tls_.get()), received.data(), static_cast<int>(received.size()));
  }
}

bool Wire::read_once(std::string& out) {
  std::string received;
  const bool is_open = receive(socket_, received, 64 * 1024);
  if (!tls_) {
    out += received;
    return is_open;
  }
  BIO_write(SSL_get_rbio(tls_.get()), received.data(), static_cast<int>(received.size()));
  std::vector<char> buffer(16 * 1024);
  int count = 0;
  while ((count = SSL_read(tls_.get(), buffer.data(), static_cast<int>(buffer.size()))) > 0) {
    out.append(buffer.data(), static_cast<std::size_t>(count));
  }
  const bool is_waiting = SSL_get_error(tls_.get(), count) == SSL_ERROR_WANT_READ;
  return is_open && is_waiting;
}

bool Wire::write(std::string_view bytes) {
  if (!tls_) return write_raw(bytes);
  constexpr std::size_t kAtOnce = 64 * 1024;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(kAtOnce, bytes.size()))) {
    const int size = static_cast<int>(std::min(kAtOnce, bytes.size()));
    if (SSL_write(tls_.get(), bytes.data(), size) != size || !flush()) return false;
  }
  return true;
}

bool Wire::write_raw(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool Wire::is_silent(std::chrono::milliseconds duration) {
  pollfd input{.fd = socket_, .events = POLLIN | POLLRDHUP, .revents = 0};
  return ::poll(&input, 1, static_cast<int>(duration.count())) == 0;
}

bool Wire::stays_open(std::chrono::milliseconds gap) {
  pollfd closed{.fd = socket_, .events = POLLRDHUP, .revents = 0};
  return ::poll(&closed, 1, static_cast<int>(gap.count())) == 0;
}

void Wire::drain() {
  std::string dropped;
  while (receive(socket_, dropped, 64 * 1024)) dropped.clear();
}

void Wire::close_sending(bool says_so) {
  if (says_so && tls_) {
    SSL_shutdown(tls_.get());
    flush();
  }
  ::shutdown(socket_, SHUT_WR);
}

void Wire::reset() {
  const sockaddr nowhere{.sa_family = AF_UNSPEC, .sa_data = {}};
  ::connect(socket_, &nowhere, sizeof nowhere);
}

}  // namespace llm::fault_matrix
