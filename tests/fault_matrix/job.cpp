#include "tests/fault_matrix/job.hpp"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <map>
#include <mutex>
#include <span>
#include <thread>

namespace llm::fault_matrix {
namespace {

// Most cells wait; with more of them the short limits would pass for lack of a processor.
constexpr std::size_t kAtOnce = 12;

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// Waits for the peers of closed connections to close them, too, three seconds at most.
std::size_t descriptors_down_to(std::size_t expected) {
  std::size_t open = open_descriptors();
  for (int i = 0; i < 300 && open > expected; ++i) {
    ::poll(nullptr, 0, 10);
    open = open_descriptors();
  }
  return open;
}

/// Runs jobs and collects what is wrong with them.
class Runner {
 public:
  void run_group(std::span<const Job> jobs) {
    const std::size_t before = open_descriptors();
    const auto begun = std::chrono::steady_clock::now();
    std::atomic<std::size_t> next = 0;
    {
      const std::size_t count = jobs.front().is_alone ? 1 : std::min(kAtOnce, jobs.size());
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < count; ++i) {
        threads.emplace_back([&] {
          for (std::size_t job = next++; job < jobs.size(); job = next++) run_one(jobs[job]);
        });
      }
    }
    const std::size_t after = descriptors_down_to(before);
    if (after != before) {
      fail(jobs.front().group + ": " + std::to_string(before) + " descriptors before, " +
           std::to_string(after) + " after");
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    std::cout << jobs.front().group << ": " << jobs.size() << " cells, "
              << static_cast<int>(took.count() * 10) / 10.0 << " s\n"
              << std::flush;
  }

  [[nodiscard]] Tally take() { return std::move(tally_); }

 private:
  void run_one(const Job& job) {
    std::string problem = job.run();
    const bool is_repeated = !problem.empty() && job.has_limit;
    if (is_repeated) problem = job.run();
    {
      const std::scoped_lock lock(mutex_);
      ++tally_.cells;
      if (is_repeated && problem.empty()) ++tally_.repeated;
    }
    if (!problem.empty()) fail(job.name + ": " + problem);
  }

  void fail(std::string line) {
    const std::scoped_lock lock(mutex_);
    std::cout << "FAILED " << line << '\n' << std::flush;
    tally_.failures.push_back(std::move(line));
  }

  std::mutex mutex_;
  Tally tally_;
};

}  // namespace

Tally run_all(const std::vector<Job>& jobs) {
  Runner runner;
  std::span<const Job> rest(jobs);
  while (!rest.empty()) {
    const auto other =
        std::ranges::find_if(rest, [&](const Job& job) { return job.group != rest.front().group; });
    const auto size = static_cast<std::size_t>(other - rest.begin());
    runner.run_group(rest.first(size));
    rest = rest.subspan(size);
  }
  return runner.take();
}

std::string counts_by_dimension(const std::vector<Job>& jobs) {
  std::vector<std::string_view> order;
  std::map<std::string_view, std::map<std::string, std::size_t>> counts;
  for (const Job& job : jobs) {
    for (const auto& [dimension, value] : job.dimensions) {
      if (!counts.contains(dimension)) order.push_back(dimension);
      ++counts[dimension][value];
    }
  }
  std::string text;
  for (const std::string_view dimension : order) {
    text.append(dimension).append(":");
    for (const auto& [value, count] : counts[dimension]) {
      text.append(" ").append(value).append(" ").append(std::to_string(count)).append(",");
    }
    text.back() = '\n';
  }
  return text;
}

}  // namespace llm::fault_matrix
