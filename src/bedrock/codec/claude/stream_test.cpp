#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "bedrock/codec/native_test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::events_of;
using testing::has_warning;
using ::testing::HasSubstr;
using testing::malformed;
using testing::stream_of;

using Chunks = std::vector<std::string>;

constexpr const char* kStart =
    R"({"type":"message_start","message":{"id":"msg_1","role":"assistant","content":[],)"
    R"("stop_reason":null,"usage":{"input_tokens":14,"output_tokens":1}}})";
constexpr const char* kTextStart =
    R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})";
constexpr const char* kText =
    R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}})";
constexpr const char* kBlockStop = R"({"type":"content_block_stop","index":0})";
constexpr const char* kEnd =
    R"({"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},)"
    R"("usage":{"output_tokens":10}})";
constexpr const char* kStop =
    R"({"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":14,)"
    R"("outputTokenCount":9,"invocationLatency":438,"firstByteLatency":281}})";

std::vector<StreamEvent> run(const Chunks& chunks) {
  return events_of(claude_messages_codec(), stream_of(chunks));
}

Delta delta(int index, DeltaContent content) { return {index, std::move(content)}; }

std::vector<Delta> deltas_of(const std::vector<StreamEvent>& events) {
  std::vector<Delta> deltas;
  for (const StreamEvent& event : events) {
    if (event.is_delta()) deltas.push_back(event.delta());
  }
  return deltas;
}

TEST(ClaudeMessagesStream, reads_text_and_its_end) {
  const auto events =
      run({kStart, kTextStart, R"({"type":"ping"})", kText,
           R"({"type":"content_block_applause","index":9})", kBlockStop, kEnd, kStop});

  ASSERT_TRUE(events.back().is_done());
  EXPECT_EQ(deltas_of(events),
            (std::vector<Delta>{delta(0, TextDelta{"Hi"}), delta(0, BlockStop{})}));
  const Done& done = events.back().done();
  EXPECT_EQ(done.finish_reason, FinishReason::stop);
  EXPECT_EQ(done.stop_reason, "end_turn");
  EXPECT_EQ(done.id, "msg_1");
  // The model's own last count beats the service's, as recorded streams show.
  EXPECT_EQ(done.usage, (Usage{.prompt_tokens = 14, .completion_tokens = 10, .total_tokens = 24}));
  EXPECT_EQ(done.details.model_latency, std::chrono::milliseconds(438));
  EXPECT_TRUE(done.warnings.empty());
}

TEST(ClaudeMessagesStream, reads_every_kind_of_block) {
  const auto events = run(
      {kStart,
       R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking",)"
       R"("thinking":"","signature":""}})",
       R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta",)"
       R"("thinking":"Hm"}})",
       R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta",)"
       R"("signature":"sig"}})",
       R"({"type":"content_block_stop","index":0})",
       R"({"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking",)"
       R"("data":"ZGF0YQ=="}})",
       R"({"type":"content_block_stop","index":1})",
       R"({"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}})",
       R"({"type":"content_block_delta","index":2,"delta":{"type":"citations_delta",)"
       R"("citation":{"type":"page_location"}}})",
       R"({"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"said"}})",
       R"({"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"t1",)"
       R"("name":"f","input":{}}})",
       R"({"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta",)"
       R"("partial_json":""}})",
       R"({"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta",)"
       R"("partial_json":"{\"a\":1}"}})",
       R"({"type":"content_block_stop","index":2})", R"({"type":"content_block_stop","index":3})",
       R"({"type":"content_block_start","index":4,"content_block":{"type":"novelty","x":1}})",
       R"({"type":"content_block_stop","index":4})",
       R"({"type":"message_delta","delta":{"stop_reason":"tool_use"}})", kStop});

  const auto response = testing::collected(events);

  ASSERT_TRUE(response) << response.error().message;
  const std::vector<Content> expected = {
      ReasoningContent{"Hm", "sig"}, RedactedReasoningContent{"ZGF0YQ=="},
      CitationsContent{"said", {Json::from_valid_text(R"({"type":"page_location"})")}},
      ToolCallContent{.id = "t1", .name = "f", .arguments = Json::from_valid_text(R"({"a":1})")},
      UnknownContent{"claude_messages", Json::from_valid_text(R"({"type":"novelty","x":1})")}};
  EXPECT_EQ(response->choices[0].message.content, expected);
  EXPECT_EQ(response->choices[0].finish_reason, FinishReason::tool_calls);
}

