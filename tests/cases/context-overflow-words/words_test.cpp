// A conversation that is too long, in the words of the service and its models.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include <llm/bedrock/client.hpp>

#include "tests/support/case_reply.hpp"

namespace llm {
namespace {

struct Words {
  std::string name;
  std::string reply;
  bool names_max_tokens = false;
};

class ContextOverflow : public ::testing::TestWithParam<Words> {};

TEST_P(ContextOverflow, is_recognised_by_its_words) {
  const auto transport = std::make_shared<testing::ScriptedTransport>();
  transport->expect(test_support::case_reply("context-overflow-words", GetParam().reply));
  const auto client =
      bedrock::create_client({.model = "us.anthropic.claude-sonnet-4-20250514-v1:0",
                              .region = "us-east-1",
                              .credentials = aws::static_credentials(
                                  {.access_key_id = "a", .secret_access_key = Secret("b")}),
                              .api = bedrock::Api::converse,
                              .environment_use = bedrock::EnvironmentUse::ignore,
                              .transport = transport,
                              .lint = bedrock::Lint::off});
  ASSERT_TRUE(client);

  const auto response =
      client->stream_chat_completion({.messages = {Message::user("hi")}}).collect();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::context_length_exceeded);
  EXPECT_FALSE(response.error().retryable);
  EXPECT_TRUE(response.error().advice.starts_with("Shorten the conversation"));
  EXPECT_EQ(response.error().advice.contains("max_tokens"), GetParam().names_max_tokens);
}

INSTANTIATE_TEST_SUITE_P(Cases, ContextOverflow,
                         ::testing::Values(Words{"with_max_tokens", "max-tokens-too.json", true},
                                           Words{"lower_case", "lower-case.json"},
                                           Words{"token_limit", "token-limit.json"},
                                           Words{"inside_a_stream", "in-a-stream.json"}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace llm
