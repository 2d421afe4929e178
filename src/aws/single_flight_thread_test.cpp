#include "aws/single_flight.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using std::chrono::milliseconds;
using Flights = SingleFlight<std::string, std::string>;

const std::string kKey = "key";

Flights::Outcome failure(Sharing sharing) {
  return {std::unexpected(make_error(ErrorCode::connection_error, "No route.")), sharing};
}

/// One caller leads and is held until `land`; others may wait for it meanwhile.
class SingleFlightThreads : public ::testing::Test {
 protected:
  void lead(Flights::Outcome outcome) {
    leader_ = std::jthread([this, outcome] {
      static_cast<void>(flights_.get(kKey, {}, [&] {
        entered_.test_and_set();
        entered_.notify_all();
        may_land_.wait(false);
        return outcome;
      }));
    });
    entered_.wait(false);
  }
  void land() {
    may_land_.test_and_set();
    may_land_.notify_all();
  }
  Result<std::string> get(const WaitLimits& limits = {}) {
    return flights_.get(kKey, limits, [this] {
      ++own_lookups_;
      return Flights::Outcome{.result = "own"};
    });
  }

  Flights flights_;
  std::atomic_flag entered_;
  std::atomic_flag may_land_;
  std::atomic<int> own_lookups_ = 0;
  std::jthread leader_;
};

TEST_F(SingleFlightThreads, stop_waiting_at_their_own_deadline) {
  lead(failure(Sharing::uncached));
  const auto system = std::make_shared<port::ScriptedSystem>();
  const Deadline deadline(system, milliseconds(5000));
  const std::jthread clock([&] { system->advance(milliseconds(5000)); });

  const auto found = get({.subject = "The lookup", .deadline = deadline});

  land();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::timeout_error);
  EXPECT_EQ(found.error().message, "The lookup did not finish within 5000 ms (time limit).");
  EXPECT_EQ(own_lookups_, 0);
}

TEST_F(SingleFlightThreads, stop_waiting_when_they_are_cancelled) {
  lead(failure(Sharing::uncached));
  std::stop_source stop;
  stop.request_stop();

  const auto found = get({.subject = "The lookup", .stop = stop.get_token()});

  land();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error(), make_error(ErrorCode::cancelled, "The lookup was cancelled."));
}

TEST_F(SingleFlightThreads, share_a_failure_or_look_up_after_it) {
  lead(failure(Sharing::uncached));
  std::vector<std::jthread> threads;
  std::atomic<int> ended = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto found = get();
      if (found || found.error().message == "No route.") ++ended;
    });
  }
  land();

  threads.clear();

  EXPECT_EQ(ended, 8);
}

TEST_F(SingleFlightThreads, look_up_after_a_result_for_the_leader_alone) {
  lead(failure(Sharing::unshared));
  std::optional<Result<std::string>> found;
  {
    const std::jthread waits([&] { found = get(); });
    land();
  }

  ASSERT_TRUE(found && *found);
  EXPECT_EQ(**found, "own");
}

TEST(SingleFlight, leads_after_a_lookup_that_threw) {
  const Flights flights;
  const auto throwing = []() -> Flights::Outcome { throw std::runtime_error("x"); };
  EXPECT_THROW(static_cast<void>(flights.get(kKey, {}, throwing)), std::runtime_error);

  const auto found = flights.get(kKey, {}, [] { return Flights::Outcome{.result = "own"}; });

  ASSERT_TRUE(found);
  EXPECT_EQ(*found, "own");
}

TEST(SingleFlight, caches_a_thousand_results_at_most) {
  const Flights flights;
  const auto cached = [] { return Flights::Outcome{"yes", Sharing::cached}; };

  for (int i = 0; i < 1001; ++i) {
    static_cast<void>(flights.get(std::to_string(i), {}, cached));
  }

  EXPECT_FALSE(flights.cached("0"));
  EXPECT_TRUE(flights.cached("1000"));
}

TEST(SingleFlight, calls_back_those_who_do_not_block) {
  const Flights flights;
  auto lead = std::get<Flights::Lead>(flights.enter(kKey));
  const auto wait = std::get<Flights::Wait>(flights.enter(kKey));
  std::string seen;
  const std::stop_callback callback(wait.landed(), [&] { seen = *wait.outcome().result; });

  lead.land({"found", Sharing::cached});

  EXPECT_EQ(seen, "found");
  EXPECT_EQ(std::get<Flights::Ready>(flights.enter(kKey)).result, "found");
}

TEST(SingleFlight, tells_the_leader_when_the_last_caller_has_given_up) {
  const Flights flights;
  const auto lead = std::get<Flights::Lead>(flights.enter(kKey));
  {
    const auto first = lead.wait();
    {
      const auto second = std::get<Flights::Wait>(flights.enter(kKey));
    }
    EXPECT_FALSE(lead.abandoned().stop_requested());
  }

  EXPECT_TRUE(lead.abandoned().stop_requested());
}

TEST(SingleFlight, ends_a_wait_for_a_leader_that_never_lands) {
  const Flights flights;
  std::optional<Flights::Wait> wait;
  {
    const auto lead = std::get<Flights::Lead>(flights.enter(kKey));
    wait.emplace(std::get<Flights::Wait>(flights.enter(kKey)));
  }

  ASSERT_TRUE(wait->landed().stop_requested());
  EXPECT_EQ(wait->outcome().result.error().code, ErrorCode::internal_error);
}

/// Runs jobs on a thread of its own, as a pool does.
struct OwnThread {
  std::jthread* thread;
  template <typename Job>
  void operator()(Job job) const {
    *thread = std::jthread([job = std::move(job)]() mutable { job([] {}); });
  }
};

TEST(SingleFlight, keeps_the_deadline_of_a_leader_whose_lookup_ignores_it) {
  const Flights flights;
  const auto system = std::make_shared<port::ScriptedSystem>();
  const Deadline deadline(system, milliseconds(5000));
  const std::jthread clock([&] { system->advance(milliseconds(5000)); });
  std::atomic_flag may_end;
  std::jthread thread;

  const auto found =
      flights.get_on(OwnThread{&thread}, kKey, {.subject = "The lookup", .deadline = deadline},
                     [&may_end](const std::stop_token&) {
                       may_end.wait(false);
                       return Flights::Outcome{"late", Sharing::cached};
                     });

  EXPECT_FALSE(found);
  EXPECT_FALSE(flights.cached(kKey));
  may_end.test_and_set();
  may_end.notify_all();
  thread.join();
  EXPECT_TRUE(flights.cached(kKey)) << "the next caller has it";
}

}  // namespace
}  // namespace llm::aws
