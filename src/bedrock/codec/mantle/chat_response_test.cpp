#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "aws/protocol/server_sent_events.hpp"
#include "bedrock/codec/native_test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::has_warning;
using ::testing::HasSubstr;

Result<ChatResponse> decode_chat(std::string_view body) {
  return chat_completions_codec().decode({}, body);
}

// After the examples of OpenAI's API reference, "The chat completion object".
TEST(ChatCompletionsResponse, has_text_usage_and_tier) {
  const auto response = decode_chat(
      R"({"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"acme.chat-1",)"
      R"("choices":[{"index":0,"message":{"role":"assistant","content":"Hello!","refusal":null,)"
      R"("annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":19,)"
      R"("completion_tokens":10,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":16},)"
      R"("completion_tokens_details":{"reasoning_tokens":0}},"service_tier":"default"})");

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->id, "chatcmpl-1");
  EXPECT_EQ(response->text(), "Hello!");
  EXPECT_EQ(response->choices.at(0).finish_reason, FinishReason::stop);
  EXPECT_EQ(response->choices.at(0).stop_reason, "stop");
  EXPECT_EQ(response->usage.prompt_tokens, 3);
  EXPECT_EQ(response->usage.cache_read_tokens, 16);
  EXPECT_EQ(response->usage.completion_tokens, 10);
  EXPECT_EQ(response->usage.total_tokens, 29);
  EXPECT_EQ(response->details.service_tier, "default");
}

TEST(ChatCompletionsResponse, has_reasoning_and_tool_calls) {
  const auto response = decode_chat(
      R"({"choices":[{"message":{"role":"assistant","content":null,"reasoning":"Hm.",)"
      R"("tool_calls":[{"id":"call_1","type":"function","function":{"name":"f",)"
      R"("arguments":"{\"a\":1}"}},{"id":"call_2","type":"function","function":{"name":"g",)"
      R"("arguments":""}}]},"finish_reason":"tool_calls"}]})");

  ASSERT_TRUE(response) << response.error().message;
  const Choice& choice = response->choices.at(0);
  EXPECT_EQ(choice.finish_reason, FinishReason::tool_calls);
  ASSERT_EQ(choice.message.content.size(), 3U);
  EXPECT_EQ(std::get<ReasoningContent>(choice.message.content[0]).text, "Hm.");
  const auto calls = choice.message.tool_calls();
  EXPECT_EQ(calls.at(0).id, "call_1");
  EXPECT_EQ(calls.at(0).arguments.text(), R"({"a":1})");
  EXPECT_EQ(calls.at(1).arguments.text(), "{}");
  EXPECT_TRUE(response->usage.empty());
}

TEST(ChatCompletionsResponse, takes_a_refusal_as_filtered_content) {
  const auto response = decode_chat(
      R"({"choices":[{"message":{"content":null,"refusal":"No."},"finish_reason":"stop"}]})");

  ASSERT_TRUE(response);
  EXPECT_EQ(response->text(), "No.");
  EXPECT_EQ(response->choices.at(0).finish_reason, FinishReason::content_filter);
}

TEST(ChatCompletionsResponse, is_refused_where_it_is_damaged) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"[", "cannot be parsed"},
      {"{}", "no choices"},
      {R"({"choices":[]})", "no choices"},
      {R"({"choices":[{"finish_reason":"stop"}]})", "no message"},
      {R"({"choices":[{"message":{"content":"x"}}]})", "no finish reason"},
      {R"({"choices":[{"message":{"tool_calls":[{"function":{"name":"f","arguments":"{"}}]},)"
       R"("finish_reason":"tool_calls"}]})",
       "not JSON"},
      {R"({"choices":[{"message":{"tool_calls":[{"function":{}}]},"finish_reason":"stop"}]})",
       "no name"},
  };
  for (const auto& [body, part] : cases) {
    const auto response = decode_chat(body);

    ASSERT_FALSE(response) << body;
    EXPECT_EQ(response.error().code, ErrorCode::model_error) << body;
    EXPECT_THAT(response.error().message, HasSubstr(part));
  }
}

TEST(ChatCompletionsResponse, may_be_an_error) {
  const auto response =
      decode_chat(R"({"error":{"code":"rate_limit_exceeded","message":"Slow down."}})");

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::rate_limit_error);
  EXPECT_TRUE(response.error().retryable);
}

