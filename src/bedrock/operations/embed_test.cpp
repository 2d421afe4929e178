#include "bedrock/operations/embed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <llm/testing.hpp>

#include "bedrock/provider.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::string kTitan = "amazon.titan-embed-text-v2:0";
const std::string kCohere = "cohere.embed-v4:0";
const std::string kPng = "\x89PNG\r\n\x1a\n";

testing::ScriptedResponse titan_answer(std::string number, std::string request_id) {
  return {.headers = {{"x-amzn-requestid", std::move(request_id)},
                      {"x-amzn-bedrock-input-token-count", "4"},
                      {"x-amzn-bedrock-invocation-latency", "70"}},
          .body = {"{\"embedding\":[" + number + "],\"inputTextTokenCount\":4}"}};
}

std::string cohere_answer(std::size_t count) {
  std::string body = R"({"embeddings":{"float":[)";
  for (std::size_t i = 0; i < count; ++i) body += i == 0 ? "[1]" : ",[1]";
  return body + "]}}";
}

class EmbedTest : public ::testing::Test {
 protected:
  EmbedTest() {
    options_ = {.model = kTitan,
                .region = "us-east-1",
                .credentials = aws::static_credentials(
                    {.access_key_id = "A", .secret_access_key = Secret("s"), .source = "test"}),
                .max_retries = 0,
                .environment_use = EnvironmentUse::ignore,
                .transport = transport_};
  }

  Result<EmbeddingResponse> embed(EmbeddingRequest request, const CallOptions& options = {}) {
    auto config = resolve(options_, system_);
    EXPECT_TRUE(config);
    const Client client(std::make_shared<const BedrockProvider>(std::move(*config)));
    return client.embed(request, options);
  }

  std::shared_ptr<testing::ScriptedTransport> transport_ =
      std::make_shared<testing::ScriptedTransport>();
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  Options options_;
};

TEST_F(EmbedTest, sends_a_call_for_each_input_and_adds_up_what_they_took) {
  transport_->expect(titan_answer("0.5,-1", "r-1"));
  transport_->expect(titan_answer("2,3", "r-2"));

  const auto response = embed({.inputs = {"one", "two"}});

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->model, kTitan);
  EXPECT_THAT(response->embeddings, ElementsAre(ElementsAre(0.5, -1), ElementsAre(2, 3)));
  EXPECT_EQ(response->usage, (Usage{.prompt_tokens = 8, .total_tokens = 8}));
  EXPECT_THAT(response->details.request_ids, ElementsAre("r-1", "r-2"));
  EXPECT_EQ(response->details.attempts, 2);
  EXPECT_EQ(response->details.model_latency, milliseconds(140));
  ASSERT_TRUE(response->details.cost_usd);
  EXPECT_NEAR(*response->details.cost_usd, 8 * 0.02 / 1e6, 1e-15);
  const auto sent = transport_->requests();
  ASSERT_THAT(sent, SizeIs(2));
  EXPECT_THAT(sent[0].url, EndsWith("/model/amazon.titan-embed-text-v2%3A0/invoke"));
  EXPECT_THAT(*sent[0].body, HasSubstr("one"));
  EXPECT_THAT(*sent[1].body, HasSubstr("two"));
}

TEST_F(EmbedTest, sends_96_texts_a_call_to_cohere) {
  transport_->expect({.body = {cohere_answer(96)}});
  transport_->expect({.body = {cohere_answer(4)}});

  const auto response = embed({.model = kCohere,
                               .inputs = std::vector<EmbeddingInput>(100, "x"),
                               .input_type = "search_document"});

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_THAT(response->embeddings, SizeIs(100));
  EXPECT_THAT(transport_->requests(), SizeIs(2));
}

TEST_F(EmbedTest, leaves_unset_what_the_service_did_not_say) {
  transport_->expect({.body = {R"({"embedding":[1]})"}});

  const auto response = embed({.inputs = {"x"}});

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->usage, Usage{});
  EXPECT_FALSE(response->details.model_latency);
  EXPECT_FALSE(response->details.cost_usd);
}

