#pragma once

// The peer of a session of the local server, over a pair of sockets in one thread: nothing listens,
// and nothing waits for a clock.

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "fuzz/require.hpp"
#include "local/http/connection.hpp"

namespace llm::fuzz {

/// The bytes of a peer, cut into fragments. The first line of an input has the length of each in
/// turn, as the square of a character's distance from the space; without a line: one fragment.
class Fragments {
 public:
  explicit Fragments(std::string_view input) {
    const std::size_t line_end = input.find('\n');
    if (line_end != std::string_view::npos) cuts_ = input.substr(0, line_end);
    all_ = line_end == std::string_view::npos ? input : input.substr(line_end + 1);
    rest_ = all_;
  }

  [[nodiscard]] std::string_view all() const { return all_; }

  /// Empty at the end.
  std::string_view next() {
    std::size_t length = rest_.size();
    if (!cuts_.empty()) {
      const auto steps = static_cast<std::uint8_t>(cuts_[next_cut_++ % cuts_.size()] - ' ');
      length = std::size_t{steps} * steps + 1;
    }
    const std::string_view fragment = rest_.substr(0, length);
    rest_.remove_prefix(fragment.size());
    return fragment;
  }

 private:
  std::string_view cuts_;
  std::string_view all_;
  std::string_view rest_;
  std::size_t next_cut_ = 0;
};

/// A request that the session has read, and what it was told to reply.
struct Exchanged {
  local::Request request{};
  local::Reply reply{};
};

/// The reply that the last character of a target asks for.
inline local::Reply reply_to(const local::Request& request) {
  using local::Cut;
  if (request.defect != local::Defect::none) {
    return {.status = 400, .body = "refused", .after = local::After::close};
  }
  local::Reply reply{.headers = {{"Content-Type", "text/plain"}}, .body = "a body"};
  const char last = request.target.empty() ? ' ' : request.target.back();
  if (last >= 'A' && last <= 'Z') {
    reply.body.clear();
    reply.frames = {{"one"}, {""}, {std::string(20'000, '2')}, {"three"}};
    reply.streamed = true;
  }
  switch (last | 0x20) {
    case 'a':
      reply.after = local::After::close;
      break;
    case 'c':
      reply.plan = {.cut = Cut::close, .cut_after = 5};
      break;
    case 'd':
      reply.plan = {.cut = Cut::close};
      break;
    case 'r':
      reply.plan = {.cut = Cut::reset, .cut_after = 4};
      break;
    case 't':
      reply.plan = {.cut = Cut::stall, .cut_after = 3};
      break;
    default:
      break;
  }
  return reply;
}

/// A connection to a session.
class SessionPeer {
 public:
  using Serve = boost::asio::awaitable<void> (*)(std::shared_ptr<local::Connection>, std::string,
                                                 const local::ListenerEvents&);

  explicit SessionPeer(Serve serve) {
    events_.on_request = [this](const local::Request& request) {
      exchanges_.push_back({request, reply_to(request)});
      return exchanges_.back().reply;
    };
    std::array<int, 2> ends{};
    require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0,
            "there are sockets");
    boost::asio::ip::tcp::socket socket(context());
    socket.assign(boost::asio::ip::tcp::v4(), ends[0]);
    descriptor_ = ends[1];
    boost::asio::co_spawn(
        context(),
        serve(std::make_shared<local::Connection>(std::move(socket), nullptr), {}, events_),
        [this](const std::exception_ptr& thrown) {
          require(thrown == nullptr, "a session throws nothing");
          is_over_ = true;
        });
  }
  SessionPeer(const SessionPeer&) = delete;
  SessionPeer& operator=(const SessionPeer&) = delete;
  ~SessionPeer() { ::close(descriptor_); }

  /// Sends until the session has taken all, or has ended.
  void send(std::string_view bytes) {
    while (!bytes.empty() && !is_over_) {
      const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
      const bool has_moved = run();
      if (sent < 0 && !has_moved) return;  // the session reads no more
    }
  }

  /// Ends what is sent; the session must end too.
  void finish() {
    ::shutdown(descriptor_, SHUT_WR);
    run();
    require(is_over_, "a session ends once its peer has gone");
  }

  [[nodiscard]] const std::string& received() const { return received_; }
  [[nodiscard]] const std::vector<Exchanged>& exchanges() const { return exchanges_; }

 private:
  static boost::asio::io_context& context() {
    static boost::asio::io_context context(1);
    return context;
  }

  /// Until nothing moves. False if nothing did.
  bool run() {
    bool has_moved = false;
    for (bool moves = true; moves; has_moved |= moves) {
      context().restart();
      moves = context().poll() > 0;
      moves |= receive();
    }
    return has_moved;
  }

  bool receive() {
    std::array<char, 16 * 1024> room;
    const ssize_t count = ::recv(descriptor_, room.data(), room.size(), 0);
    if (count <= 0) return false;
    received_.append(room.data(), static_cast<std::size_t>(count));
    return true;
  }

  local::ListenerEvents events_;
  std::vector<Exchanged> exchanges_;
  std::string received_;
  int descriptor_ = -1;
  bool is_over_ = false;
};

}  // namespace llm::fuzz