/// All events that a codec makes of the bytes of a stream; its error comes last.
std::vector<StreamEvent> events_of(const Codec& codec, std::string_view bytes) {
  const std::unique_ptr<StreamDecoder> decoder = codec.stream_decoder();
  aws::ServerSentEventDecoder frames;
  std::vector<StreamEvent> events;
  frames.feed(bytes);
  for (;;) {
    const auto message = frames.next();
    if (!message || *message == nullptr) break;
    if (auto decoded = decoder->on_event(**message, events); !decoded) {
      events.emplace_back(decoded.error());
      return events;
    }
  }
  if (auto finished = decoder->finish(events); !finished) events.emplace_back(finished.error());
  return events;
}

std::string chunks(const std::vector<std::string>& data) {
  std::string body;
  for (const std::string& each : data) body += "data: " + each + "\n\n";
  return body;
}

std::string delta(const std::string& members, const std::string& reason = "null") {
  return R"({"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{)" +
         members + R"(},"finish_reason":)" + reason + R"(}],"usage":null})";
}

// The order of the last three was recorded from the service (maximhq/bifrost#7065).
const std::string kUsage =
    R"({"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,)"
    R"("total_tokens":7}})";
const std::string kStopChunk = delta("", R"("stop")");

std::vector<StreamEvent> run(const std::vector<std::string>& data) {
  return events_of(chat_completions_codec(), chunks(data));
}

TEST(ChatCompletionsStream, has_the_text_and_the_usage_after_the_finish_reason) {
  const auto events =
      run({delta(R"("role":"assistant","content":"")"), delta(R"("content":"Hel")"),
           delta(R"("content":"lo","obfuscation":"xyz")"), kStopChunk, kUsage, "[DONE]"});

  const auto response = testing::collected(events);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->text(), "Hello");
  EXPECT_EQ(response->id, "chatcmpl-1");
  EXPECT_EQ(response->choices.at(0).finish_reason, FinishReason::stop);
  EXPECT_EQ(response->usage.prompt_tokens, 5);
  EXPECT_EQ(response->usage.total_tokens, 7);
  EXPECT_TRUE(response->warnings.empty());
}

TEST(ChatCompletionsStream, has_reasoning_text_and_interleaved_tool_calls_in_blocks_of_their_own) {
  const auto events =
      run({delta(R"("reasoning":"Hm","reasoning_content":"Hm")"), delta(R"("reasoning":".")"),
           delta(R"("content":"Wait.")"),
           delta(R"("tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f",)"
                 R"("arguments":""}}])"),
           delta(R"("tool_calls":[{"index":1,"id":"c2","type":"function","function":{"name":"g",)"
                 R"("arguments":"{\"b\""}}])"),
           delta(R"("tool_calls":[{"index":0,"function":{"arguments":"{\"a\":1}"}},)"
                 R"({"index":1,"function":{"arguments":":2}"}}])"),
           delta("", R"("tool_calls")"), kUsage, "[DONE]"});

  const auto response = testing::collected(events);
  ASSERT_TRUE(response) << response.error().message;
  const auto& content = response->choices.at(0).message.content;
  ASSERT_EQ(content.size(), 4U);
  EXPECT_EQ(std::get<ReasoningContent>(content[0]).text, "Hm.");
  EXPECT_EQ(std::get<TextContent>(content[1]).text, "Wait.");
  EXPECT_EQ(std::get<ToolCallContent>(content[2]).id, "c1");
  EXPECT_EQ(std::get<ToolCallContent>(content[2]).arguments.text(), R"({"a":1})");
  EXPECT_EQ(std::get<ToolCallContent>(content[3]).arguments.text(), R"({"b":2})");
  EXPECT_EQ(response->choices.at(0).finish_reason, FinishReason::tool_calls);
}

TEST(ChatCompletionsStream, warns_of_what_it_does_not_know_and_of_missing_counts) {
  const auto events = run(
      {R"({"object":"keep.alive"})", delta(R"("content":"x","video":[1])"), kStopChunk, "[DONE]"});

  const auto response = testing::collected(events);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_TRUE(has_warning(response->warnings, "unknown_delta"));
  EXPECT_TRUE(has_warning(response->warnings, "no_metadata"));
}

