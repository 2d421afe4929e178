#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bedrock/call/single_flight.hpp"

namespace llm::bedrock {
namespace {

using Questions = SingleFlight<std::string>;

Told<std::string> failure(Use use) {
  return {std::unexpected(make_error(ErrorCode::connection_error, "no route")), use};
}

/// One caller asks and is held; what it is told goes to those who wait.
class SingleFlightThreads : public ::testing::Test {
 protected:
  /// Asks in a thread of its own, until `tell`.
  void hold(Told<std::string> told) {
    first_ = std::jthread([this, told] {
      static_cast<void>(questions_.answer("q", "Asking", {}, {}, [&](TimeLeft) {
        asked_.test_and_set();
        asked_.notify_all();
        told_.wait(false);
        return told;
      }));
    });
    asked_.wait(false);
  }
  void tell() {
    told_.test_and_set();
    told_.notify_all();
  }
  Result<std::string> wait(TimeLeft limit = {}, std::stop_token stop = {}) {
    return questions_.answer("q", "Asking", stop, limit, [&](TimeLeft) {
      ++asked_anew_;
      return Told<std::string>{.said = "anew"};
    });
  }

  Questions questions_;
  std::atomic_flag asked_;
  std::atomic_flag told_;
  std::atomic<int> asked_anew_ = 0;
  std::jthread first_;
};

TEST_F(SingleFlightThreads, give_up_waiting_when_their_own_time_is_up) {
  hold(failure(Use::shared));

  const auto said = wait(std::chrono::milliseconds(5));

  tell();
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().code, ErrorCode::timeout_error);
  EXPECT_EQ(asked_anew_, 0);
}

TEST_F(SingleFlightThreads, give_up_waiting_when_they_are_stopped) {
  hold(failure(Use::shared));
  std::stop_source stop;
  stop.request_stop();

  const auto said = wait({}, stop.get_token());

  tell();
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().code, ErrorCode::cancelled);
}

TEST_F(SingleFlightThreads, share_a_failure_or_ask_anew_once_it_has_been_told) {
  hold(failure(Use::shared));
  std::vector<std::jthread> threads;
  std::atomic<int> ended = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto said = wait();
      if (said || said.error().message == "no route") ++ended;
    });
  }
  tell();

  threads.clear();

  EXPECT_EQ(ended, 8);
}

TEST_F(SingleFlightThreads, ask_anew_after_what_helped_the_other_alone) {
  hold(failure(Use::own));
  std::optional<Result<std::string>> said;
  {
    const std::jthread waits([&] { said = wait(); });
    tell();
  }

  ASSERT_TRUE(said && *said);
  EXPECT_EQ(**said, "anew");
}

TEST(SingleFlight, are_asked_again_after_one_that_threw) {
  const Questions questions;
  const auto throwing = [](TimeLeft) -> Told<std::string> { throw std::runtime_error("x"); };
  EXPECT_THROW(static_cast<void>(questions.answer("q", "Asking", {}, {}, throwing)),
               std::runtime_error);

  const auto said = questions.answer("q", "Asking", {}, std::chrono::milliseconds(1000),
                                     [](TimeLeft) { return Told<std::string>{.said = "anew"}; });

  ASSERT_TRUE(said);
  EXPECT_EQ(*said, "anew");
}

TEST(SingleFlight, keep_what_is_told_for_good_and_a_thousand_answers_at_most) {
  const Questions questions;
  const auto kept = [](TimeLeft) { return Told<std::string>{"yes", Use::kept}; };

  for (int i = 0; i < 1001; ++i) {
    static_cast<void>(questions.answer(std::to_string(i), "Asking", {}, {}, kept));
  }

  EXPECT_FALSE(questions.kept("0"));
  EXPECT_TRUE(questions.kept("1000"));
}

}  // namespace
}  // namespace llm::bedrock
