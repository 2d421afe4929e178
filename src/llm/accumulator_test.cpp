#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <llm/stream.hpp>

namespace llm {
namespace {

using testing::HasSubstr;

Result<ChatResponse> folded(const std::vector<Delta>& deltas, const Done& done = {}) {
  Accumulator accumulator;
  for (const Delta& delta : deltas) accumulator.add(delta);
  return accumulator.finish(done);
}

// The content of the one choice.
std::vector<Content> content_of(const std::vector<Delta>& deltas) {
  const auto response = folded(deltas);
  if (!response) {
    ADD_FAILURE() << response.error().message;
    return {};
  }
  return response->choices.at(0).message.content;
}

Json json(std::string text) { return Json::from_valid_text(std::move(text)); }

TEST(Accumulator, joins_text) {
  EXPECT_EQ(content_of({{0, TextDelta{"The "}}, {0, TextDelta{"sky"}}, {0, BlockStop{}}}),
            std::vector<Content>{TextContent{"The sky"}});
}

TEST(Accumulator, keeps_interleaved_blocks_apart_in_order_of_appearance) {
  EXPECT_EQ(
      content_of(
          {{2, TextDelta{"a"}}, {0, TextDelta{"b"}}, {2, TextDelta{"c"}}, {0, TextDelta{"d"}}}),
      (std::vector<Content>{TextContent{"ac"}, TextContent{"bd"}}));
}

TEST(Accumulator, leaves_out_a_text_block_without_a_byte) {
  EXPECT_EQ(content_of({{0, TextDelta{""}}, {0, BlockStop{}}, {1, TextDelta{"a"}}}),
            std::vector<Content>{TextContent{"a"}});
}

TEST(Accumulator, reserves_the_place_of_a_block_whose_first_delta_is_empty) {
  EXPECT_EQ(content_of({{0, TextDelta{""}}, {1, TextDelta{"second"}}, {0, TextDelta{"first"}}}),
            (std::vector<Content>{TextContent{"first"}, TextContent{"second"}}));
}

TEST(Accumulator, joins_the_arguments_of_tool_calls) {
  EXPECT_EQ(
      content_of({{0, ToolCallStart{"t1", "weather", ""}},
                  {1, ToolCallStart{"t2", "search", "server_tool_use"}},
                  {0, ToolCallDelta{"{\"city\":"}},
                  {1, ToolCallDelta{"{}"}},
                  {0, ToolCallDelta{"\"Oslo\"}"}}}),
      (std::vector<Content>{
          ToolCallContent{.id = "t1", .name = "weather", .arguments = json(R"({"city":"Oslo"})")},
          ToolCallContent{.id = "t2", .name = "search", .type = "server_tool_use"}}));
}

TEST(Accumulator, reads_missing_arguments_as_an_empty_object) {
  for (const std::vector<Delta>& deltas :
       {std::vector<Delta>{{0, ToolCallStart{"t1", "now", ""}}},
        std::vector<Delta>{{0, ToolCallStart{"t1", "now", ""}}, {0, ToolCallDelta{""}}}}) {
    EXPECT_EQ(content_of(deltas),
              (std::vector<Content>{ToolCallContent{.id = "t1", .name = "now"}}));
  }
}

TEST(Accumulator, keeps_arguments_that_are_json_but_not_an_object) {
  for (const std::string arguments : {"\"Oslo\"", "[1]", "null", "12"}) {
    const auto response =
        folded({{0, ToolCallStart{"t1", "weather", ""}}, {0, ToolCallDelta{arguments}}});

    ASSERT_TRUE(response) << arguments;
    EXPECT_EQ(response->choices[0].message.tool_calls()[0].arguments.text(), arguments);
    ASSERT_EQ(response->warnings.size(), 1U);
    EXPECT_EQ(response->warnings[0].id, "arguments_not_object");
  }
}

TEST(Accumulator, replaces_a_lone_surrogate_in_arguments) {
  const auto response =
      folded({{0, ToolCallStart{"t1", "weather", ""}}, {0, ToolCallDelta{R"({"city":"\ud83d"})"}}});

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->choices[0].message.tool_calls()[0].arguments.text(),
            "{\"city\":\"\xEF\xBF\xBD\"}");
  ASSERT_EQ(response->warnings.size(), 1U);
  EXPECT_EQ(response->warnings[0].id, "lone_surrogate");
}

TEST(Accumulator, refuses_arguments_that_are_not_json) {
  for (const std::string arguments : {"{\"city\":", "{} {}", "tru!e"}) {
    const auto response =
        folded({{0, ToolCallStart{"t1", "weather", ""}}, {0, ToolCallDelta{arguments}}});

    ASSERT_FALSE(response) << arguments;
    EXPECT_EQ(response.error().code, ErrorCode::model_error);
    EXPECT_THAT(response.error().message,
                testing::StartsWith("The arguments of tool call 1 are not JSON."));
    EXPECT_EQ(response.error().advice, "Send the request again.");
    EXPECT_THAT(response.error().message, testing::Not(HasSubstr("city")));
  }
}

TEST(Accumulator, says_when_arguments_were_cut_short_by_the_limit) {
  const auto response =
      folded({{0, ToolCallStart{"t1", "weather", ""}}, {0, ToolCallDelta{"{\"city\":"}}},
             {.finish_reason = FinishReason::length});

  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, HasSubstr("The completion was cut short by max_tokens."));
  EXPECT_EQ(response.error().advice, "Raise max_tokens.");
}

