// Answers every request of the bench with bytes that are ready before: never the limit.
//
// The path says what is wanted: /DELTAS/TOGETHER/FAULTY/PACE/model/ID/OPERATION. With TOGETHER
// above 1 it answers when that many requests wait, all at once. Of FAULTY responses one is reset
// halfway, one stalls there, and one has a damaged frame; without the number, none. With PACE each
// delta comes that many milliseconds after the one before it. /usage tells what the server itself
// has cost. One thread; prints `listening on PORT`; ends with its standard input.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bench/measure.hpp"
#include "bench/responses.hpp"

namespace bench {
namespace {

constexpr std::size_t kReadBytes = 256 * 1024;
constexpr int kBacklog = 4096;
constexpr std::int64_t kNsPerMs = 1'000'000;

// A length or count on the wire; nothing negative.
std::size_t count_in(std::string_view text) {
  return static_cast<std::size_t>(std::max<std::int64_t>(0, number_in(text)));
}

struct Wanted {
  std::string operation{};
  std::size_t deltas = 0;
  std::size_t together = 1;
  std::size_t faulty = 0;
  std::size_t pace_ms = 0;
  friend auto operator<=>(const Wanted&, const Wanted&) = default;
};

Wanted wanted_by(std::string_view path) {
  Wanted wanted;
  wanted.operation = path.substr(path.rfind('/') + 1);
  for (std::size_t* const number :
       {&wanted.deltas, &wanted.together, &wanted.faulty, &wanted.pace_ms}) {
    path.remove_prefix(std::min(path.find('/') + 1, path.size()));
    *number = count_in(path);
  }
  return wanted;
}

enum class Fate { whole, reset, stall, damaged };

// What becomes of the response to the nth request, from 0.
Fate fate_of(std::size_t n, const Wanted& wanted) {
  constexpr std::array kFaults{Fate::reset, Fate::stall, Fate::damaged};
  if (wanted.faulty == 0) return Fate::whole;
  const std::size_t place = n % wanted.faulty;
  return place < kFaults.size() ? kFaults[place] : Fate::whole;
}

struct Replies {
  Response whole{};
  Response damaged{};
  std::size_t count = 0;
};

Replies make_replies(const Wanted& wanted) {
  Replies replies{.whole = make_response(wanted.operation, wanted.deltas)};
  replies.damaged = replies.whole;
  std::string& body = replies.damaged.body;
  const std::size_t header = body.find(":message-type", body.size() / 2);
  if (header != std::string::npos) body[header] ^= 1;
  return replies;
}

struct Connection {
  int socket = -1;
  std::string head{};         // of the request, as far as it has come
  std::size_t body_left = 0;  // of the request
  std::string path{};
  std::string reply_head{};
  const Response* response = nullptr;
  Fate fate = Fate::whole;
  std::size_t sent = 0;
  std::int64_t pace_ns = 0;  // 0: all at once
  std::size_t due = 0;       // bytes of the body whose time has come
  std::uint64_t reply = 0;   // number of the response
  bool is_full = false;      // the socket takes no more for now
};

// A connection waits for the time of its next delta.
struct Pause {
  std::int64_t until_ns = 0;
  int socket = -1;
  std::uint64_t reply = 0;  // The socket's number may serve another one by then.
};

class Server {
 public:
  // Returns the port, or 0.
  int listen_on_loopback() {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, generic, size) != 0 || listen(listener_, kBacklog) != 0) return 0;
    getsockname(listener_, generic, &size);
    watch(listener_, EPOLLIN, EPOLL_CTL_ADD);
    watch(STDIN_FILENO, EPOLLIN, EPOLL_CTL_ADD);
    return ntohs(address.sin_port);
  }

