#include "bedrock/call/in_flight.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "tests/support/child_process.hpp"

namespace llm::bedrock {
namespace {

using test_support::ChildProcess;

std::string outcome_of_entering(const std::shared_ptr<InFlight>& counter) {
  const auto place = InFlight::enter(counter);
  return place ? "entered" : place.error().message;
}

class InFlightTest : public ::testing::Test {
 protected:
  std::string report_of_child() {
    return ChildProcess([this] { return outcome_of_entering(counter_); }).report();
  }

  const std::string refusal_ = "This client was in use when the process forked.";
  std::shared_ptr<InFlight> counter_ = std::make_shared<InFlight>();
};

TEST_F(InFlightTest, lets_a_child_in_when_nothing_is_left) {
  {
    const auto place = InFlight::enter(counter_);
  }
  EXPECT_EQ(report_of_child(), "entered");
}

TEST_F(InFlightTest, refuses_a_child_for_good_when_a_place_is_held) {
  std::optional place(*InFlight::enter(counter_));
  ChildProcess child([&] {
    place.reset();
    const bool is_lost = counter_->is_lost();
    return outcome_of_entering(counter_) + (is_lost ? " Lost." : "");
  });

  EXPECT_EQ(child.report(), refusal_ + " Lost.");
  EXPECT_FALSE(counter_->is_lost());
  EXPECT_EQ(outcome_of_entering(counter_), "entered");
  place.reset();
  EXPECT_EQ(report_of_child(), "entered");
}

TEST_F(InFlightTest, counts_a_copy_on_its_own) {
  std::optional place(*InFlight::enter(counter_));
  std::optional copy(*place);
  place.reset();
  EXPECT_EQ(report_of_child(), refusal_);

  copy = InFlight::Place();
  EXPECT_EQ(report_of_child(), "entered");
}

TEST_F(InFlightTest, counts_in_a_child_for_a_grandchild) {
  ChildProcess child([this] {
    const auto place = InFlight::enter(counter_);
    return report_of_child();
  });
  EXPECT_EQ(child.report(), refusal_);
}

}  // namespace
}  // namespace llm::bedrock
