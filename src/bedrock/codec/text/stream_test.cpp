// What holds for the stream of every native format.
#include <gtest/gtest.h>

#include <string>

#include "bedrock/codec/native_test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::events_of;
using testing::stream_of;

struct Family {
  const char* name;
  const Codec& codec;
  std::vector<std::string> chunks;
  std::string buffered;  // the same completion in a buffered response
};

const std::vector<Family>& families() {
  static const std::vector<Family> all = {
      {"claude_messages",
       claude_messages_codec(),
       {R"({"type":"message_start","message":{"id":"m","content":[],"usage":{"input_tokens":3}}})",
        R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
        R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Gr\u00fc"}})",
        R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"ezi"}})",
        R"({"type":"content_block_stop","index":0})",
        R"({"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t",)"
        R"("name":"f","input":{}}})",
        R"({"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta",)"
        R"("partial_json":"{\"a\""}})",
        R"({"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta",)"
        R"("partial_json":":1}"}})",
        R"({"type":"content_block_stop","index":1})",
        R"({"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}})",
        R"({"type":"message_stop"})"},
       R"({"id":"m","type":"message","content":[{"type":"text","text":"Grüezi"},)"
       R"({"type":"tool_use","id":"t","name":"f","input":{"a":1}}],"stop_reason":"tool_use",)"
       R"("usage":{"input_tokens":3,"output_tokens":9}})"},
      {"claude_text",
       claude_text_codec(),
       {R"({"completion":" Grü","stop_reason":null,"stop":null})",
        R"({"completion":"ezi","stop_reason":null,"stop":null})",
        R"({"completion":"","stop_reason":"stop_sequence","stop":"END"})"},
       R"({"completion":" Grüezi","stop_reason":"stop_sequence","stop":"END"})"},
      {"titan_text",
       titan_text_codec(),
       {R"({"outputText":"\nGrü","index":0,"inputTextTokenCount":5,"completionReason":null})",
        R"({"outputText":"ezi","index":0,"totalOutputTextTokenCount":10,"completionReason":"LENGTH"})"},
       R"({"inputTextTokenCount":5,"results":[{"tokenCount":10,"outputText":"\nGrüezi",)"
       R"("completionReason":"LENGTH"}]})"},
      {"llama",
       llama_codec(),
       {R"({"generation":"Grü","prompt_token_count":5,"generation_token_count":1,"stop_reason":null})",
        R"({"generation":"ezi","prompt_token_count":null,"generation_token_count":2,)"
        R"("stop_reason":"stop"})"},
       R"({"generation":"Grüezi","prompt_token_count":5,"generation_token_count":2,)"
       R"("stop_reason":"stop"})"},
  };
  return all;
}

TEST(NativeStream, makes_the_same_response_as_a_buffered_one) {
  for (const Family& family : families()) {
    const auto streamed = testing::collected(events_of(family.codec, stream_of(family.chunks)));
    const auto buffered = family.codec.decode({}, family.buffered);

    ASSERT_TRUE(streamed) << family.name << ": " << streamed.error().message;
    ASSERT_TRUE(buffered) << family.name;
    EXPECT_EQ(*streamed, *buffered) << family.name;
  }
}

TEST(NativeStream, gives_a_beginning_and_one_error_wherever_it_is_cut) {
  for (const Family& family : families()) {
    const std::string bytes = stream_of(family.chunks);
    const auto all = events_of(family.codec, bytes);
    ASSERT_TRUE(all.back().is_done()) << family.name;

    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      const auto events = events_of(family.codec, std::string_view(bytes).substr(0, cut));

      ASSERT_FALSE(events.empty());
      ASSERT_TRUE(events.back().is_error()) << family.name << " cut at " << cut;
      ASSERT_EQ(events.back().error().code, ErrorCode::stream_error);
      ASSERT_LE(events.size(), all.size());
      for (std::size_t at = 0; at + 1 < events.size(); ++at) {
        ASSERT_TRUE(events[at].is_delta() && all[at].is_delta());
        ASSERT_EQ(events[at].delta(), all[at].delta()) << family.name << " cut at " << cut;
      }
    }
  }
}

TEST(NativeStream, never_crashes_nor_ends_well_when_a_byte_of_a_chunk_is_wrong) {
  for (const Family& family : families()) {
    for (std::size_t wrong = 0; wrong < family.chunks.size(); ++wrong) {
      std::vector<std::string> chunks = family.chunks;
      chunks[wrong].front() = '!';

      const auto events = events_of(family.codec, stream_of(chunks));

      ASSERT_TRUE(events.back().is_error()) << family.name << " chunk " << wrong;
      EXPECT_EQ(events.back().error().code, ErrorCode::stream_error);
    }
  }
}

struct Blocked {
  const char* name;
  const Codec& (*codec)();
  std::vector<std::string> chunks;
};

class BlockedStream : public ::testing::TestWithParam<Blocked> {};

constexpr auto kIntervened =
    R"("amazon-bedrock-guardrailAction":"INTERVENED","amazon-bedrock-trace":{"guardrail":{}},)"
    R"("amazon-bedrock-invocationMetrics":{"inputTokenCount":7,"outputTokenCount":2}})";

TEST_P(BlockedStream, ends_with_content_filter_usage_and_trace) {
  const auto events = events_of(GetParam().codec(), stream_of(GetParam().chunks));

  ASSERT_TRUE(events.back().is_done()) << events.back().error().message;
  const Done& done = events.back().done();
  EXPECT_EQ(testing::text_of(events), "Sorry.");
  EXPECT_EQ(done.finish_reason, FinishReason::content_filter);
  EXPECT_EQ(done.usage.prompt_tokens, 7);
  EXPECT_EQ(done.usage.completion_tokens, 2);
  EXPECT_EQ(done.details.trace.text(), R"({"guardrail":{}})");
}

TEST_P(BlockedStream, is_truncated_if_more_was_to_come) {
  std::vector<std::string> chunks = GetParam().chunks;
  chunks.push_back(chunks.front());

  const auto events = events_of(GetParam().codec(), stream_of(chunks));

  ASSERT_TRUE(events.back().is_error());
  EXPECT_EQ(events.back().error().code, ErrorCode::stream_error);
}

INSTANTIATE_TEST_SUITE_P(
    Families, BlockedStream,
    ::testing::Values(
        Blocked{"titan",
                titan_text_codec,
                {R"({"outputText":"","index":0,"completionReason":null})",
                 R"({"outputText":"Sorry.","index":0,"completionReason":null,)" +
                     std::string(kIntervened)}},
        Blocked{"llama",
                llama_codec,
                {R"({"generation":"","stop_reason":null})",
                 R"({"generation":"Sorry.","stop_reason":null,)" + std::string(kIntervened)}},
        Blocked{"claude_text",
                claude_text_codec,
                {R"({"completion":"","stop_reason":null})",
                 R"({"completion":"Sorry.","stop_reason":null,)" + std::string(kIntervened)}},
        Blocked{"apart",
                llama_codec,
                {R"({"generation":"Sorry.","stop_reason":null})", "{" + std::string(kIntervened)}}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace llm::bedrock
