#include "loop/core.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/support/virtual_loop.hpp"

namespace llm::loop {
namespace {

using std::chrono::milliseconds;

class CoreTest : public ::testing::Test {
 protected:
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  std::unique_ptr<Core> core_ = *Core::create({}, system_);
  std::vector<int> ran_;
};

TEST_F(CoreTest, runs_jobs_in_the_order_in_which_they_were_scheduled) {
  Job one(*core_, [this] { ran_.push_back(1); });
  Job two(*core_, [this] { ran_.push_back(2); });
  two.schedule();
  one.schedule();
  two.schedule();

  core_->process(10);

  EXPECT_EQ(ran_, (std::vector{2, 1}));
}

TEST_F(CoreTest, runs_a_job_that_schedules_itself_once_a_turn) {
  Job job(*core_, [&] {
    ran_.push_back(1);
    job.schedule();
  });
  job.schedule();

  EXPECT_TRUE(core_->process(10));

  EXPECT_EQ(ran_.size(), 1U);
}

TEST_F(CoreTest, runs_a_job_that_another_schedules_in_the_same_turn) {
  Job second(*core_, [this] { ran_.push_back(2); });
  Job first(*core_, [&] {
    ran_.push_back(1);
    second.schedule();
  });
  first.schedule();

  EXPECT_FALSE(core_->process(10));

  EXPECT_EQ(ran_, (std::vector{1, 2}));
}

/// A descriptor that stays ready, and schedules a job each time that it is delivered. Notes its
/// number, and the negative of it for the job.
class ReadyDescriptor final : private Watcher {
 public:
  ReadyDescriptor(Core& core, std::vector<int>& seen, int number)
      : core_(core),
        seen_(seen),
        number_(number),
        job_(core, [this] { seen_.push_back(-number_); }),
        event_(::eventfd(1, EFD_CLOEXEC)) {
    EXPECT_TRUE(core_.poller().watch(event_.get(), EPOLLIN, *this));
  }
  ReadyDescriptor(const ReadyDescriptor&) = delete;
  ReadyDescriptor& operator=(const ReadyDescriptor&) = delete;
  ~ReadyDescriptor() { core_.poller().forget(event_.get()); }

 private:
  void on_ready(int /*descriptor*/, std::uint32_t /*events*/) override {
    seen_.push_back(number_);
    job_.schedule();
  }