TEST(ClaudeMessagesStream, emits_content_that_a_block_has_at_its_start) {
  const auto events =
      run({kStart,
           R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Al",)"
           R"("citations":[{"type":"page_location"}]}})",
           kText, kBlockStop,
           R"({"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t",)"
           R"("name":"f","input":{"a":1}}})",
           R"({"type":"content_block_stop","index":1})", kEnd, kStop});

  const auto response = testing::collected(events);

  ASSERT_TRUE(response) << response.error().message;
  const std::vector<Content> expected = {
      CitationsContent{"AlHi", {Json::from_valid_text(R"({"type":"page_location"})")}},
      ToolCallContent{.id = "t", .name = "f", .arguments = Json::from_valid_text(R"({"a":1})")}};
  EXPECT_EQ(response->choices[0].message.content, expected);
}

TEST(ClaudeMessagesStream, emits_structured_output_as_text) {
  const char* start =
      R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t",)"
      R"("name":"structured_answer","input":{}}})";
  const char* delta =
      R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta",)"
      R"("partial_json":"{\"a\":1}"}})";
  const char* end = R"({"type":"message_delta","delta":{"stop_reason":"tool_use"}})";

  const auto events = run({kStart, start, delta, kBlockStop, end, kStop});
  const auto empty = run({kStart, start, kBlockStop, end, kStop});

  EXPECT_EQ(testing::text_of(events), R"({"a":1})");
  ASSERT_TRUE(events.back().is_done());
  EXPECT_EQ(events.back().done().finish_reason, FinishReason::stop);
  EXPECT_EQ(events.back().done().details.structured_output, "tool");
  EXPECT_EQ(testing::text_of(empty), "{}");
}

TEST(ClaudeMessagesStream, reports_that_a_guardrail_intervened) {
  const auto events =
      run({kStart, kTextStart, kText, kBlockStop, kEnd,
           R"({"type":"message_stop","amazon-bedrock-guardrailAction":"INTERVENED",)"
           R"("amazon-bedrock-trace":{"guardrail":{}}})"});

  ASSERT_TRUE(events.back().is_done());
  EXPECT_EQ(events.back().done().finish_reason, FinishReason::content_filter);
  EXPECT_EQ(events.back().done().details.trace.text(), R"({"guardrail":{}})");
}

TEST(ClaudeMessagesStream, warns_of_deltas_of_an_unknown_kind) {
  const char* novel =
      R"({"type":"content_block_delta","index":0,"delta":{"type":"novel_delta","x":1}})";

  const auto events = run({kStart, kTextStart, novel, kText, novel, kBlockStop, kEnd, kStop});

  ASSERT_TRUE(events.back().is_done());
  EXPECT_EQ(testing::text_of(events), "Hi");
  ASSERT_EQ(events.back().done().warnings.size(), 1U);
  EXPECT_EQ(events.back().done().warnings[0].id, "unknown_delta");
}

std::string start_of(const std::string& block) {
  return R"({"type":"content_block_start","index":0,"content_block":)" + block + "}";
}

std::string delta_of(const std::string& delta) {
  return R"({"type":"content_block_delta","index":0,"delta":)" + delta + "}";
}

struct UnknownBlockCase {
  std::string name;
  Chunks chunks;  // of the block, without its stop
  std::string block;
  bool incomplete = false;
};

class ClaudeUnknownBlock : public ::testing::TestWithParam<UnknownBlockCase> {};

TEST_P(ClaudeUnknownBlock, is_joined_from_its_deltas) {
  Chunks chunks{kStart};
  chunks.insert(chunks.end(), GetParam().chunks.begin(), GetParam().chunks.end());
  for (const auto* chunk : {kBlockStop, kEnd, kStop}) chunks.emplace_back(chunk);

  const auto response = testing::collected(run(chunks));

  ASSERT_TRUE(response) << response.error().message;
  ASSERT_EQ(response->choices[0].message.content.size(), 1U);
  const auto* unknown = std::get_if<UnknownContent>(&response->choices[0].message.content[0]);
  ASSERT_NE(unknown, nullptr);
  EXPECT_EQ(unknown->wire_format, "claude_messages");
  EXPECT_EQ(unknown->block.text(), GetParam().block);
  EXPECT_EQ(unknown->incomplete, GetParam().incomplete);
  EXPECT_EQ(testing::has_warning(response->warnings, "unknown_delta"), GetParam().incomplete);
}

