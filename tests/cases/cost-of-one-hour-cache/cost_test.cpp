// What is written to the cache for an hour costs more than for five minutes.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include <llm/bedrock/client.hpp>
#include <llm/tool_loop.hpp>

#include "tests/support/case_reply.hpp"

namespace llm {
namespace {

constexpr auto kFolder = "cost-of-one-hour-cache";

// The prices of the test, so that it does not depend on the catalogue.
constexpr auto kCatalogue = "prices.json";

struct Form {
  std::string name;
  std::string reply;
  bedrock::Api api;
};

class HourCost : public ::testing::TestWithParam<Form> {
 protected:
  HourCost() {
    bedrock::Options options{.model = "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
                             .region = "us-east-1",
                             .catalogue = test_support::case_path(kFolder, kCatalogue).string(),
                             .credentials = aws::static_credentials(
                                 {.access_key_id = "a", .secret_access_key = Secret("b")}),
                             .api = GetParam().api,
                             .environment_use = bedrock::EnvironmentUse::ignore,
                             .transport = transport_};
    client_ = std::make_unique<Client>(*bedrock::create_client(std::move(options)));
    transport_->expect(test_support::case_reply(kFolder, GetParam().reply));
  }

  std::shared_ptr<testing::ScriptedTransport> transport_ =
      std::make_shared<testing::ScriptedTransport>();
  std::unique_ptr<Client> client_;
};

TEST_P(HourCost, is_that_of_an_hour) {
  const auto response = client_->chat_completion({.messages = {Message::user("hi")}});

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->details.cost_usd, 6.000105);
  EXPECT_EQ(response->usage.cache_write_tokens_by_ttl.at("1h"), 1'000'000);
  EXPECT_NE(to_json(*response).find("\"cost_usd\":6.000105}"), std::string::npos);
}

TEST_P(HourCost, is_the_same_in_a_tool_loop) {
  const ToolLoop loop;

  ChatRequest request{.messages = {Message::user("hi")}};

  const auto outcome = loop.run(*client_, request);

  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->cost_usd, 6.000105);
}

INSTANTIATE_TEST_SUITE_P(Cases, HourCost,
                         ::testing::Values(Form{"converse", "reply.json", bedrock::Api::converse},
                                           Form{"invoke", "reply-invoke.json",
                                                bedrock::Api::invoke}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace llm
