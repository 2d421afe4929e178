#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bedrock/codec/converse/test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::Frame;
using ::testing::HasSubstr;

const Frame kStart{"messageStart", R"({"p":"abcd","role":"assistant"})"};
const Frame kStop{"messageStop", R"({"p":"ab","stopReason":"end_turn"})"};
const Frame kMetadata{
    "metadata", R"({"metrics":{"latencyMs":12},"p":"a","usage":{"inputTokens":3,"outputTokens":4,)"
                R"("serverToolUsage":{},"totalTokens":7}})"};

Frame delta(int index, const std::string& json) {
  return {"contentBlockDelta",
          R"({"contentBlockIndex":)" + std::to_string(index) + R"(,"delta":)" + json + "}"};
}

Frame block_start(int index, const std::string& json) {
  return {"contentBlockStart",
          R"({"contentBlockIndex":)" + std::to_string(index) + R"(,"start":)" + json + "}"};
}

Frame block_stop(int index) {
  return {"contentBlockStop", R"({"contentBlockIndex":)" + std::to_string(index) + "}"};
}

std::vector<StreamEvent> events_of(const std::vector<Frame>& frames) {
  return testing::events_of(converse_codec(), testing::framed(frames));
}

std::vector<Frame> complete(std::vector<Frame> blocks) {
  blocks.insert(blocks.begin(), kStart);
  blocks.push_back(kStop);
  blocks.push_back(kMetadata);
  return blocks;
}

// One response with a block of every kind, streaming and buffered.
std::vector<Frame> every_kind() {
  return complete({
      delta(0, R"({"text":""})"),
      block_stop(0),
      delta(1, R"({"reasoningContent":{"text":"Let me "}})"),
      delta(1, R"({"reasoningContent":{"text":"think"}})"),
      delta(1, R"({"reasoningContent":{"signature":"c2ln"}})"),
      block_stop(1),
      delta(2, R"({"reasoningContent":{"redactedContent":"AAEC"}})"),
      block_stop(2),
      delta(3, R"({"text":"Hel"})"),
      delta(3, R"({"text":"lo"})"),
      block_stop(3),
      delta(4, R"({"text":"cited"})"),
      delta(4, R"({"citation":{"title":"T","location":{"web":{"url":"u"}}}})"),
      block_stop(4),
      block_start(5, R"({"toolUse":{"toolUseId":"t1","name":"look","type":"tool_use"}})"),
      delta(5, R"({"toolUse":{"input":""}})"),
      delta(5, R"({"toolUse":{"input":"{\"a\":"}})"),
      delta(5, R"({"toolUse":{"input":"1}"}})"),
      block_stop(5),
      block_start(6, R"({"toolUse":{"toolUseId":"t2","name":"run","type":"server_tool_use"}})"),
      block_stop(6),
      block_start(7, R"({"toolResult":{"toolUseId":"t2","type":"run_result","status":"error"}})"),
      delta(7, R"({"toolResult":[{"text":"x"},{"json":{"exit":1}}]})"),
      block_stop(7),
      block_start(8, R"({"image":{"format":"png"}})"),
      delta(8, R"({"image":{"source":{"bytes":"AAEC"}}})"),
      delta(8, R"({"image":{"source":{"bytes":"AwQ="}}})"),
      block_stop(8),
  });
}

constexpr std::string_view kEveryKind = R"({"metrics":{"latencyMs":12},
  "output":{"message":{"role":"assistant","content":[
    {"text":""},
    {"reasoningContent":{"reasoningText":{"text":"Let me think","signature":"c2ln"}}},
    {"reasoningContent":{"redactedContent":"AAEC"}},
    {"text":"Hello"},
    {"citationsContent":{"content":[{"text":"cited"}],
      "citations":[{"title":"T","location":{"web":{"url":"u"}}}]}},
    {"toolUse":{"toolUseId":"t1","name":"look","input":{"a":1}}},
    {"toolUse":{"toolUseId":"t2","name":"run","input":{},"type":"server_tool_use"}},
    {"toolResult":{"toolUseId":"t2","type":"run_result","status":"error",
      "content":[{"text":"x"},{"json":{"exit":1}}]}},
    {"image":{"format":"png","source":{"bytes":"AAECAwQ="}}}]}},
  "stopReason":"end_turn","usage":{"inputTokens":3,"outputTokens":4,"totalTokens":7}})";

Error error_of(const std::vector<Frame>& frames) {
  const auto events = events_of(frames);
  EXPECT_TRUE(events.back().is_error());
  return events.back().is_error() ? events.back().error() : Error{};
}