  void run() {
    std::array<epoll_event, 256> events{};
    while (true) {
      const int count =
          epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), write_what_is_due());
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.fd == STDIN_FILENO) return;
        if (event.data.fd == listener_) {
          accept_all();
        } else if ((event.events & EPOLLOUT) != 0) {
          write_reply(*connections_.at(event.data.fd));
        } else {
          read_from(*connections_.at(event.data.fd));
        }
      }
    }
  }

 private:
  void watch(int socket, std::uint32_t events, int operation) const {
    epoll_event event{.events = events, .data = {.fd = socket}};
    epoll_ctl(epoll_, operation, socket, &event);
  }

  void accept_all() {
    while (true) {
      const int socket = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket < 0) return;
      const int on = 1;
      setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      connections_[socket] = std::make_unique<Connection>(Connection{.socket = socket});
      watch(socket, EPOLLIN, EPOLL_CTL_ADD);
    }
  }

  void read_from(Connection& connection) {
    // The kernel drops the bytes of a body itself, without a copy.
    const bool in_body = connection.body_left > 0;
    const std::size_t room =
        in_body ? std::min(connection.body_left, buffer_.size()) : buffer_.size();
    const ssize_t size =
        recv(connection.socket, buffer_.data(), room, in_body ? int{MSG_TRUNC} : 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) {
      drop(connection);
      return;
    }
    if (in_body) {
      connection.body_left -= static_cast<std::size_t>(size);
    } else if (!take_head(connection, {buffer_.data(), static_cast<std::size_t>(size)})) {
      return;
    }
    if (connection.body_left == 0) answer(connection);
  }

  void drop(Connection& connection) {
    close(connection.socket);
    std::erase(waiting_, &connection);
    connections_.erase(connection.socket);
  }

  // True when the head is whole.
  static bool take_head(Connection& connection, std::string_view bytes) {
    connection.head.append(bytes);
    const std::string_view head = connection.head;
    const std::size_t end = head.find("\r\n\r\n");
    if (end == std::string_view::npos) return false;
    const std::size_t path_start = head.find(' ') + 1;
    connection.path = head.substr(path_start, head.find(' ', path_start) - path_start);
    constexpr std::string_view kLength = "\r\nContent-Length: ";
    const std::size_t length = head.substr(0, end).find(kLength);
    const std::size_t body =
        length == std::string_view::npos ? 0 : count_in(head.substr(length + kLength.size()));
    connection.body_left = body - std::min(body, head.size() - end - 4);
    connection.head.clear();
    return true;
  }

  void answer(Connection& connection) {
    if (connection.path == "/usage") {
      usage_ = json_response("{\"cpu_ns\":" + std::to_string(cpu_ns()) + "}");
      connection.response = &usage_;
      connection.fate = Fate::whole;
      connection.pace_ns = 0;
      begin_reply(connection);
      return;
    }
    const Wanted wanted = wanted_by(connection.path);
    auto [place, is_new] = replies_.try_emplace(wanted);
    Replies& replies = place->second;
    if (is_new) replies = make_replies(wanted);
    connection.fate = fate_of(replies.count++, wanted);
    connection.response = connection.fate == Fate::damaged ? &replies.damaged : &replies.whole;
    connection.pace_ns = static_cast<std::int64_t>(wanted.pace_ms) * kNsPerMs;
    waiting_.push_back(&connection);
    if (waiting_.size() < wanted.together) return;
    for (Connection* const ready : std::exchange(waiting_, {})) begin_reply(*ready);
  }

  // Sends the deltas whose time has come. Returns the milliseconds until the next, -1 without one.
  int write_what_is_due() {
    while (!pauses_.empty()) {
      const Pause pause = pauses_.front();
      const std::int64_t left = pause.until_ns - now_ns();
      if (left > 0) return static_cast<int>((left + kNsPerMs - 1) / kNsPerMs);
      pauses_.pop_front();
      const auto found = connections_.find(pause.socket);
      if (found == connections_.end() || found->second->reply != pause.reply) continue;
      Connection& connection = *found->second;
      connection.due += connection.response->delta_bytes;
      if (connection.due >= connection.response->deltas_end) {
        connection.due = connection.response->body.size();  // The last delta, and what follows it.
      } else {
        pauses_.push_back({pause.until_ns + connection.pace_ns, pause.socket, pause.reply});
      }
      write_reply(connection);
    }
    return -1;
  }

  void begin_reply(Connection& connection) {
    connection.sent = 0;
    connection.reply = ++replies_begun_;
    const std::int64_t now = now_ns();
    connection.reply_head = connection.response->head + std::to_string(now) + "\r\n\r\n";
    const bool is_paced = connection.pace_ns > 0 && connection.response->deltas_end > 0;
    connection.due =
        is_paced ? connection.response->first_delta_end : connection.response->body.size();
    if (is_paced) {
      pauses_.push_back({now + connection.pace_ns, connection.socket, connection.reply});
    }
    write_reply(connection);
  }

  void write_reply(Connection& connection) {
    const std::size_t head_size = connection.reply_head.size();
    const bool is_cut = connection.fate == Fate::reset || connection.fate == Fate::stall;
    const std::size_t body_size = connection.due / (is_cut ? 2 : 1);
    const std::size_t total = head_size + body_size;
    while (connection.sent < total) {
      const std::string_view head =
          std::string_view(connection.reply_head).substr(std::min(connection.sent, head_size));
      const std::string_view body = std::string_view(connection.response->body)
                                        .substr(0, body_size)
                                        .substr(std::max(connection.sent, head_size) - head_size);
      std::array<iovec, 2> parts = {iovec{const_cast<char*>(head.data()), head.size()},
                                    iovec{const_cast<char*>(body.data()), body.size()}};
      msghdr message{};
      message.msg_iov = parts.data();
      message.msg_iovlen = parts.size();
      const ssize_t size = sendmsg(connection.socket, &message, MSG_NOSIGNAL);
      if (size <= 0) break;
      connection.sent += static_cast<std::size_t>(size);
    }
    if (connection.sent == total && connection.fate == Fate::reset) {
      const linger at_once{.l_onoff = 1, .l_linger = 0};
      setsockopt(connection.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      drop(connection);
      return;
    }
    const bool is_full = connection.sent < total && errno == EAGAIN;
    if (is_full == std::exchange(connection.is_full, is_full)) return;
    watch(connection.socket, is_full ? EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
  }

  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  int listener_ = -1;
  std::vector<char> buffer_ = std::vector<char>(kReadBytes);
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> waiting_;
  std::map<Wanted, Replies> replies_;
  std::deque<Pause> pauses_;  // in order: all paced responses have the same pace
  std::uint64_t replies_begun_ = 0;
  Response usage_;
};

}  // namespace
}  // namespace bench

int main() {
  bench::Server server;
  const int port = server.listen_on_loopback();
  if (port == 0) {
    std::perror("bench_server: cannot listen on 127.0.0.1");
    return 1;
  }
  std::printf("listening on %d\n", port);
  std::fflush(stdout);
  server.run();
}
