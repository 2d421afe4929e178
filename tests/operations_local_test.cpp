// Token counting, embeddings and tool loops against the local Bedrock, over real HTTP.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include <llm/llm.hpp>
#include <llm/local/server.hpp>

namespace llm {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

const std::string kClaude = "anthropic.claude-3-5-sonnet-20241022-v2:0";

class OperationsLocalTest : public ::testing::Test {
 protected:
  Client client(const std::string& model) {
    auto made = create_client(
        {.provider = "bedrock",
         .model = model,
         .base_url = server_.url(),
         .extra = {
             {"region", "us-east-1"}, {"access_key_id", "local"}, {"secret_access_key", "local"}}});
    EXPECT_TRUE(made) << made.error().message;
    return *made;
  }

  local::Server server_ = *local::Server::start();
};

TEST_F(OperationsLocalTest, counts_the_tokens_that_the_chat_then_uses) {
  for (const std::string model : {"anthropic.claude-haiku-4-5-20251001-v1:0",
                                  "us.anthropic.claude-haiku-4-5-20251001-v1:0"}) {
    const ChatRequest request{.messages = {Message::user("Why is the sky blue?")}};

    const auto counted = client(model).count_tokens(request);
    const auto completed =
        client("us.anthropic.claude-haiku-4-5-20251001-v1:0").chat_completion(request);

    ASSERT_TRUE(counted) << counted.error().message;
    ASSERT_TRUE(completed) << completed.error().message;
    EXPECT_EQ(counted->prompt_tokens, completed->usage.prompt_tokens);
    EXPECT_EQ(counted->model, "anthropic.claude-haiku-4-5-20251001-v1:0");
  }
}

TEST_F(OperationsLocalTest, passes_on_the_refusal_of_a_model_that_cannot_count) {
  const auto counted =
      client("meta.llama3-70b-instruct-v1:0").count_tokens({.messages = {Message::user("x")}});

  ASSERT_FALSE(counted);
  EXPECT_EQ(counted.error().code, ErrorCode::invalid_request_error);
}

struct EmbeddingFamily {
  std::string name;
  std::string model;
  std::string input_type;
  std::size_t dimensions;
};

class EmbeddingsLocalTest : public OperationsLocalTest,
                            public ::testing::WithParamInterface<EmbeddingFamily> {};

TEST_P(EmbeddingsLocalTest, embeds_two_texts) {
  const EmbeddingFamily& family = GetParam();

  const auto response =
      client(family.model)
          .embed({.inputs = {"The sky is blue.", "Rivers run."}, .input_type = family.input_type});

  ASSERT_TRUE(response) << response.error().message;
  ASSERT_THAT(response->embeddings, SizeIs(2));
  for (const auto& vector : response->embeddings) EXPECT_THAT(vector, SizeIs(family.dimensions));
  EXPECT_NE(response->embeddings[0], response->embeddings[1]);
  EXPECT_GT(response->usage.prompt_tokens.value_or(0), 0);
  EXPECT_TRUE(response->details.cost_usd);
}

INSTANTIATE_TEST_SUITE_P(
    Families, EmbeddingsLocalTest,
    ::testing::Values(EmbeddingFamily{"titan", "amazon.titan-embed-text-v2:0", "", 1024},
                      EmbeddingFamily{"cohere_english", "cohere.embed-english-v3",
                                      "search_document", 1024},
                      EmbeddingFamily{"cohere_multilingual", "cohere.embed-multilingual-v3",
                                      "search_query", 1024},
                      EmbeddingFamily{"cohere_v4", "cohere.embed-v4:0", "clustering", 1536},
                      EmbeddingFamily{"nova", "amazon.nova-2-multimodal-embeddings-v1:0",
                                      "search_document", 3072}),
    [](const auto& test) { return test.param.name; });

TEST_F(OperationsLocalTest, runs_a_tool_loop_buffered_and_streaming) {
  ToolLoop loop;
  std::vector<std::string> arguments_of_calls;
  ASSERT_TRUE(loop.add(
      {.name = "get_weather",
       .description = "Weather of a city",
       .parameters = *Json::parse(
           R"({"type":"object","properties":{"city":{"type":"string"}},"required":["city"]})")},
      [&arguments_of_calls](const Json& arguments) {
        arguments_of_calls.push_back(arguments.text());
        return ToolOutput::text("4 degrees");
      }));
  int deltas = 0;
  const auto count = [&deltas](const StreamEvent& event) { deltas += event.is_delta() ? 1 : 0; };

  for (const bool streaming : {false, true}) {
    ChatRequest request{.messages = {Message::user("Use get_weather for Oslo")}};

    const auto outcome =
        loop.run(client(kClaude), request,
                 streaming ? ToolLoopOptions{.on_event = count} : ToolLoopOptions{});

    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->end, ToolLoopEnd::completed);
    EXPECT_EQ(outcome->steps, 2);
    EXPECT_THAT(outcome->response.text(), HasSubstr("4 degrees"));
    EXPECT_THAT(request.messages, SizeIs(4));
    EXPECT_GT(outcome->usage.total_tokens.value_or(0),
              outcome->response.usage.total_tokens.value_or(0));
  }
  EXPECT_THAT(arguments_of_calls, SizeIs(2));
  EXPECT_GT(deltas, 2);
}

}  // namespace
}  // namespace llm
