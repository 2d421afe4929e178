#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>

#include <llm/event_loop.hpp>
#include <llm/task.hpp>

#include "loop/await.hpp"
#include "loop/core.hpp"
#include "tests/support/virtual_loop.hpp"

namespace llm::loop {
namespace {

using std::chrono::milliseconds;

Task<std::string> text(std::string value) { co_return value; }

Task<int> failing() {
  throw std::runtime_error("failing");
  co_return 0;
}

Task<int> length_of(std::string value) {
  const std::string same = co_await text(std::move(value));
  co_return static_cast<int>(same.size());
}

Task<int> after(Core& core, milliseconds delay, int value) {
  co_await Sleeping(core, core.now() + delay);
  co_return value;
}

class TaskTest : public ::testing::Test {
 protected:
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  test_support::VirtualLoop loop_{system_};
};

TEST_F(TaskTest, returns_the_value_of_what_it_awaits) {
  EXPECT_EQ(loop_.run(length_of("four")), 4);
}

TEST_F(TaskTest, begins_when_it_is_awaited) {
  bool has_begun = false;
  const auto begin = [](bool& begun) -> Task<> {
    begun = true;
    co_return;
  };
  Task<> task = begin(has_begun);
  EXPECT_FALSE(has_begun);

  task.start();

  EXPECT_TRUE(has_begun);
}

TEST_F(TaskTest, passes_an_exception_to_whoever_awaits_it) {
  const auto catching = []() -> Task<std::string> {
    std::string caught;
    try {
      co_await failing();
    } catch (const std::runtime_error& thrown) {
      caught = thrown.what();
    }
    co_return caught;
  };

  EXPECT_EQ(loop_.run(catching()), "failing");
}

TEST_F(TaskTest, sleeps_on_the_time_of_the_loop) {
  EXPECT_EQ(loop_.run(after(loop_.core(), milliseconds(250), 7)), 7);

  EXPECT_EQ(system_->sleeps(), std::vector{milliseconds(250)});
}

TEST_F(TaskTest, destroys_what_it_awaits) {
  const auto witness = std::make_shared<int>(1);
  const auto holding = [](Core& core, std::shared_ptr<int> held) -> Task<> {
    co_await Sleeping(core, core.now() + milliseconds(*held));
  };
  const auto outer = [&](Core& core) -> Task<> { co_await holding(core, witness); };
  {
    Task<> task = outer(loop_.core());
    task.start();
    EXPECT_EQ(witness.use_count(), 2);
  }

  EXPECT_EQ(witness.use_count(), 1);
  EXPECT_FALSE(loop_.core().next_deadline()) << "the timer is gone too";
}

TEST_F(TaskTest, awaits_a_thousand_tasks_that_do_not_suspend) {
  const auto many = []() -> Task<int> {
    int sum = 0;
    for (int i = 0; i < 1000; ++i) {
      const int one = co_await length_of("x");
      sum += one;
    }
    co_return sum;
  };

  EXPECT_EQ(loop_.run(many()), 1000);
}

TEST_F(TaskTest, stops_waiting_for_a_token_at_a_time) {
  const auto waiting = [](Core& core, std::stop_token token) -> Task<bool> {
    const bool was_stopped =
        co_await Stopped(core, std::move(token), core.now() + milliseconds(50));
    co_return was_stopped;
  };
  std::stop_source never;
  std::stop_source stopped;
  stopped.request_stop();

  EXPECT_EQ(loop_.run(waiting(loop_.core(), never.get_token())), false);
  EXPECT_EQ(loop_.run(waiting(loop_.core(), stopped.get_token())), true);
}

TEST(Spawn, runs_a_task_on_the_loop_and_throws_what_it_threw) {
  const auto loop = *EventLoop::create();
  bool has_run = false;
  const auto run = [](bool& ran) -> Task<> {
    ran = true;
    throw std::runtime_error("spawned");
    co_return;
  };
  spawn(*loop, run(has_run));
  EXPECT_FALSE(has_run);

  EXPECT_THROW(loop->run(), std::runtime_error);

  EXPECT_TRUE(has_run);
  loop->run();
}

TEST(Spawn, destroys_a_task_with_the_loop) {
  const auto witness = std::make_shared<int>(1);
  {
    const auto loop = *EventLoop::create();
    const auto waiting = [](Core& core, std::shared_ptr<int> held) -> Task<> {
      co_await Sleeping(core, core.now() + std::chrono::hours(*held));
    };
    spawn(*loop, waiting(loop->core(), witness));
    loop->process();
    EXPECT_EQ(witness.use_count(), 2);
  }

  EXPECT_EQ(witness.use_count(), 1);
}

TEST(EventLoop, refuses_options_out_of_range) {
  EXPECT_FALSE(EventLoop::create({.max_connecting = 0}));
  EXPECT_FALSE(EventLoop::create({.blocking_threads = 0}));
}

}  // namespace
}  // namespace llm::loop
