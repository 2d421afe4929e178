// What stands around an answer, against the local Bedrock over real HTTP: counting, vectors, tools.

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

class AroundTheAnswer : public ::testing::Test {
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

TEST_F(AroundTheAnswer, counts_what_the_chat_then_takes) {
  for (const std::string model : {"anthropic.claude-haiku-4-5-20251001-v1:0",
                                  "us.anthropic.claude-haiku-4-5-20251001-v1:0"}) {
    const ChatRequest request{.messages = {Message::user("Why is the sky blue?")}};

    const auto counted = client(model).count_tokens(request);
    const auto answered =
        client("us.anthropic.claude-haiku-4-5-20251001-v1:0").chat_completion(request);

    ASSERT_TRUE(counted) << counted.error().message;
    ASSERT_TRUE(answered) << answered.error().message;
    EXPECT_EQ(counted->prompt_tokens, answered->usage.prompt_tokens);
    EXPECT_EQ(counted->model, "anthropic.claude-haiku-4-5-20251001-v1:0");
  }
}

TEST_F(AroundTheAnswer, gives_the_refusal_of_a_model_that_cannot_count) {
  const auto counted =
      client("meta.llama3-70b-instruct-v1:0").count_tokens({.messages = {Message::user("x")}});

  ASSERT_FALSE(counted);
  EXPECT_EQ(counted.error().code, ErrorCode::invalid_request_error);
}

TEST_F(AroundTheAnswer, makes_vectors_with_each_family) {
  const struct {
    std::string model;
    std::string input_type;
    std::size_t dimensions;
  } cases[] = {{"amazon.titan-embed-text-v2:0", "", 1024},
               {"cohere.embed-english-v3", "search_document", 1024},
               {"cohere.embed-multilingual-v3", "search_query", 1024},
               {"cohere.embed-v4:0", "clustering", 1536},
               {"amazon.nova-2-multimodal-embeddings-v1:0", "search_document", 3072}};
  for (const auto& row : cases) {
    const auto response = client(row.model).embed(
        {.inputs = {"The sky is blue.", "Rivers run."}, .input_type = row.input_type});

    ASSERT_TRUE(response) << row.model << ": " << response.error().message;
    ASSERT_THAT(response->embeddings, SizeIs(2)) << row.model;
    for (const auto& vector : response->embeddings) {
      EXPECT_THAT(vector, SizeIs(row.dimensions)) << row.model;
    }
    EXPECT_NE(response->embeddings[0], response->embeddings[1]) << row.model;
    EXPECT_GT(response->usage.prompt_tokens.value_or(0), 0) << row.model;
    EXPECT_TRUE(response->details.cost_usd) << row.model;
  }
}

TEST_F(AroundTheAnswer, runs_a_tool_loop_whole_and_streamed) {
  ToolLoop loop;
  std::vector<std::string> given;
  ASSERT_TRUE(loop.add(
      {.name = "get_weather",
       .description = "Weather of a city",
       .parameters = *Json::parse(
           R"({"type":"object","properties":{"city":{"type":"string"}},"required":["city"]})")},
      [&given](const Json& arguments) {
        given.push_back(arguments.text());
        return ToolOutput::text("4 degrees");
      }));
  int deltas = 0;
  const auto count = [&deltas](const StreamEvent& event) { deltas += event.is_delta() ? 1 : 0; };

  for (const bool streamed : {false, true}) {
    ChatRequest request{.messages = {Message::user("Use get_weather for Oslo")}};

    const auto outcome =
        loop.run(client(kClaude), request,
                 streamed ? ToolLoopOptions{.on_event = count} : ToolLoopOptions{});

    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->end, ToolLoopEnd::completed);
    EXPECT_EQ(outcome->steps, 2);
    EXPECT_THAT(outcome->response.text(), HasSubstr("4 degrees"));
    EXPECT_THAT(request.messages, SizeIs(4));
    EXPECT_GT(outcome->usage.total_tokens.value_or(0),
              outcome->response.usage.total_tokens.value_or(0));
  }
  EXPECT_THAT(given, SizeIs(2));
  EXPECT_GT(deltas, 2);
}

}  // namespace
}  // namespace llm
