#include <llm/health.hpp>

#include <gtest/gtest.h>

namespace llm {
namespace {

HealthReport report_of(std::vector<HealthStatus> statuses) {
  HealthReport report;
  for (const HealthStatus status : statuses) report.checks.push_back({.status = status});
  return report;
}

TEST(HealthReport, is_healthy_when_every_check_passed) {
  EXPECT_TRUE(report_of({HealthStatus::pass, HealthStatus::pass}).healthy());
  EXPECT_FALSE(report_of({HealthStatus::pass, HealthStatus::fail}).healthy());
  EXPECT_FALSE(report_of({HealthStatus::unknown, HealthStatus::pass}).healthy());
}

TEST(HealthReport, is_not_healthy_when_nothing_was_checked) {
  EXPECT_FALSE(HealthReport{}.healthy());
}

TEST(HealthStatus, has_the_documented_names) {
  EXPECT_EQ(to_string(HealthStatus::pass), "pass");
  EXPECT_EQ(to_string(HealthStatus::fail), "fail");
  EXPECT_EQ(to_string(HealthStatus::unknown), "unknown");
}

}  // namespace
}  // namespace llm