INSTANTIATE_TEST_SUITE_P(
    Blocks, ClaudeUnknownBlock,
    ::testing::Values(
        UnknownBlockCase{"whole_at_its_start",
                         {start_of(R"({"type":"web","content":[{"a":1}]})")},
                         R"({"type":"web","content":[{"a":1}]})"},
        UnknownBlockCase{"text_in_two_deltas",
                         {start_of(R"({"type":"compaction","content":null})"),
                          delta_of(R"({"type":"compaction_delta","content":"a"})"),
                          delta_of(R"({"type":"compaction_delta","content":"b"})")},
                         R"({"type":"compaction","content":"ab"})"},
        UnknownBlockCase{"arguments",
                         {start_of(R"({"type":"mcp_tool_use","input":{}})"),
                          delta_of(R"({"type":"input_json_delta","partial_json":"{\"a\""})"),
                          delta_of(R"({"type":"input_json_delta","partial_json":":1}"})")},
                         R"({"type":"mcp_tool_use","input":{"a":1}})"},
        UnknownBlockCase{"citations",
                         {start_of(R"({"type":"web","text":""})"),
                          delta_of(R"({"type":"text_delta","text":"a"})"),
                          delta_of(R"({"type":"citations_delta","citation":{"b":1}})")},
                         R"({"type":"web","text":"a","citations":[{"b":1}]})"},
        UnknownBlockCase{
            "other_number",
            {start_of(R"({"type":"web","n":1})"), delta_of(R"({"type":"web_delta","n":2})")},
            R"({"type":"web","n":1})",
            true},
        UnknownBlockCase{"arguments_cut_short",
                         {start_of(R"({"type":"mcp_tool_use","input":{}})"),
                          delta_of(R"({"type":"input_json_delta","partial_json":"{\"a\""})")},
                         R"({"type":"mcp_tool_use","input":{}})",
                         true},
        UnknownBlockCase{"redacted_with_more",
                         {start_of(R"({"type":"redacted_thinking","data":"x","new":1})")},
                         R"({"type":"redacted_thinking","data":"x","new":1})"}),
    [](const auto& test) { return test.param.name; });

TEST(ClaudeMessagesStream, preserves_unknown_members_of_text_and_thinking) {
  const auto text = testing::collected(run(
      {kStart, start_of(R"({"type":"text","text":"","new":1})"), kText, kBlockStop, kEnd, kStop}));
  const auto thinking = testing::collected(
      run({kStart, start_of(R"({"type":"thinking","thinking":"","signature":"","new":1})"),
           delta_of(R"({"type":"thinking_delta","thinking":"t"})"),
           delta_of(R"({"type":"signature_delta","signature":"s"})"), kBlockStop, kEnd, kStop}));

  const UnknownMembers unknown{"claude_messages", Json::from_valid_text(R"({"new":1})")};
  ASSERT_TRUE(text && thinking);
  EXPECT_EQ(text->choices[0].message.content, (std::vector<Content>{TextContent{"Hi", unknown}}));
  EXPECT_EQ(thinking->choices[0].message.content,
            (std::vector<Content>{ReasoningContent{"t", "s", unknown}}));
}

TEST(ClaudeMessagesStream, keeps_a_string_that_is_given_as_tool_input) {
  const auto response = testing::collected(
      run({kStart, start_of(R"({"type":"tool_use","id":"t","name":"f","input":"Oslo"})"),
           kBlockStop, kEnd, kStop}));

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->choices[0].message.tool_calls()[0].arguments.text(), R"("Oslo")");
  EXPECT_TRUE(testing::has_warning(response->warnings, "arguments_not_object"));
}

TEST(ClaudeMessagesStream, replaces_a_lone_surrogate) {
  const auto events =
      run({kStart, kTextStart, delta_of(R"({"type":"text_delta","text":"a\ud83d"})"), kBlockStop,
           kEnd, kStop});

  EXPECT_EQ(testing::text_of(events), "a\xEF\xBF\xBD");
  ASSERT_TRUE(events.back().is_done());
  EXPECT_TRUE(testing::has_warning(events.back().done().warnings, "lone_surrogate"));
}

TEST(ClaudeMessagesStream, replaces_a_lone_surrogate_in_the_input_of_an_unknown_block) {
  const auto events =
      run({kStart, start_of(R"({"type":"mcp_tool_use","input":{}})"),
           delta_of(R"({"type":"input_json_delta","partial_json":"{\"a\":\"\\ud83d\"}"})"),
           kBlockStop, kEnd, kStop});

  ASSERT_TRUE(events.back().is_done());
  EXPECT_TRUE(testing::has_warning(events.back().done().warnings, "lone_surrogate"));
}