TEST(ConverseStream, makes_the_same_response_as_a_buffered_one) {
  const auto streamed = testing::collected(events_of(every_kind()));
  const auto decoded = converse_codec().decode({.status = 200}, kEveryKind);

  ASSERT_TRUE(streamed) << streamed.error().message;
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(*streamed, *decoded);
  EXPECT_EQ(decoded->choices[0].message.content.size(), 8U);
}

TEST(ConverseStream, is_incomplete_when_cut_at_any_event) {
  const auto frames = every_kind();
  const auto all = events_of(frames);
  ASSERT_TRUE(all.back().is_done());

  for (std::size_t count = 0; count + 1 < frames.size(); ++count) {
    const auto events = events_of({frames.begin(), frames.begin() + static_cast<int>(count)});

    ASSERT_TRUE(events.back().is_error()) << count;
    EXPECT_EQ(events.back().error().code, ErrorCode::stream_error) << count;
    for (std::size_t at = 0; at + 1 < events.size(); ++at) {
      EXPECT_EQ(events[at].delta(), all[at].delta()) << count;
    }
  }
}

TEST(ConverseStream, ends_with_a_warning_when_metadata_is_missing) {
  auto frames = every_kind();
  frames.pop_back();

  const auto events = events_of(frames);

  ASSERT_TRUE(events.back().is_done());
  EXPECT_TRUE(events.back().done().usage.empty());
  EXPECT_TRUE(testing::has_warning(events.back().done().warnings, "no_metadata"));
}

TEST(ConverseStream, waits_for_metadata_before_it_is_done) {
  const auto events = events_of(
      {kStart,
       kStop,
       {"metadata",
        R"({"metrics":{"latencyMs":5},"trace":{"guardrail":{"actionReason":"r"}},)"
        R"("performanceConfig":{"latency":"optimized"},"serviceTier":{"type":"flex"},)"
        R"("usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3,"cacheReadInputTokens":4,)"
        R"("cacheWriteInputTokens":0,"new":[1]}})"}});

  ASSERT_EQ(events.size(), 1U);
  ASSERT_TRUE(events[0].is_done());
  const Done& done = events[0].done();
  EXPECT_EQ(done.usage, (Usage{1, 2, 3, 4, 0}));
  EXPECT_EQ(done.details.model_latency, std::chrono::milliseconds(5));
  EXPECT_EQ(done.details.trace.text(), R"({"guardrail":{"actionReason":"r"}})");
  EXPECT_EQ(done.details.latency, "optimized");
  EXPECT_EQ(done.details.service_tier, "flex");
}

TEST(ConverseStream, carries_the_models_own_fields) {
  const auto events =
      events_of({kStart,
                 {"messageStop", R"({"stopReason":"stop_sequence",)"
                                 R"("additionalModelResponseFields":{"stop_sequence":"END"}})"},
                 kMetadata});

  ASSERT_TRUE(events.back().is_done());
  EXPECT_EQ(events.back().done().details.extra_fields.text(), R"({"stop_sequence":"END"})");
  EXPECT_EQ(events.back().done().stop_reason, "stop_sequence");
}

TEST(ConverseStream, skips_events_and_deltas_of_unknown_kinds) {
  const auto events = events_of(complete({{"initial-response", "not JSON"},
                                          {"somethingNew", R"({"a":1})"},
                                          delta(0, R"({"text":"a"})"),
                                          delta(0, R"({"hologram":"x"})"),
                                          delta(0, R"({"hologram":"y"})"),
                                          block_stop(0),
                                          block_start(1, R"({"hologram":{}})"),
                                          delta(1, R"({"hologram":"x"})"),
                                          block_stop(1)}));

  ASSERT_TRUE(events.back().is_done());
  EXPECT_EQ(testing::text_of(events), "a");
  EXPECT_EQ(events.back().done().warnings.size(), 1U);
  EXPECT_TRUE(testing::has_warning(events.back().done().warnings, "unknown_delta"));
}

TEST(ConverseStream, takes_a_frame_without_event_type_for_damage) {
  const Error error = error_of({kStart, {"", "{}"}});

  EXPECT_EQ(error.code, ErrorCode::stream_error);
  EXPECT_EQ(error.message, testing::malformed("A frame has no event type."));
}

struct UnknownBlockCase {
  std::string name;
  std::vector<Frame> frames;
  std::string block;
  bool incomplete = false;
};

