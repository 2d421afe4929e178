// The floor: libcurl moves the same bytes, with no signing and no parsing, driven as its authors
// advise for many transfers (curl_multi_socket_action over epoll), or by one thread for each.
#include <curl/curl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bench/measure.hpp"
#include "bench/request_file.hpp"

namespace bench {
namespace {

constexpr std::size_t kBigBodyBytes = 256 * 1024;
constexpr long kUploadBufferBytes = 2 * 1024 * 1024;  // the most that libcurl takes
constexpr long kReceiveBufferBytes = 64 * 1024;
constexpr std::size_t kMinMessageBytes = 16;

struct Transfer {
  CURL* easy = nullptr;
  std::size_t before_deltas = 0;  // messages
  std::int64_t sent_ns = 0;       // by the server
  std::int64_t waited_ns = 0;
  std::size_t arrivals = 0;
};

std::size_t on_head_line(char* line, std::size_t size, std::size_t count, void* self) {
  constexpr std::string_view kName = "x-amzn-requestid: ";
  const std::string_view text(line, size * count);
  if (text.starts_with(kName)) {
    static_cast<Transfer*>(self)->sent_ns = number_in(text.substr(kName.size()));
  }
  return text.size();
}

// Every HTTP chunk holds one message.
std::size_t on_body(char* /*bytes*/, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (transfer.arrivals == transfer.before_deltas) transfer.waited_ns = now_ns() - transfer.sent_ns;
  if (size * count >= kMinMessageBytes) ++transfer.arrivals;
  return size * count;
}

/// An event loop with some transfers, each of which is begun again until enough have ended.
class Loop {
 public:
  Loop(const Task& task, const RawRequest& request, std::size_t transfers,
       Observations& observations)
      : url_(task.url.substr(0, task.url.find('/', kSchemeBytes)) + request.path),
        in_rounds_(task.rounds != 0),
        observations_(observations),
        transfers_(transfers) {
    for (const std::string& header : request.headers) {
      headers_ = curl_slist_append(headers_, header.c_str());
    }
    for (const char* name : {"Expect:", "Accept:"}) headers_ = curl_slist_append(headers_, name);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Loop::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Loop::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(transfers));
    for (Transfer& transfer : transfers_) {
      transfer.before_deltas = messages_before_deltas(task.operation);
      prepare(transfer, request.body);
    }
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop() {
    for (const Transfer& transfer : transfers_) curl_easy_cleanup(transfer.easy);
    curl_multi_cleanup(multi_);
    curl_slist_free_all(headers_);
    close(epoll_);
  }

  void run(std::size_t count) {
    to_begin_ = count;
    left_ = count;
    while (left_ > 0) {
      if (active_ == 0) std::ranges::for_each(transfers_, [&](Transfer& next) { begin(next); });
      std::array<epoll_event, 64> events{};
      const int ready =
          epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms_);
      int running = 0;
      if (ready <= 0) {
        timeout_ms_ = -1;  // a timer fires once
        curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
      }
      for (const epoll_event& event :
           std::span(events).first(static_cast<std::size_t>(std::max(ready, 0)))) {
        const int what = ((event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                         ((event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0);
        curl_multi_socket_action(multi_, event.data.fd, what, &running);
      }
      end_finished();
    }
  }

 private:
  static constexpr std::size_t kSchemeBytes = 7;  // http://

  void prepare(Transfer& transfer, std::string_view body) {
    CURL* const easy = transfer.easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url_.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.data());
    if (body.size() > kBigBodyBytes) {
      curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, kUploadBufferBytes);
    }
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kReceiveBufferBytes);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_head_line);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  }

  void begin(Transfer& transfer) {
    if (to_begin_ == 0) return;
    --to_begin_;
    ++active_;
    transfer.arrivals = 0;
    curl_multi_add_handle(multi_, transfer.easy);
  }

  void end_finished() {
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &queued)) {
      Transfer* transfer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      if (message->data.result == CURLE_OK) {
        observations_.add(transfer->waited_ns, transfer->arrivals);
      }
      --left_;
      --active_;
      curl_multi_remove_handle(multi_, transfer->easy);
      if (!in_rounds_) begin(*transfer);
    }
  }

  static int on_socket(CURL* /*easy*/, curl_socket_t socket, int what, void* self, void* known) {
    const auto& loop = *static_cast<Loop*>(self);
    epoll_event event{};
    event.data.fd = socket;
    if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
    if (what == CURL_POLL_REMOVE) {
      epoll_ctl(loop.epoll_, EPOLL_CTL_DEL, socket, nullptr);
    } else {
      epoll_ctl(loop.epoll_, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
      curl_multi_assign(loop.multi_, socket, self);
    }
    return 0;
  }

  static int on_timer(CURLM* /*multi*/, long timeout_ms, void* self) {
    static_cast<Loop*>(self)->timeout_ms_ = static_cast<int>(timeout_ms);
    return 0;
  }

  std::string url_;
  bool in_rounds_;
  Observations& observations_;
  std::vector<Transfer> transfers_;
  curl_slist* headers_ = nullptr;
  CURLM* multi_ = curl_multi_init();
  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  int timeout_ms_ = -1;
  std::size_t to_begin_ = 0;
  std::size_t left_ = 0;
  std::size_t active_ = 0;
};

int run(const Task& task, const RawRequest& request) {
  Observations observations;
  const bool threaded = task.driver == "threads";
  std::vector<std::unique_ptr<Loop>> loops(threaded ? task.parallel : 1);
  for (auto& loop : loops) {
    loop = std::make_unique<Loop>(task, request, threaded ? 1 : task.parallel, observations);
  }
  return measure(task, observations, [&](std::size_t count) {
    if (!threaded) return loops.front()->run(count);
    std::vector<std::jthread> threads;
    for (auto& loop : loops) {
      threads.emplace_back([&] { loop->run(count / loops.size()); });
    }
  });
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  const auto task = bench::parse_task(argc, argv);
  if (!task) return 2;
  const bench::RawRequest request = bench::read_request(task->request);
  if (request.path.empty()) return 2;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  return bench::run(*task, request);
}