TEST(ClaudeMessagesStream, refuses_more_than_10000_blocks) {
  Chunks chunks{kStart};
  for (int index = 0; index <= 10'000; ++index) {
    chunks.push_back(R"({"type":"content_block_start","index":)" + std::to_string(index) +
                     R"(,"content_block":{"type":"text","text":"a"}})");
  }

  const auto events = run(chunks);

  EXPECT_EQ(events.size(), 10'001U);
  ASSERT_TRUE(events.back().is_error());
  EXPECT_THAT(events.back().error().message, HasSubstr("more than 10000 content blocks"));
}

TEST(ClaudeMessagesStream, ends_with_the_models_own_error) {
  const auto events =
      run({kStart, kTextStart, kText,
           R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"});

  EXPECT_EQ(testing::text_of(events), "Hi");
  ASSERT_TRUE(events.back().is_error());
  EXPECT_EQ(events.back().error().code, ErrorCode::server_error);
  EXPECT_TRUE(events.back().error().retryable);
}

const char* const kToolStart =
    R"({"type":"content_block_start","index":1,"content_block":{"type":"tool_use","name":"f"}})";
const char* const kTextInTool =
    R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"x"}})";
const char* const kNumberAsText =
    R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":1}})";

struct MalformedCase {
  std::string name;
  Chunks chunks;
  std::string message;
};

class ClaudeMalformedStream : public ::testing::TestWithParam<MalformedCase> {};

TEST_P(ClaudeMalformedStream, fails_with_a_stream_error) {
  const auto events = run(GetParam().chunks);

  ASSERT_TRUE(!events.empty() && events.back().is_error());
  EXPECT_EQ(events.back().error().code, ErrorCode::stream_error);
  EXPECT_EQ(events.back().error().message, GetParam().message);
  EXPECT_THAT(events.back().error().advice, HasSubstr("Send the request again"));
}

constexpr const char* kTruncated = "The stream ended before the response was complete.";

INSTANTIATE_TEST_SUITE_P(
    ClaudeMessages, ClaudeMalformedStream,
    ::testing::Values(
        MalformedCase{"empty", {}, kTruncated},
        MalformedCase{"no_message_start",
                      {kTextStart},
                      malformed("An event comes before the start of the message.")},
        MalformedCase{
            "second_message_start", {kStart, kStart}, malformed("A second message starts.")},
        MalformedCase{"delta_before_block_start",
                      {kStart, kText},
                      malformed("An event is for block 0, which is not open.")},
        MalformedCase{"block_starts_twice",
                      {kStart, kTextStart, kTextStart},
                      malformed("Block 0 starts twice.")},
        MalformedCase{"delta_after_block_stop",
                      {kStart, kTextStart, kBlockStop, kText},
                      malformed("An event is for block 0, which is not open.")},
        MalformedCase{"block_stops_twice",
                      {kStart, kTextStart, kBlockStop, kBlockStop},
                      malformed("An event is for block 0, which is not open.")},
        MalformedCase{"delta_of_another_kind",
                      {kStart, kToolStart, kTextInTool},
                      malformed("Block 1 receives a delta of another kind.")},
        MalformedCase{"no_index",
                      {kStart, R"({"type":"content_block_stop"})"},
                      malformed("An event has no valid block index.")},
        MalformedCase{"negative_index",
                      {kStart, R"({"type":"content_block_stop","index":-1})"},
                      malformed("An event has no valid block index.")},
        MalformedCase{"block_open_at_the_end",
                      {kStart, kTextStart, kText, kEnd, kStop},
                      malformed("The message stops while a block is open.")},
        MalformedCase{"no_stop_reason",
                      {kStart, kTextStart, kText, kBlockStop, kStop},
                      malformed("The message stops without a stop reason.")},
        MalformedCase{"no_message_stop", {kStart, kTextStart, kText, kBlockStop, kEnd}, kTruncated},
        MalformedCase{"chunk_after_the_end",
                      {kStart, kEnd, kStop, kTextStart},
                      malformed("A chunk follows the last one.")},
        MalformedCase{"no_type", {kStart, "{}"}, malformed("An event has no type.")},
        MalformedCase{"text_that_is_a_number",
                      {kStart, kTextStart, kNumberAsText},
                      malformed("A delta has no content.")}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace llm::bedrock
