#include "bedrock/config/late_region.hpp"

#include <gtest/gtest.h>

#include "bedrock/config/late_region_test_support.hpp"
#include "bedrock/operations/chat.hpp"

namespace llm::bedrock {
namespace {

using LateRegionTest = LateRegionFixture;

TEST_F(LateRegionTest, sends_nothing_before_the_first_call) {
  ChatStream stream = stream_chat_completion(core(), request(), {});

  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(LateRegionTest, reports_missing_credentials_and_looks_again_the_next_time) {
  const auto config = resolve(options_, system_);
  ASSERT_TRUE(config);

  const auto without = region_in_use(*config, {}, {});  // Nothing responds.
  respond_credentials();
  respond_token();
  respond(200, "eu-west-1");
  const auto with = region_in_use(*config, {}, {});

  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code, ErrorCode::authentication_error);
  ASSERT_TRUE(with) << with.error().message;
  EXPECT_EQ(with->region.value, "eu-west-1");
  EXPECT_EQ(with->region.source, "instance metadata");
}

}  // namespace
}  // namespace llm::bedrock
