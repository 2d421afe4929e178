#include "bedrock/call/lookup_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "tests/support/child_process.hpp"
#include "tests/support/sanitizers.hpp"

namespace llm::bedrock {
namespace {

TEST(LookupPoolThreads, run_every_job_on_two_threads_at_most) {
  constexpr int kJobs = 100;
  std::atomic<int> running = 0;
  std::atomic<int> most_running = 0;
  std::atomic<int> done = 0;
  {
    LookupPool pool;
    for (int i = 0; i < kJobs; ++i) {
      pool.run([&] {
        const int now_running = ++running;
        if (now_running > most_running) most_running = now_running;
        std::this_thread::yield();
        --running;
        ++done;
      });
    }
  }

  EXPECT_EQ(done, kJobs);
  EXPECT_LE(most_running, static_cast<int>(LookupPool::kMaxThreads));
}

TEST(LookupPoolThreads, do_not_wait_for_one_another) {
  std::latch both_run(2);
  std::atomic<int> done = 0;
  {
    LookupPool pool;
    for (int i = 0; i < 2; ++i) {
      pool.run([&] {
        both_run.arrive_and_wait();
        ++done;
      });
    }
  }

  EXPECT_EQ(done, 2);
}

TEST(LookupPoolThreads, are_not_waited_for_in_a_child) {
  if (test_support::kChecksThreads) GTEST_SKIP() << test_support::kForkIsNotFollowed;
  std::latch both_run(2);
  std::atomic_flag may_end;
  std::optional<LookupPool> pool(std::in_place);  // Waits for the jobs, which use the others.
  const auto busy = [&] {
    both_run.count_down();
    may_end.wait(false);
  };
  pool->run(busy);
  pool->run(busy);
  both_run.wait();

  test_support::ChildProcess child([&pool] {
    std::string report = "not run";
    pool->run([&report] { report = "run"; });
    pool.reset();
    return report;
  });

  EXPECT_EQ(child.report(), "run");
  may_end.test_and_set();
  may_end.notify_all();
}

TEST(LookupPoolThreads, survive_a_job_that_throws) {
  std::atomic<bool> is_done = false;
  {
    LookupPool pool;
    pool.run([] { throw std::runtime_error("x"); });
    pool.run([&] { is_done = true; });
  }

  EXPECT_TRUE(is_done);
}

TEST(LookupPoolThreads, may_drop_the_last_reference_to_their_pool) {
  std::promise<void> is_last;
  std::promise<void> is_done;
  const std::future<void> done = is_done.get_future();
  auto pool = std::make_shared<LookupPool>();
  const std::weak_ptr<LookupPool> watched = pool;
  pool->run([last = is_last.get_future(), is_done = std::move(is_done), own = pool]() mutable {
    last.wait();
    own.reset();
    is_done.set_value();
  });

  pool.reset();
  is_last.set_value();
  done.wait();

  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace llm::bedrock
