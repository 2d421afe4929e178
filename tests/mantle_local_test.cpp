// The library against the local bedrock-mantle: signed, over real HTTP, server-sent events parsed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>

#include <llm/llm.hpp>
#include <llm/local/server.hpp>

#include "tests/support/client_options.hpp"

namespace llm {
namespace {

using ::testing::HasSubstr;

struct MantleRow {
  std::string name;
  std::string model;
  bedrock::Api api;
};

void PrintTo(const MantleRow& row, std::ostream* out) { *out << row.name; }

class MantleLocalTest : public ::testing::TestWithParam<MantleRow> {
 protected:
  [[nodiscard]] Client client() const {
    auto made = bedrock::create_client(test_support::options_at(
        server_.url(), {.model = GetParam().model, .api = GetParam().api, .max_retries = 0}));
    EXPECT_TRUE(made) << made.error().message;
    return *made;
  }

  /// The operations that the server has seen are of bedrock-mantle alone.
  void expect_mantle() const {
    for (const local::JournalEntry& entry : server_.journal()) {
      EXPECT_TRUE(entry.operation == local::Operation::messages ||
                  entry.operation == local::Operation::chat_completions);
    }
  }

  local::Server server_ = *local::Server::start();
};

const Tool kWeather{.name = "get_weather",
                    .description = "The weather of a city.",
                    .parameters = Json::from_valid_text(
                        R"({"type":"object","properties":{"city":{"type":"string"}}})")};

TEST_P(MantleLocalTest, says_the_same_buffered_and_streaming) {
  const ChatRequest request{.messages = {Message::system("Be brief."), Message::user("One?"),
                                         Message::assistant("1"),
                                         Message::user("Why is the sky blue?")}};

  const auto buffered = client().chat_completion(request);
  const auto streamed = client().stream_chat_completion(request).collect();

  ASSERT_TRUE(buffered) << buffered.error().message;
  ASSERT_TRUE(streamed) << streamed.error().message;
  EXPECT_THAT(buffered->text(), HasSubstr("sky blue"));
  EXPECT_EQ(buffered->text(), streamed->text());
  EXPECT_EQ(buffered->usage, streamed->usage);
  EXPECT_FALSE(buffered->usage.empty());
  EXPECT_EQ(streamed->choices.at(0).finish_reason, FinishReason::stop);
  EXPECT_FALSE(streamed->details.request_id.empty());
  expect_mantle();
}

TEST_P(MantleLocalTest, calls_a_tool_and_reads_its_result) {
  ChatRequest request{.messages = {Message::user("Use get_weather for Oslo.")},
                      .tools = {kWeather}};

  const auto streamed = client().stream_chat_completion(request).collect();
  ASSERT_TRUE(streamed) << streamed.error().message;
  const auto calls = streamed->choices.at(0).message.tool_calls();
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(streamed->choices.at(0).finish_reason, FinishReason::tool_calls);
  request.messages.push_back(streamed->choices.at(0).message);
  request.messages.push_back(Message::tool_result(calls.at(0).id, "12 degrees"));
  const auto answered = client().chat_completion(request);

  ASSERT_TRUE(answered) << answered.error().message;
  EXPECT_THAT(answered->text(), HasSubstr("12 degrees"));
}

TEST_P(MantleLocalTest, ends_a_broken_stream_with_one_error) {
  const std::pair<local::Fault, ErrorCode> faults[] = {
      {local::fault::Truncation{.after_bytes = 150}, ErrorCode::stream_error},
      {local::fault::Truncation{.after_bytes = 150, .end = local::fault::HttpEnd::proper},
       ErrorCode::stream_error},
      {local::fault::Reset{.after_bytes = 150}, ErrorCode::stream_error},
      {local::fault::Exception{.name = "ThrottlingException", .after_events = 2},
       ErrorCode::rate_limit_error},
      {local::fault::ErrorMessage{.message = "Oh.", .after_events = 2}, ErrorCode::server_error},
      {local::fault::EmptyReply{}, ErrorCode::stream_error},
      {local::fault::HtmlPage{}, ErrorCode::server_error},
      {local::fault::Exception{.name = "ThrottlingException"}, ErrorCode::rate_limit_error},
  };
  for (const auto& [fault, code] : faults) {
    server_.clear();
    server_.add_rule({.fault = fault});
    ChatStream stream =
        client().stream_chat_completion({.messages = {Message::user("Why is the sky blue?")}});
    int ends = 0;
    ErrorCode found{};
    for (const StreamEvent& event : stream) {
      if (event.is_delta()) continue;
      ++ends;
      if (event.is_error()) found = event.error().code;
    }

    EXPECT_EQ(ends, 1) << local::fault_name(fault);
    EXPECT_EQ(found, code) << local::fault_name(fault);
  }
}

TEST_P(MantleLocalTest, is_refused_with_a_wrong_secret) {
  bedrock::Options options = test_support::options_at(
      server_.url(), {.model = GetParam().model, .api = GetParam().api, .max_retries = 0});
  options.credentials =
      aws::static_credentials({.access_key_id = "local", .secret_access_key = Secret("wrong")});
  const auto made = bedrock::create_client(options);
  ASSERT_TRUE(made);

  const auto response = made->chat_completion({.messages = {Message::user("x")}});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::authentication_error) << response.error().message;
  EXPECT_EQ(response.error().status_code, 401);
}

INSTANTIATE_TEST_SUITE_P(
    Models, MantleLocalTest,
    ::testing::Values(MantleRow{"claude_there_alone", "anthropic.claude-haiku-4-5",
                                bedrock::Api::automatic},
                      MantleRow{"claude", "anthropic.claude-opus-5-5", bedrock::Api::mantle},
                      MantleRow{"deepseek_there_alone", "deepseek.v3.1", bedrock::Api::automatic},
                      MantleRow{"gpt_oss", "openai.gpt-oss-120b", bedrock::Api::mantle},
                      MantleRow{"under_openai", "xai.grok-4.7", bedrock::Api::mantle}),
    [](const auto& row) { return row.param.name; });

TEST(MantleLocal, takes_an_api_key) {
  local::ServerOptions options;
  options.api_keys = {Secret("ABSKgood")};
  const auto server = local::Server::start(std::move(options));
  ASSERT_TRUE(server);
  for (const auto& [key, is_good] : {std::pair("ABSKgood", true), std::pair("ABSKbad", false)}) {
    auto with_key = test_support::options_at(
        server->url(), {.model = "deepseek.v3.1", .api_key = Secret(key), .max_retries = 0});
    with_key.credentials.reset();
    const auto made = bedrock::create_client(with_key);
    ASSERT_TRUE(made);

    const auto response = made->chat_completion({.messages = {Message::user("x")}});

    EXPECT_EQ(response.has_value(), is_good);
    if (response) continue;
    EXPECT_EQ(response.error().code, ErrorCode::authentication_error);
    EXPECT_THAT(response.error().message, HasSubstr("Invalid bearer token"));
  }
}

}  // namespace
}  // namespace llm
