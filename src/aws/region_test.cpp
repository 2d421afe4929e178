#include "aws/region.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using ::testing::HasSubstr;

class RegionTest : public ::testing::Test {
 protected:
  /// The region and its origin, or the error's message.
  std::string resolve(std::string_view in_code, const RegionHook& ask_machine = {}) {
    const auto region = resolve_region(system_, config_, "a", in_code, ask_machine);
    return region ? region->value + " from " + region->source : region.error().message;
  }

  port::ScriptedSystem system_;
  SharedConfig config_;
};

TEST_F(RegionTest, is_found_in_order) {
  const RegionHook machine = [] { return std::optional<std::string>("eu-south-1"); };
  const RegionHook no_answer = [] { return std::optional<std::string>(); };

  EXPECT_EQ(resolve(""), "us-east-1 from default");
  EXPECT_EQ(resolve("", no_answer), "us-east-1 from default");
  EXPECT_EQ(resolve("", machine), "eu-south-1 from instance metadata");

  config_.profiles["a"]["region"] = {"eu-west-3", {}};
  EXPECT_EQ(resolve("", machine), "eu-west-3 from profile \"a\"");

  system_.set_env("AWS_DEFAULT_REGION", "eu-west-2");
  EXPECT_EQ(resolve("", machine), "eu-west-2 from AWS_DEFAULT_REGION");

  system_.set_env("AWS_REGION", " ");
  EXPECT_EQ(resolve("", machine), "eu-west-2 from AWS_DEFAULT_REGION");

  system_.set_env("AWS_REGION", "eu-west-1");
  EXPECT_EQ(resolve("", machine), "eu-west-1 from AWS_REGION");
  EXPECT_EQ(resolve("eu-north-1", machine), "eu-north-1 from code");
}

TEST_F(RegionTest, asks_the_machine_only_when_nobody_else_knows) {
  int asked = 0;
  const RegionHook machine = [&] { return ++asked, std::optional<std::string>("eu-south-1"); };

  (void)resolve("eu-north-1", machine);
  EXPECT_EQ(asked, 0);

  (void)resolve("", machine);
  EXPECT_EQ(asked, 1);
}

TEST_F(RegionTest, is_refused_when_it_would_change_the_host) {
  system_.set_env("AWS_REGION", "x@attacker.example:443/#");

  const auto region = resolve_region(system_, config_, "a", "");

  ASSERT_FALSE(region);
  EXPECT_EQ(region.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(region.error().message, HasSubstr("region from AWS_REGION"));
}

TEST_F(RegionTest, is_refused_wherever_it_comes_from) {
  const std::string hostile = "x@attacker.example:443/#";
  const auto refused = HasSubstr("is no AWS region");
  EXPECT_THAT(resolve(hostile), refused);

  config_.profiles["a"]["region"] = {hostile, {}};
  EXPECT_THAT(resolve(""), refused);

  system_.set_env("AWS_DEFAULT_REGION", hostile);
  config_.profiles["a"]["region"] = {"eu-west-3", {}};
  EXPECT_THAT(resolve(""), refused);

  system_.set_env("AWS_REGION", hostile);
  system_.set_env("AWS_DEFAULT_REGION", "eu-west-2");
  EXPECT_THAT(resolve(""), refused);
}

TEST_F(RegionTest, is_refused_when_the_machine_gives_nonsense) {
  const RegionHook machine = [] { return std::optional<std::string>("EU WEST"); };

  EXPECT_THAT(resolve("", machine), HasSubstr("region from instance metadata"));
}

TEST_F(RegionTest, hands_on_the_failure_of_the_machine) {
  const RegionHook machine = [] {
    return Result<std::optional<std::string>>(
        std::unexpected(make_error(ErrorCode::cancelled, "stopped")));
  };

  EXPECT_EQ(resolve("", machine), "stopped");
}

}  // namespace
}  // namespace llm::aws
