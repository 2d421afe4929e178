// Thousands of streams at once on one thread: `many_streams SERVER STREAMS`, where SERVER is
// bench's. All are open before the first gets a byte. First all must complete; then, of each
// hundred, one is reset, one stalls and one has a damaged frame, and no other is touched. Fails
// when a stream takes more memory than is promised.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <llm/async_client.hpp>
#include <llm/bedrock/client.hpp>

#include "tests/support/sanitizers.hpp"

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kDeltas = 20;
constexpr std::size_t kFaulty = 100;
constexpr double kMaxKibAStream = 30;
constexpr std::string_view kDelta = " scattered across the";

[[noreturn]] void give_up(std::string_view what) {
  std::fprintf(stderr, "many_streams: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(2);
}

/// The server's process, which ends with its standard input.
class Server {
 public:
  explicit Server(const char* program) {
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0)
      give_up("no pipe");
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    std::string name(program);
    std::array<char*, 2> arguments{name.data(), nullptr};
    if (::posix_spawn(&child_, program, &actions, nullptr, arguments.data(), environ) != 0) {
      give_up("the server cannot be started");
    }
    posix_spawn_file_actions_destroy(&actions);
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    std::array<char, 64> line{};
    const ssize_t size = ::read(output[0], line.data(), line.size());
    ::close(output[0]);
    const std::string_view text(line.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    if (!text.starts_with("listening on ")) give_up("the server did not say its port");
    port_ = std::atoi(line.data() + std::string_view("listening on ").size());
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    ::close(input_);
    ::waitpid(child_, nullptr, 0);
  }

  [[nodiscard]] std::string url(std::size_t streams, std::size_t faulty) const {
    return "http://127.0.0.1:" + std::to_string(port_) + '/' + std::to_string(kDeltas) + '/' +
           std::to_string(streams) + '/' + std::to_string(faulty);
  }

 private:
  pid_t child_ = 0;
  int input_ = -1;
  int port_ = 0;
};

/// How all streams ended.
struct Ends {
  std::size_t completed = 0;
  std::size_t incomplete = 0;  ///< Ended with Done, but had other bytes than those sent.
  std::map<std::string_view, std::size_t> errors{};
};

Ends run(const Server& server, std::size_t streams, std::size_t faulty) {
  const auto client = llm::bedrock::create_client(
      {.model = "us.amazon.nova-lite-v1:0",
       .region = "us-east-1",
       .runtime_endpoint = server.url(streams, faulty),
       .credentials = llm::aws::static_credentials(
           {.access_key_id = "AKIDEXAMPLE", .secret_access_key = llm::Secret("not-a-secret")}),
       .timeouts = {.total = 120s, .connect = 60s, .idle = 5s},
       .max_retries = 0,
       .environment_use = llm::bedrock::EnvironmentUse::ignore});
  if (!client) give_up(client.error().message);
  const auto loop = llm::EventLoop::create();
  if (!loop) give_up(loop.error().message);
  const llm::AsyncClient async(*client, **loop);
  const llm::ChatRequest request{.messages = {llm::Message::user("Why is the sky blue?")}};
  Ends ends;
  for (std::size_t i = 0; i < streams; ++i) {
    const auto bytes = std::make_shared<std::size_t>(0);
    async.stream_chat_completion(request, {},
                                 {.on_event =
                                      [bytes](const llm::StreamEvent& event) {
                                        *bytes += event.delta().text().size();
                                        return llm::Flow::go_on;
                                      },
                                  .on_end =
                                      [bytes, &ends](const llm::Result<llm::Done>& done) {
                                        if (!done) {
                                          ++ends.errors[llm::to_string(done.error().code)];
                                        } else if (*bytes == kDeltas * kDelta.size()) {
                                          ++ends.completed;
                                        } else {
                                          ++ends.incomplete;
                                        }
                                      }});
  }
  (*loop)->run();
  return ends;
}

/// Kilobytes, from /proc/self/status.
double memory(std::string_view name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name)) return std::atof(line.c_str() + name.size());
  }
  return 0;
}

std::ptrdiff_t threads() {
  const std::filesystem::directory_iterator all("/proc/self/task");
  return std::distance(begin(all), end(all));
}

bool is_right(const Ends& ends, std::size_t streams, std::size_t faulty) {
  const std::size_t each = faulty == 0 ? 0 : streams / faulty;
  Ends expected{.completed = streams - 3 * each};
  if (each > 0) expected.errors = {{"stream_error", 2 * each}, {"timeout_error", each}};
  std::printf("many_streams: %zu completed, %zu incomplete", ends.completed, ends.incomplete);
  for (const auto& [code, count] : ends.errors) {
    std::printf(", %zu %.*s", count, static_cast<int>(code.size()), code.data());
  }
  const bool right = ends.completed == expected.completed && ends.incomplete == 0 &&
                     ends.errors == expected.errors;
  std::puts(right ? "" : ": wrong");
  return right;
}

}  // namespace

int main(int count, char** values) {
  const int wanted = count == 3 ? std::atoi(values[2]) : 0;
  if (wanted < 1 || static_cast<std::size_t>(wanted) % kFaulty != 0) {
    std::fputs("usage: many_streams SERVER STREAMS, whole hundreds\n", stderr);
    return 2;
  }
  const auto streams = static_cast<std::size_t>(wanted);
  // A descriptor for each; the server's process inherits the limit.
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < streams + 100) {
    std::printf("many_streams: this process may not open %zu descriptors\n", streams + 100);
    return 77;
  }
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);

  const Server server(values[1]);
  const double before = memory("VmRSS:");
  bool right = is_right(run(server, streams, 0), streams, 0);
  const double each = (memory("VmHWM:") - before) / static_cast<double>(streams);
  std::printf("many_streams: %.1f KiB of memory for each of %zu streams, %td threads\n", each,
              streams, threads());
  // Sanitizers take several times the memory.
  const bool is_small = llm::test_support::kIsSanitized || each <= kMaxKibAStream;
  if (!is_small) std::puts("many_streams: that is more than 30 KiB");
  right = is_right(run(server, streams, kFaulty), streams, kFaulty) && right;
  return right && is_small && threads() == 1 ? 0 : 1;
}
