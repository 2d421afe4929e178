#include "tests/fault_matrix/hostile_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace llm::fault_matrix {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int new_socket() { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }

}  // namespace

HostileServer::HostileServer(ServerPlan plan) : plan_(std::move(plan)) {
  listener_ = new_socket();
  sockaddr_in address = loopback(0);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  const int buffer = plan_.receive_buffer;
  if (buffer > 0) ::setsockopt(listener_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  if (::bind(listener_, generic, size) != 0 || ::getsockname(listener_, generic, &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "bind on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  if (plan_.listening == ServerPlan::Listening::accepts) start();
  if (plan_.listening != ServerPlan::Listening::is_full) return;
  ::listen(listener_, 0);
  filler_ = new_socket();
  ::connect(filler_, generic, size);
}

HostileServer::~HostileServer() {
  {
    const std::scoped_lock lock(mutex_);
    is_ending_ = true;
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  ::shutdown(listener_, SHUT_RDWR);
  if (acceptor_.joinable()) acceptor_.join();
  workers_.clear();
  ::close(listener_);
  if (filler_ >= 0) ::close(filler_);
}

std::string HostileServer::url() const {
  return (plan_.tls != nullptr ? "https" : "http") + std::string("://127.0.0.1:") +
         std::to_string(port_);
}

void HostileServer::behave() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(is_sound_, true)) return;
  }
  if (plan_.listening == ServerPlan::Listening::accepts) return;
  if (filler_ >= 0) {
    ::close(std::exchange(filler_, -1));
    ::close(::accept(listener_, nullptr, nullptr));
  }
  start();
}

void HostileServer::start() {
  ::listen(listener_, SOMAXCONN);
  acceptor_ = std::jthread([this] { accept_connections(); });
}

void HostileServer::accept_connections() {
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0 && errno == EMFILE) ::poll(nullptr, 0, 1);
    if (socket < 0 && errno != EINVAL) continue;
    if (socket < 0) return;
    const std::scoped_lock lock(mutex_);
    if (is_ending_) {
      ::close(socket);
      return;
    }
    const bool is_faulty = !is_sound_ && connections_ < plan_.faulty_connections;
    ++connections_;
    sockets_.push_back(socket);
    workers_.emplace_back([this, socket, is_faulty] { serve(socket, is_faulty); });
  }
}

void HostileServer::serve(int socket, bool is_faulty) {
  Wire wire(socket, plan_.tls);
  Peer peer{.wire = wire};
  const auto follow = [&peer](const Acts& acts) {
    return std::ranges::all_of(acts, [&peer](const Act& act) { return act(peer); });
  };
  bool goes_on = is_faulty ? follow(plan_.faulty) : wire.finish_handshake();
  while (goes_on) goes_on = follow(plan_.sound);
  const std::scoped_lock lock(mutex_);
  std::erase(sockets_, socket);
}

void Gate::open() {
  {
    const std::scoped_lock lock(mutex_);
    is_open_ = true;
  }
  changed_.notify_all();
}

bool Gate::wait() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(10), [this] { return is_open_; });
}

}  // namespace llm::fault_matrix
