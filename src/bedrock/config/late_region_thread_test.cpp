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

TEST(LateRegionThreads, ask_the_instance_once_between_them) {
  const auto transport = std::make_shared<testing::ScriptedTransport>();
  transport->expect(
      {.headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}}, .body = {"token"}});
  transport->expect({.body = {"eu-west-1"}});
  const LateRegion region({.system = std::make_shared<port::ScriptedSystem>(),
                           .transport = transport,
                           .config = std::make_shared<const aws::SharedConfig>()},
                          aws::static_credentials({.access_key_id = "A",
                                                   .source = std::string(aws::kInstanceMetadata)}));
  std::atomic<int> right = 0;

  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&] {
        const auto found = region.settle({}, {});
        if (found && found->region.value == "eu-west-1") ++right;
      });
    }
  }

  EXPECT_EQ(right, 16);
  EXPECT_EQ(transport->requests().size(), 2U);
}

/// Says nothing until it is told to stop.
class MuteCredentials final : public aws::CredentialsProvider {
 public:
  [[nodiscard]] std::string_view name() const override { return "mute"; }
  [[nodiscard]] Result<aws::CredentialsLookup> lookup(std::stop_token) const override {
    asked.test_and_set();
    asked.notify_all();
    told.wait(false);
    return aws::NotConfigured{"told to"};
  }
  mutable std::atomic_flag asked;
  mutable std::atomic_flag told;
};

TEST(LateRegionThreads, let_go_of_one_that_waits_when_it_is_cancelled) {
  const auto mute = std::make_shared<const MuteCredentials>();
  const LateRegion region({}, mute);
  const std::jthread asks([&] { static_cast<void>(region.settle({}, {})); });
  mute->asked.wait(false);
  std::stop_source stop;
  stop.request_stop();

  const auto found = region.settle(stop.get_token(), {});

  mute->told.test_and_set();
  mute->told.notify_all();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace llm::bedrock
