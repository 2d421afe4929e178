#include "tests/support/raw_server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>

#include "base/text.hpp"
#include "tests/support/loopback_listener.hpp"

namespace llm::test_support {
namespace {

constexpr std::chrono::seconds kMaxWait(10);
constexpr std::string_view kHeadEnd = "\r\n\r\n";

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// Appends what arrives next; false when the client has closed.
bool receive_more(int socket, std::string& out) {
  std::array<char, 64 * 1024> buffer{};
  const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  out.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

}  // namespace

std::size_t content_length(std::string_view head) {
  for (const std::string_view line : base::split(head, '\n')) {
    const auto colon = line.find(':');
    if (!base::equals_ignoring_case(line.substr(0, colon), "content-length")) continue;
    const std::string_view digits = base::trim(line.substr(colon + 1));
    std::size_t length = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), length);
    return length;
  }
  return 0;
}

Step read_request() { return {.kind = Step::Kind::read_request}; }
Step read_head() { return {.kind = Step::Kind::read_head}; }
Step respond(std::function<std::string(const std::string& request)> response) {
  return {.kind = Step::Kind::respond, .respond = std::move(response)};
}
Step respond_unkept(std::function<std::string(const std::string& request)> response) {
  return {.kind = Step::Kind::respond_unkept, .respond = std::move(response)};
}
Step send_bytes(std::string bytes) { return {.kind = Step::Kind::send, .bytes = std::move(bytes)}; }
Step send_endlessly(std::string bytes) {
  return {.kind = Step::Kind::send_endlessly, .bytes = std::move(bytes)};
}
Step wait_for_signal() { return {.kind = Step::Kind::wait}; }
Step await_close() { return {.kind = Step::Kind::await_close}; }
Step reset_connection() { return {.kind = Step::Kind::reset}; }
Step repeat_script() { return {.kind = Step::Kind::repeat}; }

std::string http_response(std::string_view body, std::string_view status) {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

Script always_respond(std::string response) {
  return {read_request(), send_bytes(std::move(response)), repeat_script()};
}

RawServer::RawServer(std::vector<Script> scripts, int receive_buffer)
    : scripts_(std::move(scripts)) {
  const LoopbackListener listener = listen_on_loopback();
  listener_ = listener.socket;
  if (receive_buffer > 0) {  // Connections inherit it.
    ::setsockopt(listener_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  }
  port_ = listener.port;
  acceptor_ = std::jthread([this] { accept_connections(); });
}

RawServer::~RawServer() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  changed_.notify_all();
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  workers_.clear();
  ::close(listener_);
}

std::string RawServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

std::size_t RawServer::connections() const {
  const std::scoped_lock lock(mutex_);
  return workers_.size();
}

std::vector<std::string> RawServer::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

void RawServer::signal() {
  {
    const std::scoped_lock lock(mutex_);
    ++signals_;
  }
  changed_.notify_all();
}

bool RawServer::await_requests(std::size_t count) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kMaxWait, [&] { return requests_.size() >= count; });
}

bool RawServer::await_client_closes(std::size_t count) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kMaxWait, [&] { return client_closes_ >= count; });
}

bool RawServer::await_server_closes(std::size_t count) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kMaxWait, [&] { return server_closes_ >= count; });
}

void RawServer::accept_connections() {
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0 && errno == EINTR) continue;
    if (socket < 0) return;
    const std::scoped_lock lock(mutex_);
    if (ending_) {
      ::close(socket);
      return;
    }
    const Script& script = scripts_[std::min(workers_.size(), scripts_.size() - 1)];
    sockets_.push_back(socket);
    workers_.emplace_back([this, socket, &script] { serve(socket, script); });
  }
}

void RawServer::serve(int socket, const Script& script) {
  auto step = script.begin();
  while (step != script.end() && follow(socket, *step)) {
    step = step->kind == Step::Kind::repeat ? script.begin() : std::next(step);
  }
  {
    const std::scoped_lock lock(mutex_);
    std::erase(sockets_, socket);
  }
  ::close(socket);
  {
    const std::scoped_lock lock(mutex_);
    ++server_closes_;
  }
  changed_.notify_all();
}

bool RawServer::follow(int socket, const Step& step) {
  switch (step.kind) {
    case Step::Kind::read_request:
    case Step::Kind::respond:
    case Step::Kind::respond_unkept: {
      const std::optional<std::string> request = receive_request(socket);
      if (!request) return false;
      if (step.kind != Step::Kind::respond_unkept) record(*request);
      return !step.respond || send_all(socket, step.respond(*request));
    }
    case Step::Kind::read_head:
      return receive_head(socket).has_value();
    case Step::Kind::send:
      return send_all(socket, step.bytes);
    case Step::Kind::send_endlessly:
      while (send_all(socket, step.bytes)) continue;
      return false;
    case Step::Kind::wait:
      return await_signal();
    case Step::Kind::await_close: {
      std::string dropped;
      while (receive_more(socket, dropped)) dropped.clear();
      {
        const std::scoped_lock lock(mutex_);
        ++client_closes_;
      }
      changed_.notify_all();
      return true;
    }
    case Step::Kind::reset: {
      const linger at_once{.l_onoff = 1, .l_linger = 0};
      ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
      return false;
    }
    case Step::Kind::repeat:
      return true;
  }
  return false;
}

/// And what arrived with it.
std::optional<std::string> RawServer::receive_head(int socket) {
  std::string request;
  while (!request.contains(kHeadEnd)) {
    if (!receive_more(socket, request)) return std::nullopt;
  }
  return request;
}

std::optional<std::string> RawServer::receive_request(int socket) {
  std::optional<std::string> request = receive_head(socket);
  if (!request) return std::nullopt;
  const std::size_t head_end = request->find(kHeadEnd);
  const std::size_t request_bytes =
      head_end + kHeadEnd.size() + content_length(request->substr(0, head_end));
  while (request->size() < request_bytes) {
    if (!receive_more(socket, *request)) return std::nullopt;
  }
  return request;
}

void RawServer::record(const std::string& request) {
  {
    const std::scoped_lock lock(mutex_);
    requests_.push_back(request);
  }
  changed_.notify_all();
}

bool RawServer::await_signal() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return signals_ > 0 || ending_; });
  if (ending_) return false;
  --signals_;
  return true;
}

}  // namespace llm::test_support
