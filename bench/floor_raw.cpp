// Below the floor: the same bytes over sockets and epoll, nothing looked at but where an answer
// ends.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <vector>

#include "bench/measure.hpp"
#include "bench/request_file.hpp"

namespace bench {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;

std::int64_t number_after(std::string_view text, std::string_view name) {
  const std::size_t place = text.find(name);
  return place == std::string_view::npos ? 0 : number_in(text.substr(place + name.size()));
}

struct Transfer {
  int socket = -1;
  std::size_t sent = 0;
  std::string head{};          // of the answer, as far as it has come
  std::size_t body_left = 0;   // of an answer with a length
  std::array<char, 5> last{};  // bytes of an answer in chunks
  bool in_body = false;
  std::int64_t waited_ns = 0;
};

class Loop {
 public:
  Loop(const Task& task, const RawRequest& request, Observations& observations)
      : request_(request.bytes),
        in_rounds_(task.rounds != 0),
        observations_(observations),
        transfers_(task.parallel) {
    const auto port = static_cast<std::uint16_t>(number_after(task.url, "127.0.0.1:"));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (Transfer& transfer : transfers_) {
      transfer.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      connect(transfer.socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
      const int on = 1;
      setsockopt(transfer.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      epoll_event event{.events = EPOLLIN, .data = {.ptr = &transfer}};
      epoll_ctl(epoll_, EPOLL_CTL_ADD, transfer.socket, &event);
    }
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop() {
    for (const Transfer& transfer : transfers_) close(transfer.socket);
    close(epoll_);
  }

  void run(std::size_t count) {
    to_begin_ = count;
    left_ = count;
    std::array<epoll_event, 64> events{};
    while (left_ > 0) {
      if (active_ == 0) std::ranges::for_each(transfers_, [&](Transfer& next) { begin(next); });
      const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < ready; ++i) {
        read_from(*static_cast<Transfer*>(events[static_cast<std::size_t>(i)].data.ptr));
      }
    }
  }

 private:
  // The server reads all the time, so that a blocking send cannot stand still.
  void begin(Transfer& transfer) {
    if (to_begin_ == 0) return;
    --to_begin_;
    ++active_;
    transfer.head.clear();
    transfer.in_body = false;
    std::string_view rest = request_;
    while (!rest.empty()) {
      const ssize_t size = send(transfer.socket, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (size <= 0) return;
      rest.remove_prefix(static_cast<std::size_t>(size));
    }
  }

  void read_from(Transfer& transfer) {
    const ssize_t size = recv(transfer.socket, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (size <= 0) {
      if (size < 0 && errno == EAGAIN) return;
      end();  // the connection is gone: the answer does not count
      return;
    }
    const std::string_view bytes(buffer_.data(), static_cast<std::size_t>(size));
    if (!take(transfer, bytes)) return;
    observations_.add(transfer.waited_ns, 0);
    end();
    if (!in_rounds_) begin(transfer);
  }

  void end() {
    --left_;
    --active_;
  }

  // True when the answer is whole.
  static bool take(Transfer& transfer, std::string_view bytes) {
    if (transfer.in_body) return take_body(transfer, bytes);
    transfer.head.append(bytes);
    const std::size_t end = transfer.head.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    transfer.waited_ns = now_ns() - number_after(transfer.head, "x-amzn-requestid: ");
    transfer.body_left = static_cast<std::size_t>(number_after(transfer.head, "Content-Length: "));
    transfer.in_body = true;
    return take_body(transfer, std::string_view(transfer.head).substr(end + 4));
  }

  static bool take_body(Transfer& transfer, std::string_view bytes) {
    if (transfer.body_left > 0) {
      transfer.body_left -= std::min(transfer.body_left, bytes.size());
      return transfer.body_left == 0;
    }
    auto& last = transfer.last;
    const std::string_view tail = bytes.substr(bytes.size() - std::min(bytes.size(), last.size()));
    std::shift_left(last.begin(), last.end(), static_cast<std::ptrdiff_t>(tail.size()));
    std::ranges::copy(tail, last.end() - static_cast<std::ptrdiff_t>(tail.size()));
    return std::string_view(last.data(), last.size()) == "0\r\n\r\n";
  }

  std::string_view request_;
  bool in_rounds_;
  Observations& observations_;
  std::vector<Transfer> transfers_;
  std::vector<char> buffer_ = std::vector<char>(kReadBytes);
  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  std::size_t to_begin_ = 0;
  std::size_t left_ = 0;
  std::size_t active_ = 0;
};

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  const auto task = bench::parse_task(argc, argv);
  if (!task) return 2;
  const bench::RawRequest request = bench::read_request(task->request);
  if (request.path.empty()) return 2;
  bench::Observations observations;
  bench::Loop loop(*task, request, observations);
  return bench::measure(*task, observations, [&](std::size_t count) { loop.run(count); });
}