class ConverseUnknownBlock : public ::testing::TestWithParam<UnknownBlockCase> {};

TEST_P(ConverseUnknownBlock, is_joined_from_its_deltas) {
  std::vector<Frame> frames = GetParam().frames;
  frames.push_back(block_stop(0));

  const auto response = testing::collected(events_of(complete(frames)));

  ASSERT_TRUE(response) << response.error().message;
  ASSERT_EQ(response->choices[0].message.content.size(), 1U);
  const auto* unknown = std::get_if<UnknownContent>(&response->choices[0].message.content[0]);
  ASSERT_NE(unknown, nullptr);
  EXPECT_EQ(unknown->wire_format, "converse");
  EXPECT_EQ(unknown->block.text(), GetParam().block);
  EXPECT_EQ(unknown->incomplete, GetParam().incomplete);
}

INSTANTIATE_TEST_SUITE_P(
    Blocks, ConverseUnknownBlock,
    ::testing::Values(
        UnknownBlockCase{
            "started",
            {block_start(0, R"({"hologram":{"id":"h"}})"), delta(0, R"({"hologram":{"data":"a"}})"),
             delta(0, R"({"hologram":{"data":"b"}})")},
            R"({"hologram":{"id":"h","data":"ab"}})"},
        UnknownBlockCase{"without_a_start",
                         {delta(0, R"({"hologram":"x"})"), delta(0, R"({"hologram":"y"})")},
                         R"({"hologram":"xy"})"},
        UnknownBlockCase{"two_kinds_in_one",
                         {block_start(0, R"({"toolUse":{"name":"f"},"hologram":1})")},
                         R"({"toolUse":{"name":"f"},"hologram":1})"},
        UnknownBlockCase{
            "result_with_an_unknown_part",
            {block_start(0, R"({"toolResult":{"toolUseId":"t"}})"),
             delta(0, R"({"toolResult":[{"text":"a"}]})"),
             delta(0, R"({"toolResult":[{"hologram":1}]})")},
            R"({"toolResult":{"toolUseId":"t","content":[{"text":"a"},{"hologram":1}]}})"},
        UnknownBlockCase{"image_with_an_unknown_member",
                         {block_start(0, R"({"image":{"format":"png","new":1}})"),
                          delta(0, R"({"image":{"source":{"bytes":"YWI="}}})"),
                          delta(0, R"({"image":{"source":{"bytes":"Yw=="}}})")},
                         R"({"image":{"format":"png","new":1,"source":{"bytes":"YWJj"}}})"},
        UnknownBlockCase{
            "other_number",
            {block_start(0, R"({"hologram":{"n":1}})"), delta(0, R"({"hologram":{"n":2}})")},
            R"({"hologram":{"n":1}})",
            true}),
    [](const auto& test) { return test.param.name; });

