#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <llm/testing.hpp>

#include "aws/credentials/sources.hpp"
#include "bedrock/config/late_region.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {
namespace {

TEST(LateRegionThreads, ask_the_instance_once) {
  const auto transport = std::make_shared<testing::ScriptedTransport>();
  transport->expect(
      {.headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}}, .body = {"token"}});
  transport->expect({.body = {"eu-west-1"}});
  const LateRegion region({.system = std::make_shared<port::ScriptedSystem>(),
                           .transport = transport,
                           .config = std::make_shared<const aws::SharedConfig>()},
                          aws::static_credentials({.access_key_id = "A",
                                                   .source = std::string(aws::kInstanceMetadata)}),
                          std::make_shared<LookupPool>());
  std::atomic<int> right = 0;

  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&] {
        const auto found = region.get({}, {});
        if (found && found->region.value == "eu-west-1") ++right;
      });
    }
  }

  EXPECT_EQ(right, 16);
  EXPECT_EQ(transport->requests().size(), 2U);
}

/// Blocks until the test opens it, and ignores its stop.
class GatedCredentials final : public aws::CredentialsProvider {
 public:
  [[nodiscard]] std::string_view name() const override { return "gated"; }
  [[nodiscard]] Result<aws::CredentialsLookup> lookup(std::stop_token) const override {
    entered.test_and_set();
    entered.notify_all();
    is_open.wait(false);
    return aws::NotConfigured{"nothing"};
  }
  mutable std::atomic_flag entered;
  mutable std::atomic_flag is_open;
};

TEST(LateRegionThreads, end_the_wait_of_a_call_that_is_cancelled) {
  const auto gated = std::make_shared<const GatedCredentials>();
  const LateRegion region({}, gated, std::make_shared<LookupPool>());
  const std::jthread leads([&] { static_cast<void>(region.get({}, {})); });
  gated->entered.wait(false);
  std::stop_source stop;
  stop.request_stop();

  const auto found = region.get(stop.get_token(), {});

  gated->is_open.test_and_set();
  gated->is_open.notify_all();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "Finding the region of this machine was cancelled.");
}

}  // namespace
}  // namespace llm::bedrock
