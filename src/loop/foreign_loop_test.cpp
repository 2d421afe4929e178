// What another loop sees of this one: whether its descriptor is readable.
#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <memory>

#include "loop/core.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::loop {
namespace {

class ForeignLoop : public ::testing::Test {
 protected:
  [[nodiscard]] bool is_readable() const {
    pollfd ready{core_->poller().descriptor(), POLLIN, 0};
    return ::poll(&ready, 1, 0) == 1;
  }

  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  std::unique_ptr<Core> core_ = *Core::create({}, system_);
};

TEST_F(ForeignLoop, is_told_of_a_job_that_is_scheduled_between_turns) {
  int runs = 0;
  Job job(*core_, [&runs] { ++runs; });
  core_->process(10);
  ASSERT_FALSE(is_readable());

  job.schedule();

  EXPECT_TRUE(is_readable());
  core_->process(10);
  EXPECT_EQ(runs, 1);
  EXPECT_FALSE(is_readable());
}

TEST_F(ForeignLoop, is_told_of_a_timer_that_is_set_between_turns) {
  Timer timer(*core_, [] {});
  core_->process(10);

  timer.set(core_->now() + std::chrono::hours(1));

  EXPECT_TRUE(is_readable());
}

TEST_F(ForeignLoop, is_told_of_a_job_that_is_left_for_the_next_turn) {
  Job job(*core_, [&job] { job.schedule(); });
  job.schedule();

  EXPECT_TRUE(core_->process(10));

  EXPECT_TRUE(is_readable());
}

}  // namespace
}  // namespace llm::loop
