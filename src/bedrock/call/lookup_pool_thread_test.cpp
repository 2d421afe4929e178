#include "bedrock/call/lookup_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <stdexcept>
#include <thread>

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
  LookupPool pool;
  std::latch both_run(2);

  for (int i = 0; i < 2; ++i) pool.run([&] { both_run.arrive_and_wait(); });

  both_run.wait();
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
  std::atomic_flag is_shared;
  std::atomic_flag is_done;
  auto pool = std::make_shared<LookupPool>();
  pool->run([&is_shared, &is_done, own = pool]() mutable {
    is_shared.wait(false);
    own.reset();
    is_done.test_and_set();
    is_done.notify_all();
  });

  pool.reset();
  is_shared.test_and_set();
  is_shared.notify_all();

  is_done.wait(false);
}

}  // namespace
}  // namespace llm::bedrock