TEST(ConverseStream, refuses_more_than_10000_blocks) {
  std::vector<Frame> frames{kStart};
  for (int index = 0; index <= 10'000; ++index) frames.push_back(delta(index, R"({"text":"a"})"));

  const auto events = events_of(frames);

  EXPECT_EQ(events.size(), 10'001U);
  ASSERT_TRUE(events.back().is_error());
  EXPECT_EQ(events.back().error().code, ErrorCode::stream_error);
  EXPECT_THAT(events.back().error().message, HasSubstr("more than 10000 content blocks"));
}

TEST(ConverseStream, reports_malformed_output_as_an_error) {
  for (const std::string stop_reason : {"malformed_model_output", "malformed_tool_use"}) {
    const Error error =
        error_of({kStart, {"messageStop", R"({"stopReason":")" + stop_reason + R"("})"}});

    EXPECT_EQ(error.code, ErrorCode::model_error);
    EXPECT_THAT(error.message, HasSubstr(stop_reason));
  }
}

TEST(ConverseStream, emits_structured_output_as_text) {
  const Frame start = block_start(0, R"({"toolUse":{"toolUseId":"t","name":"structured_answer"}})");
  const Frame stop{"messageStop", R"({"stopReason":"tool_use"})"};

  const auto events = events_of({kStart, start, delta(0, R"({"toolUse":{"input":"{\"a\":1}"}})"),
                                 block_stop(0), stop, kMetadata});
  const auto empty = events_of({kStart, start, block_stop(0), stop, kMetadata});

  ASSERT_TRUE(events.back().is_done());
  EXPECT_EQ(testing::text_of(events), R"({"a":1})");
  EXPECT_EQ(events.back().done().finish_reason, FinishReason::stop);
  EXPECT_EQ(events.back().done().details.structured_output, "tool");
  EXPECT_EQ(testing::text_of(empty), "{}");
}

TEST(ConverseStream, preserves_an_image_that_failed) {
  const auto events =
      events_of(complete({block_start(0, R"({"image":{"format":"png"}})"),
                          delta(0, R"({"image":{"error":{"message":"no"}}})"), block_stop(0)}));

  const auto response = testing::collected(events);
  ASSERT_TRUE(response);
  ASSERT_EQ(response->choices[0].message.content.size(), 1U);
  const auto* unknown = std::get_if<UnknownContent>(&response->choices[0].message.content[0]);
  ASSERT_NE(unknown, nullptr);
  EXPECT_EQ(unknown->wire_format, "converse");
  EXPECT_EQ(unknown->block.text(), R"({"image":{"format":"png","error":{"message":"no"}}})");
}

const Frame kToolStart = block_start(0, R"({"toolUse":{"toolUseId":"t","name":"n"}})");

struct MalformedCase {
  std::string name;
  std::vector<Frame> frames;
  std::string detail;
};

class ConverseMalformedStream : public ::testing::TestWithParam<MalformedCase> {};

TEST_P(ConverseMalformedStream, fails_with_a_stream_error) {
  const Error error = error_of(GetParam().frames);

  EXPECT_EQ(error.code, ErrorCode::stream_error);
  EXPECT_EQ(error.message, testing::malformed(GetParam().detail));
  EXPECT_THAT(error.advice, HasSubstr("Send the request again"));
}

INSTANTIATE_TEST_SUITE_P(
    Converse, ConverseMalformedStream,
    ::testing::Values(
        MalformedCase{"event_that_is_not_json",
                      {kStart, {"contentBlockDelta", R"({"contentBlockIndex":0)"}},
                      "An event is not a JSON object."},
        MalformedCase{"no_message_start",
                      {delta(0, R"({"text":"a"})")},
                      "An event comes before the start of the message."},
        MalformedCase{"second_message_start", {kStart, kStart}, "A second message starts."},
        MalformedCase{"no_index",
                      {kStart, {"contentBlockDelta", R"({"delta":{"text":"a"}})"}},
                      "An event has no valid block index."},
        MalformedCase{"negative_index",
                      {kStart, delta(-1, R"({"text":"a"})")},
                      "An event has no valid block index."},
        MalformedCase{
            "block_starts_twice", {kStart, kToolStart, kToolStart}, "Block 0 starts twice."},
        MalformedCase{"tool_call_without_id",
                      {kStart, block_start(0, R"({"toolUse":{"name":"n"}})")},
                      "A tool call has no id or no name."},
        MalformedCase{"input_in_a_text_block",
                      {kStart, delta(0, R"({"toolUse":{"input":"{}"}})")},
                      "Block 0 receives a delta of another kind."},
        MalformedCase{"text_in_a_tool_block",
                      {kStart, kToolStart, delta(0, R"({"text":"a"})")},
                      "Block 0 receives a delta of another kind."},
        MalformedCase{"text_that_is_a_number",
                      {kStart, delta(0, R"({"text":5})")},
                      "A delta has no content."},
        MalformedCase{"image_that_is_not_base64",
                      {kStart, block_start(0, R"({"image":{"format":"png"}})"),
                       delta(0, R"({"image":{"source":{"bytes":"?"}}})")},
                      "An image delta is not valid base64."},
        MalformedCase{
            "delta_after_block_stop",
            {kStart, delta(0, R"({"text":"a"})"), block_stop(0), delta(0, R"({"text":"b"})")},
            "An event is for block 0, which is not open."},
        MalformedCase{"stop_of_a_block_that_is_not_open",
                      {kStart, block_stop(0)},
                      "An event is for block 0, which is not open."},
        MalformedCase{"block_open_at_the_end",
                      {kStart, delta(0, R"({"text":"a"})"), kStop},
                      "The message stops while a block is open."},
        MalformedCase{"no_stop_reason",
                      {kStart, {"messageStop", "{}"}},
                      "The message stops without a stop reason."},
        MalformedCase{"delta_after_message_stop",
                      {kStart, kStop, delta(0, R"({"text":"a"})")},
                      "An event follows messageStop."},
        MalformedCase{"event_after_the_end",
                      {kStart, kStop, kMetadata, kMetadata},
                      "An event follows the last one."}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace llm::bedrock
