// Keeps calls of every kind going on one event loop, and on a few blocking threads, against a local
// Bedrock in a process of its own, while credentials expire every 5 s and one request in 20 is
// throttled: `soak STREAMS SECONDS`. Prints a line of figures for each minute. Fails when a call
// ends as none of its kind may, or when memory or descriptors grow.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <llm/async_client.hpp>
#include <llm/bedrock/client.hpp>
#include <llm/local/server.hpp>

#include "aws/credentials/sources.hpp"
#include "port/system.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kClaude = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
constexpr std::string_view kNova = "us.amazon.nova-lite-v1:0";
constexpr std::string_view kTitan = "amazon.titan-embed-text-v2:0";
constexpr seconds kCredentialsLifetime(5);
constexpr std::uint64_t kThrottleEach = 20;
constexpr std::size_t kCancelEach = 50;
constexpr std::size_t kPauseEach = 25;
constexpr std::size_t kBlockingThreads = 4;
constexpr int kTextWords = 40;

// Fails the program: what follows would measure nothing.
[[noreturn]] void give_up(std::string_view what) {
  std::fprintf(stderr, "soak: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(2);
}

/// The server's process. It ends with this object, and with this process.
class LocalBedrock {
 public:
  // Before any thread: the child is a copy of this process.
  LocalBedrock() {
    std::array<int, 2> url{};
    std::array<int, 2> life{};
    if (::pipe(url.data()) != 0 || ::pipe(life.data()) != 0) give_up("no pipe");
    const pid_t child = ::fork();
    if (child < 0) give_up("no process");
    if (child == 0) {
      ::close(life[1]);
      serve(url[1], life[0]);
    }
    ::close(url[1]);
    ::close(life[0]);
    life_ = life[1];
    std::array<char, 256> text{};
    const ssize_t size = ::read(url[0], text.data(), text.size());
    ::close(url[0]);
    if (size <= 0) give_up("the local Bedrock did not start");
    url_.assign(text.data(), static_cast<std::size_t>(size));
  }
  LocalBedrock(const LocalBedrock&) = delete;
  LocalBedrock& operator=(const LocalBedrock&) = delete;
  ~LocalBedrock() { ::close(life_); }

  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  [[noreturn]] static void serve(int url, int life) {
    std::string text;
    for (int i = 0; i < kTextWords; ++i) text += "word ";
    auto server = llm::local::Server::start(
        {.pace = 50ms,
         .script = {{.fault = llm::local::fault::Exception{.name = "ThrottlingException"},
                     .every = kThrottleEach},
                    {.match = {.prompt = "stream"},
                     .completion = llm::local::ScriptedCompletion{.text = text}}}});
    if (!server) ::_exit(1);
    if (::write(url, server->url().data(), server->url().size()) < 0) ::_exit(1);
    ::close(url);
    char end = 0;
    while (::read(life, &end, 1) > 0) {
    }
    ::_exit(0);
  }

  std::string url_{};
  int life_ = -1;
};

class ShortLivedCredentials final : public llm::aws::CredentialsProvider {
 public:
  [[nodiscard]] std::string_view name() const override { return "short-lived credentials"; }
  [[nodiscard]] llm::Result<llm::aws::CredentialsLookup> lookup(std::stop_token) const override {
    return llm::aws::Credentials{
        .access_key_id = "local",
        .secret_access_key = llm::Secret("local"),
        .expires_at = std::chrono::system_clock::now() + kCredentialsLifetime};
  }
};

/// What happened in a window of time.
struct Window {
  std::size_t calls = 0;
  std::size_t deltas = 0;
  std::size_t throttled = 0;
  std::size_t cancelled = 0;
  std::vector<double> first_delta_ms{};
  std::map<std::string, std::size_t> unexpected{};  ///< Messages.
};

struct Figures {
  double memory_mib = 0;
  std::size_t descriptors = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};

double memory_mib() {
  std::ifstream file("/proc/self/statm");
  double pages = 0;
  file >> pages >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

std::size_t descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

double percentile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, values.begin() + place);
  return values[static_cast<std::size_t>(place)];
}

class Soak {
 public:
  Soak(llm::Client client, llm::EventLoop& loop, std::size_t streams)
      : client_(client), async_(std::move(client), loop), loop_(loop), streams_(streams) {}

