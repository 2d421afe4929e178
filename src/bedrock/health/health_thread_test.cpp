#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include <llm/testing.hpp>

#include "bedrock/provider.hpp"
#include "tests/support/gated_transport.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {
namespace {

TEST(HealthThreads, do_not_wait_for_an_examination_of_another) {
  const auto transport = std::make_shared<test_support::GatedTransport>();
  Result<ProviderConfig> config = resolve({.model = "meta.llama3-3-70b-instruct-v1:0",
                                           .region = "us-east-1",
                                           .api_key = Secret("test-key"),
                                           .environment_use = EnvironmentUse::ignore,
                                           .transport = transport},
                                          std::make_shared<port::ScriptedSystem>());
  ASSERT_TRUE(config);
  const BedrockProvider provider(std::move(*config));
  const std::jthread examining([&] { static_cast<void>(provider.health({})); });
  transport->asked.wait(false);
  transport->let_others_through();

  const HealthReport report = provider.health({});

  transport->open();
  EXPECT_FALSE(report.cached);
}

}  // namespace
}  // namespace llm::bedrock
