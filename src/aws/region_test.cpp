#include "aws/region.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using ::testing::HasSubstr;

class RegionTest : public ::testing::Test {
 protected:
  /// The region and its source, or the error's message.
  std::string resolve(std::string_view in_code, const RegionLookup& lookup = {}) {
    const auto region = resolve_region(system_, config_, "a", in_code, lookup);
    return region ? region->value + " from " + region->source : region.error().message;
  }

  port::ScriptedSystem system_;
  SharedConfig config_;
};

TEST_F(RegionTest, is_found_in_order) {
  const RegionLookup machine = [] { return std::optional<std::string>("eu-south-1"); };
  const RegionLookup unknown = [] { return std::optional<std::string>(); };

  EXPECT_EQ(resolve(""), "us-east-1 from default");
  EXPECT_EQ(resolve("", unknown), "us-east-1 from default");
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

TEST_F(RegionTest, looks_up_the_machine_only_when_nothing_is_configured) {
  int lookups = 0;
  const RegionLookup machine = [&] { return ++lookups, std::optional<std::string>("eu-south-1"); };

  (void)resolve("eu-north-1", machine);
  EXPECT_EQ(lookups, 0);

  (void)resolve("", machine);
  EXPECT_EQ(lookups, 1);
}

TEST_F(RegionTest, is_refused_when_it_would_change_the_host) {
  system_.set_env("AWS_REGION", "x@attacker.example:443/#");

  const auto region = resolve_region(system_, config_, "a", "");

  ASSERT_FALSE(region);
  EXPECT_EQ(region.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(region.error().message, HasSubstr(" from AWS_REGION is not valid."));
}

TEST_F(RegionTest, is_refused_wherever_it_comes_from) {
  const std::string hostile = "x@attacker.example:443/#";
  const auto refused = HasSubstr(" is not valid.");
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

TEST_F(RegionTest, is_refused_when_the_lookup_finds_nonsense) {
  const RegionLookup machine = [] { return std::optional<std::string>("EU WEST"); };

  EXPECT_THAT(resolve("", machine),
              HasSubstr("The region \"EU WEST\" from instance metadata is not valid."));
}

TEST_F(RegionTest, returns_the_failure_of_the_lookup) {
  const RegionLookup machine = [] {
    return Result<std::optional<std::string>>(
        std::unexpected(make_error(ErrorCode::cancelled, "stopped")));
  };

  EXPECT_EQ(resolve("", machine), "stopped");
}

}  // namespace
}  // namespace llm::aws