  // Returns whether all was well.
  bool run(seconds time) {
    const seconds window = std::clamp(time / 4, seconds(1), seconds(60));
    std::printf("%8s %9s %9s %9s %9s %9s %9s %7s %9s %9s\n", "seconds", "calls", "deltas",
                "cancelled", "throttled", "wrong", "MiB", "files", "p50 ms", "p99 ms");
    for (std::size_t slot = 0; slot < streams_; ++slot) begin(slot);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < kBlockingThreads; ++i) {
      threads.emplace_back([this](const std::stop_token& stop) { block(stop); });
    }
    threads.emplace_back(
        [this, time, window](const std::stop_token& stop) { watch(time, window, stop); });
    loop_.run();
    threads.clear();
    take_window();  // What ended after the last report.
    return judge();
  }

 private:
  using Message = llm::Message;

  void begin(std::size_t slot) {
    if (is_over_) return;
    switch (slot % 10) {
      case 0:
        async_.chat_completion(chat(kClaude, "one answer"), {},
                               [this, slot](const auto& result) { end(slot, result); });
        return;
      case 1:
        async_.count_tokens(chat(kClaude, "count this"), {},
                            [this, slot](const auto& result) { end(slot, result); });
        return;
      case 2:
        async_.embed({.model = std::string(kTitan), .inputs = {std::string("embed this")}}, {},
                     [this, slot](const auto& result) { end(slot, result); });
        return;
      default:
        stream(slot, slot % 2 == 0 ? kClaude : kNova);
        return;
    }
  }

  static llm::ChatRequest chat(std::string_view model, std::string prompt) {
    return {.model = std::string(model), .messages = {Message::user(std::move(prompt))}};
  }

  struct Stream {
    Clock::time_point begun = Clock::now();
    std::size_t deltas = 0;
    bool is_cancelled = false;
    std::optional<llm::CallHandle> handle{};
  };

  void stream(std::size_t slot, std::string_view model) {
    const std::size_t number = ++begun_;
    const auto stream = std::make_shared<Stream>();
    stream->handle = async_.stream_chat_completion(
        chat(model, "stream to me"), {},
        {.on_event = [this, number,
                      stream](const llm::StreamEvent&) { return on_event(number, *stream); },
         .on_end =
             [this, slot, stream](const llm::Result<llm::Done>& done) {
               stream->handle.reset();
               if (stream->is_cancelled && !done &&
                   done.error().code == llm::ErrorCode::cancelled) {
                 const std::scoped_lock lock(mutex_);
                 ++window_.cancelled;
                 begin(slot);
                 return;
               }
               end(slot, done);
             }});
  }

  llm::Flow on_event(std::size_t number, Stream& stream) {
    const std::scoped_lock lock(mutex_);
    ++window_.deltas;
    if (stream.deltas++ > 0) return llm::Flow::go_on;
    window_.first_delta_ms.push_back(
        std::chrono::duration<double, std::milli>(Clock::now() - stream.begun).count());
    if (number % kCancelEach == 0) {
      stream.is_cancelled = true;
      loop_.post([handle = *stream.handle] { handle.cancel(); });
    } else if (number % kPauseEach == 0) {
      loop_.post([handle = *stream.handle] { handle.resume(); });
      return llm::Flow::pause;
    }
    return llm::Flow::go_on;
  }

  template <typename Value>
  void end(std::size_t slot, const llm::Result<Value>& result) {
    count(result);
    begin(slot);
  }

  template <typename Value>
  void count(const llm::Result<Value>& result) {
    const std::scoped_lock lock(mutex_);
    ++window_.calls;
    if (result) return;
    if (result.error().code == llm::ErrorCode::rate_limit_error) {
      ++window_.throttled;
    } else {
      ++window_.unexpected[result.error().message];
    }
  }

  // A thread that calls as most programs do.
  void block(const std::stop_token& stop) {
    const llm::ChatRequest request = chat(kNova, "one answer to a thread");
    while (!stop.stop_requested() && !is_over_) count(client_.chat_completion(request));
  }

  void watch(seconds time, seconds window, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    const auto begun = Clock::now();
    for (auto next = begun + window; next <= begun + time; next += window) {
      changed.wait_until(lock, stop, next, [] { return false; });
      report(std::chrono::round<seconds>(Clock::now() - begun));
    }
    is_over_ = true;
    loop_.post([] {});
  }

  // Adds what the window has to the totals, and begins another one.
  Window take_window() {
    Window window;
    {
      const std::scoped_lock lock(mutex_);
      window = std::exchange(window_, {});
    }
    calls_ += window.calls;
    throttled_ += window.throttled;
    for (const auto& [message, count] : window.unexpected) {
      unexpected_ += count;
      std::fprintf(stderr, "soak: %zu times: %s\n", count, message.c_str());
    }
    return window;
  }

  void report(seconds at) {
    const std::size_t unexpected_before = unexpected_;
    Window window = take_window();
    const Figures figures{.memory_mib = memory_mib(),
                          .descriptors = descriptors(),
                          .p50_ms = percentile(window.first_delta_ms, 0.5),
                          .p99_ms = percentile(window.first_delta_ms, 0.99)};
    std::printf("%8lld %9zu %9zu %9zu %9zu %9zu %9.1f %7zu %9.1f %9.1f\n",
                static_cast<long long>(at.count()), window.calls, window.deltas, window.cancelled,
                window.throttled, unexpected_ - unexpected_before, figures.memory_mib,
                figures.descriptors, figures.p50_ms, figures.p99_ms);
    std::fflush(stdout);
    figures_.push_back(figures);
  }

  // The first window warms up; growth is what the last has more than the second.
  [[nodiscard]] bool judge() const {
    std::vector<std::string> wrong;
    if (unexpected_ > 0) wrong.emplace_back("calls ended as none may");
    if (calls_ == 0) wrong.emplace_back("no call ended");
    // Four attempts in a row, or a quota that the first burst emptied.
    if (throttled_ * 100 > calls_) wrong.emplace_back("more than 1 % of the calls were throttled");
    if (figures_.size() < 2) {
      wrong.emplace_back("the time is too short");
    } else {
      const Figures& early = figures_[1];
      const Figures& last = figures_.back();
      if (last.memory_mib > early.memory_mib * 1.15 + 8) wrong.emplace_back("memory grew");
      if (last.descriptors > early.descriptors + streams_ / 10 + 16)
        wrong.emplace_back("descriptors grew");
    }
    for (const std::string& what : wrong) std::fprintf(stderr, "soak: %s\n", what.c_str());
    std::printf("soak: %zu calls, %zu throttled to the end, %zu wrong: %s\n", calls_, throttled_,
                unexpected_, wrong.empty() ? "passed" : "failed");
    return wrong.empty();
  }

  llm::Client client_;
  llm::AsyncClient async_;
  llm::EventLoop& loop_;
  std::size_t streams_;
  std::size_t begun_ = 0;  ///< Streams.
  std::atomic<bool> is_over_ = false;
  std::mutex mutex_{};  ///< Guards `window_`, which blocking threads count into, too.
  Window window_{};
  // The watching thread's; read when it has ended.
  std::vector<Figures> figures_{};
  std::size_t calls_ = 0;
  std::size_t throttled_ = 0;
  std::size_t unexpected_ = 0;
};

}  // namespace

int main(int count, char** values) {
  const int streams = count == 3 ? std::atoi(values[1]) : 0;
  const int time = count == 3 ? std::atoi(values[2]) : 0;
  if (streams < 10 || time < 4) {
    std::fputs("usage: soak STREAMS SECONDS, at least 10 and 4\n", stderr);
    return 2;
  }
  const LocalBedrock local;
  const auto client = llm::bedrock::create_client(
      {.model = std::string(kClaude),
       .region = "us-east-1",
       .runtime_endpoint = local.url(),
       .control_endpoint = local.url(),
       .credentials = llm::aws::refreshing(
           llm::port::real_system(), std::make_shared<const ShortLivedCredentials>(),
           {.advisory = 2000ms, .mandatory = 500ms, .back_off = 100ms}),
       .environment_use = llm::bedrock::EnvironmentUse::ignore});
  if (!client) give_up(client.error().message);
  const auto loop = llm::EventLoop::create();
  if (!loop) give_up(loop.error().message);
  Soak soak(*client, **loop, static_cast<std::size_t>(streams));
  return soak.run(seconds(time)) ? 0 : 1;
}
