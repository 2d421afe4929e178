// The library against the local Bedrock: over real HTTP, signed, framed and parsed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include <llm/llm.hpp>
#include <llm/local/server.hpp>

namespace llm {
namespace {

using ::testing::HasSubstr;

const std::vector<std::string> kSpecified = {"anthropic.claude-3-5-sonnet-20241022-v2:0",
                                             "anthropic.claude-3-sonnet-20240229-v1:0",
                                             "anthropic.claude-3-haiku-20240307-v1:0",
                                             "anthropic.claude-v2:1",
                                             "amazon.titan-text-express-v1",
                                             "amazon.titan-text-lite-v1",
                                             "meta.llama2-70b-chat-v1",
                                             "meta.llama2-13b-chat-v1"};

class ClientLocalTest : public ::testing::Test {
 protected:
  Client client(const std::string& model = kSpecified.front(), std::string secret = "local") {
    auto made = create_client({.provider = "bedrock",
                               .model = model,
                               .base_url = server_.url(),
                               .extra = {{"region", "us-east-1"},
                                         {"access_key_id", "local"},
                                         {"secret_access_key", std::move(secret)}}});
    EXPECT_TRUE(made) << made.error().message;
    return *made;
  }

  local::Server server_ = *local::Server::start();
};

TEST_F(ClientLocalTest, calls_each_specified_model_buffered_and_streaming) {
  for (const std::string& model : kSpecified) {
    const ChatRequest request{.messages = {Message::user("Why is the sky blue?")}};

    const auto buffered = client(model).chat_completion(request);
    const auto streamed = client(model).stream_chat_completion(request).collect();

    ASSERT_TRUE(buffered) << model << ": " << buffered.error().message;
    ASSERT_TRUE(streamed) << model << ": " << streamed.error().message;
    EXPECT_THAT(buffered->text(), HasSubstr("local Bedrock")) << model;
    EXPECT_EQ(buffered->text(), streamed->text()) << model;
    EXPECT_EQ(buffered->usage, streamed->usage) << model;
    EXPECT_EQ(buffered->choices.at(0).finish_reason, FinishReason::stop) << model;
    EXPECT_EQ(streamed->choices.at(0).finish_reason, FinishReason::stop) << model;
    EXPECT_FALSE(buffered->details.request_id.empty()) << model;
    EXPECT_TRUE(buffered->details.model_latency) << model;
  }
}

TEST_F(ClientLocalTest, carries_a_conversation_with_a_system_message) {
  for (const std::string& model : kSpecified) {
    const auto response = client(model).chat_completion(
        {.messages = {Message::system("Be brief."), Message::user("One?"), Message::assistant("1"),
                      Message::user("Two?")}});

    ASSERT_TRUE(response) << model << ": " << response.error().message;
    EXPECT_THAT(response->text(), HasSubstr("Two?")) << model;
  }
}

TEST_F(ClientLocalTest, sends_consecutive_requests_over_one_connection) {
  const Client one = client();

  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(one.chat_completion({.messages = {Message::user("x")}}));
    ASSERT_TRUE(one.stream_chat_completion({.messages = {Message::user("x")}}).collect());
  }

  EXPECT_EQ(server_.counts().requests, 6U);
  EXPECT_EQ(server_.counts().connections, 1U);
}

TEST_F(ClientLocalTest, calls_tools_and_sends_their_results) {
  ChatRequest request{
      .messages = {Message::user("Use get_weather for Oslo")},
      .tools = {
          {.name = "get_weather",
           .description = "Weather of a city",
           .parameters = *Json::parse(
               R"({"type":"object","properties":{"city":{"type":"string"}},"required":["city"]})")}}};

  const auto first = client().stream_chat_completion(request).collect();
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->choices.at(0).finish_reason, FinishReason::tool_calls);
  const auto calls = first->choices.at(0).message.tool_calls();
  ASSERT_EQ(calls.size(), 1U);
  request.messages.push_back(first->choices.at(0).message);
  request.messages.push_back(Message::tool_result(calls[0].id, "4 degrees"));
  const auto second = client().chat_completion(request);

  ASSERT_TRUE(second) << second.error().message;
  EXPECT_THAT(second->text(), HasSubstr("4 degrees"));
}

TEST_F(ClientLocalTest, names_the_model_that_does_not_support_tools) {
  const auto response =
      client("meta.llama2-13b-chat-v1")
          .chat_completion({.messages = {Message::user("x")}, .tools = {{.name = "f"}}});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::unsupported_feature);
  EXPECT_THAT(response.error().message, HasSubstr("meta.llama2-13b-chat-v1"));
  EXPECT_EQ(server_.counts().requests, 0U);
}

TEST_F(ClientLocalTest, obeys_max_tokens_and_reports_length) {
  const auto response =
      client().chat_completion({.messages = {Message::user("Go on and on")}, .max_tokens = 4});

  ASSERT_TRUE(response);
  EXPECT_EQ(response->choices.at(0).finish_reason, FinishReason::length);
  EXPECT_EQ(response->usage.completion_tokens, 4);
}

TEST_F(ClientLocalTest, reports_a_wrong_secret_without_showing_it) {
  const auto response = client(kSpecified.front(), "not-the-secret")
                            .chat_completion({.messages = {Message::user("a private question")}});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::authentication_error);
  EXPECT_EQ(response.error().service_code, "InvalidSignatureException");
  EXPECT_THAT(response.error().message, ::testing::Not(HasSubstr("not-the-secret")));
  EXPECT_THAT(response.error().message, ::testing::Not(HasSubstr("Canonical")));
  EXPECT_EQ(response.error().status_code, 403);
  EXPECT_FALSE(response.error().request_id.empty());
}

TEST_F(ClientLocalTest, finds_a_healthy_service) {
  const HealthReport report = client().health();

  EXPECT_TRUE(report.healthy());
  for (const HealthCheck& check : report.checks) {
    EXPECT_EQ(check.status, HealthStatus::pass) << check.name << ": " << check.message;
  }
}

TEST_F(ClientLocalTest, cancels_a_stream) {
  std::stop_source source;
  ChatStream stream = client().stream_chat_completion({.messages = {Message::user("x")}},
                                                      {.stop = source.get_token()});
  source.request_stop();

  const auto response = stream.collect();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace llm
