#include "aws/deadline.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

class DeadlineTest : public ::testing::Test {
 protected:
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
};

TEST_F(DeadlineTest, names_the_limit_as_it_was_set) {
  const Deadline deadline(system_, 60ms);

  system_->advance(59ms);

  EXPECT_EQ(deadline.left(), 1ms);
  EXPECT_EQ(deadline.error("Converse").message,
            "Converse did not finish within 60 ms (time limit).");
}

TEST_F(DeadlineTest, rounds_up_what_is_left_and_so_never_ends_an_exchange_too_early) {
  const Deadline deadline(system_, 60ms);

  system_->advance(1ns);

  EXPECT_EQ(deadline.left(), 60ms);
  EXPECT_FALSE(deadline.has_passed());
}

TEST_F(DeadlineTest, has_passed_at_its_time) {
  const Deadline deadline(system_, 60ms);

  system_->advance(60ms);

  EXPECT_TRUE(deadline.has_passed());
  EXPECT_LE(deadline.left(), 0ms);
}

TEST_F(DeadlineTest, takes_the_longest_limit_for_a_year) {
  EXPECT_EQ(Deadline(system_, milliseconds::max()).left(), std::chrono::years(1));
}

TEST_F(DeadlineTest, of_a_step_is_the_earlier_one) {
  const Deadline call(system_, 5s);

  EXPECT_EQ(deadline_of_step(call, system_, 30s).left(), 5s);
  EXPECT_EQ(deadline_of_step(call, system_, 1s).left(), 1s);
  EXPECT_EQ(deadline_of_step({}, system_, 30s).left(), 30s);
}

TEST_F(DeadlineTest, is_named_by_the_timeout_of_an_exchange_only_after_it_has_passed) {
  const Deadline deadline(system_, 60ms);
  const Error idle = make_error(ErrorCode::timeout_error, "The host sent nothing.");
  Error before = idle;
  Error after = idle;
  Error other = make_error(ErrorCode::connection_error, "The connection was lost.");

  name_passed_deadline(deadline, "Converse", before);
  system_->advance(60ms);
  name_passed_deadline(deadline, "Converse", after);
  name_passed_deadline(deadline, "Converse", other);

  EXPECT_EQ(before, idle);
  EXPECT_EQ(after, deadline.error("Converse"));
  EXPECT_EQ(other.code, ErrorCode::connection_error);
}

TEST_F(DeadlineTest, ends_a_wait_by_the_clock_of_the_system) {
  const Deadline deadline(system_, 1h);
  const std::jthread clock([this] { system_->advance(1h); });

  const auto waited = wait_for({}, {.subject = "The lookup", .deadline = deadline});

  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().code, ErrorCode::timeout_error);
}

TEST_F(DeadlineTest, does_not_end_a_wait_for_what_has_happened) {
  std::stop_source event;
  event.request_stop();

  EXPECT_TRUE(wait_for(event.get_token(), {.deadline = Deadline(system_, 0ms)}));
}

}  // namespace
}  // namespace llm::aws