TEST(ChatCompletionsStream, ends_with_one_error_where_it_is_cut_or_damaged) {
  const std::string text = delta(R"("content":"x")");
  const struct {
    std::vector<std::string> data;
    std::string part;
  } cases[] = {
      {{}, "ended before"},
      {{text}, "ended before"},
      {{text, kStopChunk}, "ended before"},
      {{text, kStopChunk, kUsage}, "ended before"},
      {{text, "[DONE]"}, "without a finish reason"},
      {{text, kStopChunk, text, "[DONE]"}, "follows the finish reason"},
      {{text, kStopChunk, "[DONE]", text}, "follows the last one"},
      {{text, kStopChunk, "[DONE]", "[DONE]"}, "follows the last one"},
      {{text, "{\"choices\":["}, "not JSON"},
      {{text, "7"}, "not a JSON object"},
      {{delta(R"("content":7)")}, "no content"},
      {{delta(R"("tool_calls":[{"function":{"name":"f"}}])")}, "no index"},
      {{delta(R"("tool_calls":[{"index":0,"function":{}}])")}, "without a name"},
      {{R"({"choices":[{"index":1,"delta":{"content":"x"}}]})"}, "more than one choice"},
  };
  for (const auto& row : cases) {
    const auto events = run(row.data);

    ASSERT_TRUE(events.back().is_error()) << row.part;
    EXPECT_EQ(events.back().error().code, ErrorCode::stream_error) << row.part;
    EXPECT_THAT(events.back().error().message, HasSubstr(row.part));
  }
}

TEST(ChatCompletionsStream, ends_with_the_error_that_the_model_reports) {
  const auto events =
      run({delta(R"("content":"x")"),
           R"({"error":{"message":"Internal","type":"server_error","code":null}})"});

  ASSERT_TRUE(events.back().is_error());
  EXPECT_EQ(events.back().error().code, ErrorCode::server_error);
  EXPECT_EQ(events.back().error().service_code, "server_error");
}

// Anthropic Messages on bedrock-mantle: its own codec, framed as server-sent events.
// After the example of Anthropic's API reference, "Streaming messages".
const std::string kMessage =
    "event: message_start\n"
    R"(data: {"type":"message_start","message":{"id":"msg_1","content":[],"usage":)"
    R"({"input_tokens":25,"output_tokens":1}}})"
    "\n\nevent: content_block_start\n"
    R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"
    "\n\nevent: ping\n"
    R"(data: {"type": "ping"})"
    "\n\nevent: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}})"
    "\n\nevent: content_block_stop\n"
    R"(data: {"type":"content_block_stop","index":0})"
    "\n\nevent: message_delta\n"
    R"(data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":)"
    R"({"output_tokens":15}})"
    "\n\n";
const std::string kMessageStop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

TEST(ClaudeMantleStream, is_read_from_server_sent_events) {
  const auto response =
      testing::collected(events_of(claude_mantle_codec(), kMessage + kMessageStop));

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->text(), "Hello");
  EXPECT_EQ(response->usage.total_tokens, 40);
  EXPECT_EQ(response->choices.at(0).finish_reason, FinishReason::stop);
}

TEST(ClaudeMantleStream, ends_with_one_error_where_it_is_cut_damaged_or_failed) {
  const struct {
    std::string bytes;
    ErrorCode code;
  } cases[] = {
      {"", ErrorCode::stream_error},
      {kMessage, ErrorCode::stream_error},
      {kMessage + "data: {\n\n", ErrorCode::stream_error},
      {kMessage + kMessageStop + kMessageStop, ErrorCode::stream_error},
      {kMessage + "event: error\n"
                  R"(data: {"type":"error","error":{"type":"overloaded_error","message":"O"}})"
                  "\n\n",
       ErrorCode::server_error},
  };
  for (const auto& row : cases) {
    const auto events = events_of(claude_mantle_codec(), row.bytes);

    ASSERT_TRUE(events.back().is_error()) << row.bytes;
    EXPECT_EQ(events.back().error().code, row.code) << row.bytes;
  }
}

}  // namespace
}  // namespace llm::bedrock