TEST_F(EmbedTest, knows_no_price_of_an_image) {
  transport_->expect(
      {.headers = {{"x-amzn-bedrock-input-token-count", "4"}}, .body = {cohere_answer(1)}});

  const auto response = embed({.model = kCohere,
                               .inputs = {ImageContent{.source = kPng}},
                               .input_type = "search_document"});

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->usage.prompt_tokens, 4);
  EXPECT_FALSE(response->details.cost_usd);
}

TEST_F(EmbedTest, says_which_input_failed_and_counts_every_request) {
  transport_->expect(titan_answer("1", "r-1"));
  transport_->expect({.status = 429, .headers = {{"x-amzn-errortype", "ThrottlingException"}}});

  const auto response = embed({.inputs = {"one", "two", "three"}});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::rate_limit_error);
  EXPECT_THAT(response.error().message, StartsWith("inputs[1]: InvokeModel of \"amazon.titan"));
  EXPECT_EQ(response.error().attempts, 2);
}

TEST_F(EmbedTest, refuses_an_answer_with_another_number_of_vectors) {
  transport_->expect({.headers = {{"x-amzn-requestid", "r-9"}}, .body = {cohere_answer(1)}});

  const auto response =
      embed({.model = kCohere, .inputs = {"x", "y"}, .input_type = "search_document"});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::model_error);
  EXPECT_EQ(response.error().request_id, "r-9");
  EXPECT_THAT(response.error().message, HasSubstr("1 embeddings for 2 inputs"));
}

TEST_F(EmbedTest, keeps_the_time_limit_over_all_calls_together) {
  transport_->expect(titan_answer("1", "r-1"));
  transport_->expect(titan_answer("2", "r-2"));

  const auto response = embed({.inputs = {"one", "two"}}, {.timeout = milliseconds(500)});

  ASSERT_TRUE(response) << response.error().message;
  const auto sent = transport_->requests();
  EXPECT_EQ(sent.at(0).limits.total, milliseconds(500));
  EXPECT_LE(sent.at(1).limits.total, milliseconds(500));
}

TEST_F(EmbedTest, takes_the_longest_time_limit_there_is) {
  transport_->expect(titan_answer("1", "r-1"));

  const auto response = embed({.inputs = {"one"}}, {.timeout = milliseconds::max()});

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(transport_->requests().at(0).limits.total, std::chrono::years(1));
}

TEST_F(EmbedTest, warns_once_of_what_all_calls_have_in_common) {
  transport_->expect(titan_answer("1", "r-1"));
  transport_->expect(titan_answer("2", "r-2"));

  const auto response = embed({.inputs = {"one", "two"},
                               .dimensions = 256,
                               .extra_fields = Json::from_valid_text(R"({"dimensions":512})")});

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_THAT(response->warnings, SizeIs(1));
}

TEST_F(EmbedTest, refuses_before_the_network_what_cannot_be) {
  const struct {
    EmbeddingRequest request;
    ErrorCode code;
  } cases[] = {
      {{.model = "meta.llama3-3-70b-instruct-v1:0", .inputs = {"x"}},
       ErrorCode::unsupported_feature},
      {{.model = "acme.embed-of-tomorrow-v1", .inputs = {"x"}}, ErrorCode::unsupported_feature},
      {{.inputs = {ImageContent{.source = kPng}}}, ErrorCode::unsupported_feature},
      {{}, ErrorCode::invalid_request_error},
  };
  for (const auto& row : cases) {
    const auto response = embed(row.request);

    ASSERT_FALSE(response) << row.request.model;
    EXPECT_EQ(response.error().code, row.code) << row.request.model;
  }
  EXPECT_THAT(transport_->requests(), IsEmpty());
}

TEST_F(EmbedTest, refuses_to_chat_with_a_model_that_makes_embeddings) {
  auto config = resolve(options_, system_);
  ASSERT_TRUE(config);
  const BedrockProvider provider(std::move(*config));

  const auto response = provider.chat_completion({.messages = {Message::user("x")}}, {});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::unsupported_feature);
  EXPECT_THAT(response.error().message, HasSubstr(kTitan));
}

}  // namespace
}  // namespace llm::bedrock