TEST(Accumulator, joins_reasoning_and_its_signature) {
  EXPECT_EQ(content_of({{0, ReasoningDelta{"Light "}},
                        {0, ReasoningDelta{"scatters."}},
                        {0, ReasoningSignatureDelta{"c2ln"}},
                        {0, ReasoningSignatureDelta{"bmVk"}},
                        {1, RedactedReasoningDelta{"c2Vj"}},
                        {1, RedactedReasoningDelta{"cmV0"}}}),
            (std::vector<Content>{ReasoningContent{"Light scatters.", "c2lnbmVk"},
                                  RedactedReasoningContent{"c2VjcmV0"}}));
}

TEST(Accumulator, keeps_reasoning_that_has_only_a_signature) {
  EXPECT_EQ(content_of({{0, ReasoningSignatureDelta{"c2ln"}}}),
            (std::vector<Content>{ReasoningContent{.signature = "c2ln"}}));
}

TEST(Accumulator, turns_text_with_citations_into_cited_text) {
  const std::vector<Content> expected = {
      CitationsContent{"As it says.", {json(R"({"a":1})"), json(R"({"b":2})")}}};

  EXPECT_EQ(content_of({{0, TextDelta{"As "}},
                        {0, CitationDelta{json(R"({"a":1})")}},
                        {0, TextDelta{"it says."}},
                        {0, CitationDelta{json(R"({"b":2})")}}}),
            expected);
  EXPECT_EQ(content_of({{0, TextDelta{""}},
                        {0, CitationDelta{json(R"({"a":1})")}},
                        {0, CitationDelta{json(R"({"b":2})")}},
                        {0, TextDelta{"As it says."}}}),
            expected);
}

TEST(Accumulator, joins_the_parts_of_a_tool_result) {
  EXPECT_EQ(content_of({{0, ToolResultStart{"t1", ToolStatus::success, "web"}},
                        {0, ToolResultDelta{{TextContent{"a"}}}},
                        {0, ToolResultDelta{{json("1"), TextContent{"b"}}}}}),
            (std::vector<Content>{
                ToolResultContent{.tool_call_id = "t1",
                                  .content = {TextContent{"a"}, json("1"), TextContent{"b"}},
                                  .status = ToolStatus::success,
                                  .type = "web"}}));
}

TEST(Accumulator, keeps_a_complete_block) {
  const ImageContent image{.source = "bytes", .media_type = "image/png"};
  const ToolCallContent call{.id = "t1", .name = "x", .arguments = json(R"({"a":1})")};

  EXPECT_EQ(content_of({{0, BlockDelta{image}}, {1, BlockDelta{call}}, {1, BlockStop{}}}),
            (std::vector<Content>{image, call}));
}

TEST(Accumulator, begins_a_new_block_for_a_delta_of_another_kind) {
  EXPECT_EQ(
      content_of({{0, TextDelta{"a"}}, {0, ReasoningDelta{"b"}}, {0, TextDelta{"c"}}}),
      (std::vector<Content>{TextContent{"a"}, ReasoningContent{.text = "b"}, TextContent{"c"}}));
}

TEST(Accumulator, begins_a_new_block_after_the_end_of_one) {
  EXPECT_EQ(content_of({{0, TextDelta{"a"}}, {0, BlockStop{}}, {0, TextDelta{"b"}}}),
            (std::vector<Content>{TextContent{"a"}, TextContent{"b"}}));
}

TEST(Accumulator, takes_everything_else_from_done) {
  const Done done{.finish_reason = FinishReason::stop,
                  .stop_reason = "stop_sequence",
                  .stop_sequence = "END",
                  .usage = {.prompt_tokens = 1},
                  .id = "msg",
                  .model = "m",
                  .warnings = {{"w", "text"}},
                  .details = {.request_id = "r", .attempts = 2}};

  const auto response = folded({{0, TextDelta{"a"}}}, done);

  ASSERT_TRUE(response);
  EXPECT_EQ(*response, (ChatResponse{.id = "msg",
                                     .model = "m",
                                     .choices = {{.message = Message::assistant("a"),
                                                  .finish_reason = FinishReason::stop,
                                                  .stop_reason = "stop_sequence",
                                                  .stop_sequence = "END"}},
                                     .usage = done.usage,
                                     .warnings = done.warnings,
                                     .details = done.details}));
}

TEST(Accumulator, has_one_choice_without_deltas) {
  const auto response = folded({});

  ASSERT_TRUE(response);
  ASSERT_EQ(response->choices.size(), 1U);
  EXPECT_EQ(response->text(), "");
}

TEST(Accumulator, finishes_twice_with_the_same_result) {
  Accumulator accumulator;
  accumulator.add({0, TextDelta{"a"}});

  const auto first = accumulator.finish({});
  Accumulator moved = std::move(accumulator);
  const auto second = moved.finish({});

  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace llm
