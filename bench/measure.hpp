#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// What a worker is told to do; the same words for every subject.
struct Task {
  std::string url{};            ///< `http://127.0.0.1:PORT/DELTAS/...`, as server.cpp reads it.
  std::string request{};        ///< File with the bytes of the request; for the floors.
  std::string shape = "small";  ///< What is asked: `small`, `image` or `history`; for ours.
  std::size_t size = 0;         ///< Bytes of the image, messages of the history.
  std::string operation = "invoke";
  std::string driver = "loop";  ///< `loop` or `threads`; for the libcurl floor.
  std::size_t count = 1;        ///< Requests in all; a multiple of `parallel`.
  std::size_t parallel = 1;     ///< Requests in flight.
  std::size_t warmup = 0;       ///< Requests before the measured ones.
  /// 1: in rounds, `parallel` requests begin when all before them have ended. 0: each when the one
  /// before it has.
  std::size_t rounds = 0;
};

/// Frames of a streaming response before its first delta (bench/responses.cpp).
[[nodiscard]] constexpr std::size_t messages_before_deltas(std::string_view operation) {
  return operation == "converse-stream" ? 1 : 2;
}

/// Reads `--name value` pairs. Says on standard error what it does not understand.
[[nodiscard]] std::optional<Task> parse_task(int argc, char** argv);

/// The number that the text begins with; 0 when it begins with none.
[[nodiscard]] std::int64_t number_in(std::string_view text);

/// Nanoseconds of the clock that the server and its clients share.
[[nodiscard]] std::int64_t now_ns();
/// CPU time of this process, all its threads.
[[nodiscard]] std::int64_t cpu_ns();

/// Collects what the requests of a worker see. Safe from many threads.
class Observations {
 public:
  /// A request ended well; `waited_ns` is the time from the server's first byte to the first delta,
  /// 0 when there is none.
  void add(std::int64_t waited_ns, std::size_t deltas);
  void clear();

  [[nodiscard]] std::size_t requests() const { return requests_; }
  [[nodiscard]] std::size_t deltas() const { return deltas_; }
  [[nodiscard]] std::vector<std::int64_t> sorted_waits() const;

 private:
  std::mutex mutex_;
  std::size_t requests_ = 0;
  std::size_t deltas_ = 0;
  std::vector<std::int64_t> waits_;
};

/// Warms up, runs the task, and prints one JSON object of what it cost. `run` makes that many
/// requests and adds them to the observations. Returns the exit code.
int measure(const Task& task, Observations& observations,
            const std::function<void(std::size_t count)>& run);

/// Allocations of this thread so far; 0 in programs that do not count them.
[[nodiscard]] std::uint64_t allocations();

}  // namespace bench