  Core& core_;
  std::vector<int>& seen_;
  int number_;
  Job job_;
  port::Descriptor event_;
};

TEST_F(CoreTest, runs_the_jobs_of_a_descriptor_before_the_next_one) {
  const ReadyDescriptor one(*core_, ran_, 1);
  const ReadyDescriptor two(*core_, ran_, 2);

  core_->process(10);

  EXPECT_EQ(ran_, (std::vector{1, -1, 2, -2}));
}

TEST_F(CoreTest, runs_a_job_later_when_no_descriptor_is_ready) {
  Job later(*core_, [this] { ran_.push_back(7); });
  later.schedule_later();
  {
    const ReadyDescriptor one(*core_, ran_, 1);
    core_->process(10);
    core_->process(10);
  }
  EXPECT_EQ(ran_, (std::vector{1, -1, 1, -1}));

  core_->process(10);
  core_->process(10);

  EXPECT_EQ(ran_, (std::vector{1, -1, 1, -1, 7}));
}

TEST_F(CoreTest, runs_a_job_later_although_a_descriptor_stays_ready) {
  const ReadyDescriptor one(*core_, ran_, 1);
  Job later(*core_, [this] { ran_.push_back(7); });
  later.schedule_later();
  core_->process(10);

  system_->sleep_for(milliseconds(2), {});
  core_->process(10);
  core_->process(10);

  EXPECT_THAT(ran_, testing::Contains(7));
}

TEST_F(CoreTest, does_no_more_than_its_budget) {
  std::vector<std::unique_ptr<Job>> jobs;
  for (int i = 0; i < 10; ++i) {
    jobs.push_back(std::make_unique<Job>(*core_, [this, i] { ran_.push_back(i); }));
    jobs.back()->schedule();
  }

  EXPECT_TRUE(core_->process(4));
  EXPECT_EQ(ran_.size(), 4U);
  EXPECT_FALSE(core_->process(100));
  EXPECT_EQ(ran_.size(), 10U);
}

TEST_F(CoreTest, does_not_run_a_job_that_is_gone) {
  auto gone = std::make_unique<Job>(*core_, [this] { ran_.push_back(1); });
  Job next(*core_, [this] { ran_.push_back(2); });
  gone->schedule();
  next.schedule();
  gone.reset();

  core_->process(10);

  EXPECT_EQ(ran_, std::vector{2});
}

TEST_F(CoreTest, lets_a_job_destroy_itself_and_the_next_one) {
  std::unique_ptr<Job> first;
  std::unique_ptr<Job> second = std::make_unique<Job>(*core_, [this] { ran_.push_back(2); });
  first = std::make_unique<Job>(*core_, [&] {
    ran_.push_back(1);
    second.reset();
    first.reset();
  });
  first->schedule();
  second->schedule();

  core_->process(10);

  EXPECT_EQ(ran_, std::vector{1});
}

TEST_F(CoreTest, calls_timers_back_in_the_order_of_their_times) {
  Timer late(*core_, [this] { ran_.push_back(2); });
  Timer early(*core_, [this] { ran_.push_back(1); });
  Timer never(*core_, [this] { ran_.push_back(3); });
  late.set(core_->now() + milliseconds(20));
  early.set(core_->now() + milliseconds(10));
  never.set(core_->now() + milliseconds(5));
  never.cancel();

  system_->advance(milliseconds(9));
  core_->process(10);
  EXPECT_TRUE(ran_.empty());
  EXPECT_EQ(core_->next_deadline(), early.when());
  system_->advance(milliseconds(50));
  core_->process(10);

  EXPECT_EQ(ran_, (std::vector{1, 2}));
  EXPECT_FALSE(core_->next_deadline());
}

TEST_F(CoreTest, throws_what_a_callback_threw_and_goes_on) {
  Job bad(*core_, [] { throw std::runtime_error("bad"); });
  Job good(*core_, [this] { ran_.push_back(1); });
  bad.schedule();
  good.schedule();

  EXPECT_THROW(core_->process(10), std::runtime_error);
  core_->process(10);

  EXPECT_EQ(ran_, std::vector{1});
}

TEST_F(CoreTest, returns_from_run_without_work_and_after_stop) {
  core_->run();
  const OpenWork open(*core_);
  core_->post([this] { core_->stop(); });

  core_->run();

  SUCCEED() << "both returned";
}

TEST_F(CoreTest, ends_what_ends_with_it_and_drops_posted_work) {
  struct Witness final : Ending {
    Witness(Core& core, std::vector<int>& ran) : Ending(core), ran_(ran) {}
    void end_with_loop() override { ran_.push_back(1); }
    std::vector<int>& ran_;
  };
  Witness witness(*core_, ran_);
  core_->post([this] { ran_.push_back(2); });
  const auto remote = core_->remote();

  core_.reset();

  EXPECT_EQ(ran_, std::vector{1});
  EXPECT_FALSE(remote->post([] {}));
}

TEST(Poller, tells_a_descriptor_from_an_earlier_one_of_its_number) {
  struct Count final : Watcher {
    void on_ready(int /*descriptor*/, std::uint32_t /*events*/) override { ++events; }
    int events = 0;
  } first;
  Count second;
  const auto poller = *Poller::create();
  const auto open = [] {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    return std::pair(port::Descriptor(ends[0]), port::Descriptor(ends[1]));
  };
  auto [read_end, write_end] = open();
  const int number = read_end.get();
  ASSERT_TRUE(poller->watch(number, EPOLLIN, first));
  // Closed unknown to the poller, then opened again under the same number.
  read_end.reset();
  auto [other_read_end, other_write_end] = open();
  ASSERT_EQ(other_read_end.get(), number);
  ASSERT_TRUE(poller->watch(number, EPOLLIN, second));
  ASSERT_EQ(::write(other_write_end.get(), "x", 1), 1);

  ASSERT_EQ(poller->wait(milliseconds(1000)), 1U);
  EXPECT_TRUE(poller->deliver(0));

  EXPECT_EQ(first.events, 0);
  EXPECT_EQ(second.events, 1);
  poller->forget(number);
  EXPECT_EQ(poller->wait(milliseconds(0)), 0U);
}

}  // namespace
}  // namespace llm::loop
