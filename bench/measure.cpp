#include "bench/measure.hpp"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <map>
#include <string_view>

namespace bench {
namespace {

// A worker that hangs ends by itself.
constexpr unsigned kMaxSeconds = 120;

std::int64_t read_clock(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// getrusage's figure survives exec: a worker would report the peak of whoever started it.
std::size_t peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6));
  }
  return 0;
}

std::int64_t quantile(const std::vector<std::int64_t>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

std::optional<Task> parse_task(int argc, char** argv) {
  Task task;
  const std::map<std::string_view, std::string*> words = {{"--url", &task.url},
                                                          {"--request", &task.request},
                                                          {"--shape", &task.shape},
                                                          {"--operation", &task.operation},
                                                          {"--driver", &task.driver}};
  const std::map<std::string_view, std::size_t*> numbers = {{"--size", &task.size},
                                                            {"--count", &task.count},
                                                            {"--parallel", &task.parallel},
                                                            {"--warmup", &task.warmup},
                                                            {"--rounds", &task.rounds}};
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view value = argv[i + 1];
    if (const auto word = words.find(argv[i]); word != words.end()) {
      *word->second = value;
      continue;
    }
    const auto number = numbers.find(argv[i]);
    if (number == numbers.end() ||
        std::from_chars(value.data(), value.data() + value.size(), *number->second).ptr !=
            value.data() + value.size()) {
      std::fprintf(stderr, "%s: cannot use %s %s\n", argv[0], argv[i], argv[i + 1]);
      return std::nullopt;
    }
  }
  return task;
}

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::int64_t now_ns() { return read_clock(CLOCK_MONOTONIC); }

std::int64_t cpu_ns() { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

void Observations::add(std::int64_t waited_ns, std::size_t deltas) {
  const std::scoped_lock lock(mutex_);
  ++requests_;
  deltas_ += deltas;
  if (waited_ns > 0) waits_.push_back(waited_ns);
}

void Observations::clear() {
  const std::scoped_lock lock(mutex_);
  requests_ = 0;
  deltas_ = 0;
  waits_.clear();
}

std::vector<std::int64_t> Observations::sorted_waits() const {
  std::vector<std::int64_t> sorted = waits_;
  std::ranges::sort(sorted);
  return sorted;
}

// Weak: allocations.cpp has one that counts.
[[gnu::weak]] std::uint64_t allocations() { return 0; }

int measure(const Task& task, Observations& observations,
            const std::function<void(std::size_t count)>& run) {
  alarm(kMaxSeconds);
  if (task.warmup > 0) run(task.warmup);
  observations.clear();
  const std::int64_t wall_before = now_ns();
  const std::int64_t cpu_before = cpu_ns();
  const std::uint64_t allocations_before = allocations();
  run(task.count);
  const std::uint64_t allocated = allocations() - allocations_before;
  const std::int64_t cpu = cpu_ns() - cpu_before;
  const std::int64_t wall = now_ns() - wall_before;

  const auto waits = observations.sorted_waits();
  std::printf(
      "{\"requests\":%zu,\"deltas\":%zu,\"cpu_ns\":%lld,\"wall_ns\":%lld,\"peak_kib\":%zu,"
      "\"p50_ns\":%lld,\"p99_ns\":%lld,\"allocations\":%llu}\n",
      observations.requests(), observations.deltas(), static_cast<long long>(cpu),
      static_cast<long long>(wall), peak_kib(), static_cast<long long>(quantile(waits, 0.5)),
      static_cast<long long>(quantile(waits, 0.99)), static_cast<unsigned long long>(allocated));
  if (observations.requests() == task.count) return 0;
  std::fprintf(stderr, "%zu of %zu requests ended well\n", observations.requests(), task.count);
  return 1;
}

}  // namespace bench
