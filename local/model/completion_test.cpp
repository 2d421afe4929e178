#include "local/model/completion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "local/model/tokens.hpp"
#include "local/test_support.hpp"

namespace llm::local {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kModel = "anthropic.claude-v2";

Prompt ask(std::string user_text) {
  return {.user_text = std::move(user_text), .prompt_tokens = 5, .max_tokens = 1000};
}

const ToolCallBlock& call_in(const Completion& completion) {
  return std::get<ToolCallBlock>(completion.blocks.back());
}

/// Two tools; the document of their schema must outlive the prompt.
struct Tools {
  test::Document schema{
      R"({"type":"object","required":["city"],"properties":{"city":{"type":"string"}}})"};
  std::vector<OfferedTool> offered{{"get_weather", schema.root}, {"get-time", schema.root}};
};

TEST(Completion, names_the_model_and_quotes_the_question) {
  const Completion result = complete(ask("Why is the sky blue?"), kModel);

  EXPECT_THAT(result.text(), HasSubstr("the local Bedrock, standing in for anthropic.claude-v2"));
  EXPECT_THAT(result.text(), HasSubstr("You asked: \"Why is the sky blue?\""));
  EXPECT_EQ(result.stop_reason, StopReason::end_turn);
  EXPECT_EQ(result.prompt_tokens, 5);
  EXPECT_EQ(result.completion_tokens, count_tokens(result.text()));
}

TEST(Completion, cuts_a_long_question_at_a_character) {
  std::string user_text = "x";
  for (int i = 0; i < 200; ++i) user_text += "ü";

  const Completion result = complete(ask(user_text), kModel);

  EXPECT_THAT(result.text(), HasSubstr("ü…\""));
}

TEST(Completion, has_exactly_max_tokens_when_it_is_cut) {
  for (const std::int64_t max_tokens : {0, 1, 7, 30}) {
    Prompt prompt = ask("Hello");
    prompt.max_tokens = max_tokens;

    const Completion result = complete(prompt, kModel);

    EXPECT_EQ(result.stop_reason, StopReason::max_tokens);
    EXPECT_EQ(result.completion_tokens, max_tokens);
    EXPECT_EQ(count_tokens(result.text()), max_tokens);
  }
}

TEST(Completion, ends_before_the_stop_sequence_that_comes_first) {
  Prompt prompt = ask("Hello");
  prompt.stop_sequences = {"machine", "has run", "absent"};

  const Completion result = complete(prompt, kModel);

  EXPECT_EQ(result.stop_reason, StopReason::stop_sequence);
  EXPECT_EQ(result.stop_sequence, "has run");
  EXPECT_TRUE(result.text().ends_with("no model ")) << result.text();
}

TEST(Completion, calls_a_tool_that_the_question_names) {
  const Tools tools;
  for (const auto& [user_text, tool] :
       {std::pair{"Please GET_WEATHER now", "get_weather"}, {"get time, please", "get-time"}}) {
    Prompt prompt = ask(user_text);
    prompt.tools = tools.offered;

    const Completion result = complete(prompt, kModel);

    ASSERT_EQ(result.stop_reason, StopReason::tool_use) << user_text;
    EXPECT_EQ(call_in(result).tool, tool);
    EXPECT_EQ(call_in(result).arguments, R"({"city":"city"})");
    EXPECT_EQ(result.text(), "I will call " + std::string(tool) + ".");
  }
}

TEST(Completion, calls_every_tool_named_unless_only_one_is_allowed) {
  const Tools tools;
  Prompt prompt = ask("get_weather and get-time");
  prompt.tools = tools.offered;
  const Completion both = complete(prompt, kModel);
  prompt.parallel_tools = false;
  const Completion one = complete(prompt, kModel);

  EXPECT_EQ(both.blocks.size(), 3U);
  EXPECT_EQ(one.blocks.size(), 2U);
}

TEST(Completion, follows_the_choice_of_tools) {
  const Tools tools;
  Prompt prompt = ask("Hello");
  prompt.tools = tools.offered;
  EXPECT_EQ(complete(prompt, kModel).stop_reason, StopReason::end_turn);

  prompt.tool_use = ToolUse::required;
  const Completion any = complete(prompt, kModel);
  prompt.forced_tool = "get-time";
  const Completion forced = complete(prompt, kModel);
  prompt.user_text = "get_weather";
  prompt.forced_tool.clear();
  prompt.tool_use = ToolUse::none;
  const Completion none = complete(prompt, kModel);

  ASSERT_EQ(any.blocks.size(), 1U);
  EXPECT_EQ(call_in(any).tool, "get_weather");
  EXPECT_EQ(call_in(forced).tool, "get-time");
  EXPECT_EQ(none.stop_reason, StopReason::end_turn);
}

TEST(Completion, cuts_a_call_at_max_tokens) {
  const Tools tools;
  Prompt prompt = ask("get_weather");
  prompt.tools = tools.offered;
  prompt.tool_use = ToolUse::required;
  prompt.max_tokens = 12;

  const Completion result = complete(prompt, kModel);

  EXPECT_EQ(result.stop_reason, StopReason::max_tokens);
  EXPECT_EQ(result.completion_tokens, 12);
  EXPECT_FALSE(call_in(result).complete);
  EXPECT_TRUE(std::string_view(R"({"city":"city"})").starts_with(call_in(result).arguments));
}

TEST(Completion, quotes_what_a_tool_replied_and_does_not_call_it_again) {
  const Tools tools;
  Prompt prompt = ask("get_weather");
  prompt.tools = tools.offered;
  prompt.tool_results = {{"get_weather", "50 degrees"}};

  const Completion result = complete(prompt, kModel);

  EXPECT_THAT(result.text(), HasSubstr("The tool get_weather replied: \"50 degrees\""));
  EXPECT_EQ(result.stop_reason, StopReason::end_turn);
}

TEST(Completion, describes_images) {
  Prompt prompt = ask("");
  prompt.images = {{"image/png", 70, base::ImageSize{2, 3}}, {"image/gif", 5, {}}};

  const Completion result = complete(prompt, kModel);

  EXPECT_THAT(result.text(), HasSubstr("You sent an image: image/png, 70 bytes, 2 x 3 pixels"));
  EXPECT_THAT(result.text(), HasSubstr("You sent an image: image/gif, 5 bytes\n"));
  EXPECT_THAT(result.text(), Not(HasSubstr("You asked")));
}

}  // namespace
}  // namespace llm::local
