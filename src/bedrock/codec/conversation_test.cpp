#include "bedrock/codec/conversation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

#include "bedrock/codec/native_test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::has_warning;
using ::testing::HasSubstr;

std::string shape_of(const Conversation& conversation) {
  std::string shape = "s" + std::to_string(conversation.system.size());
  for (const Turn& turn : conversation.turns) {
    shape += turn.role == Role::user ? " u" : " a";
    shape += std::to_string(turn.blocks.size());
  }
  return shape;
}

TEST(Conversation, gathers_system_and_joins_neighbours) {
  const ChatRequest request{.messages = {Message::system("One."), Message::system("Two."),
                                         Message::user("a"), Message::user("b"),
                                         Message::assistant("c"), Message::tool_result("id", "d"),
                                         Message::user("e")}};

  const Conversation conversation = arrange(request);

  EXPECT_FALSE(conversation.error);
  EXPECT_EQ(shape_of(conversation), "s2 u2 a1 u2");
  EXPECT_TRUE(conversation.warnings.empty());
}

TEST(Conversation, warns_when_a_system_message_moves) {
  const ChatRequest request{.messages = {Message::user("a"), Message::system("late")}};

  const Conversation conversation = arrange(request);

  EXPECT_FALSE(conversation.error);
  EXPECT_EQ(shape_of(conversation), "s1 u1");
  EXPECT_TRUE(has_warning(conversation.warnings, "system_moved"));
}

TEST(Conversation, leaves_out_empty_texts_with_a_warning) {
  const ChatRequest request{
      .messages = {Message::user("a"),
                   {Role::assistant, {TextContent{}, ToolCallContent{.id = "1", .name = "f"}}}}};

  const Conversation conversation = arrange(request);

  EXPECT_FALSE(conversation.error);
  EXPECT_EQ(shape_of(conversation), "s0 u1 a1");
  EXPECT_TRUE(has_warning(conversation.warnings, "empty_text"));
}

struct ConversationCase {
  std::string name;
  ChatRequest request;
  ErrorCode code;
  std::string message;
};

class ConversationError : public ::testing::TestWithParam<ConversationCase> {};

TEST_P(ConversationError, is_noted) {
  const Conversation conversation = arrange(GetParam().request);

  ASSERT_TRUE(conversation.error);
  EXPECT_EQ(conversation.error->code, GetParam().code);
  EXPECT_EQ(conversation.error->message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Conversation, ConversationError,
    ::testing::Values(
        ConversationCase{"no_messages",
                         {},
                         ErrorCode::invalid_request_error,
                         "The request has no user message."},
        ConversationCase{"system_only",
                         {.messages = {Message::system("s")}},
                         ErrorCode::invalid_request_error,
                         "The request has no user message."},
        ConversationCase{"message_without_content",
                         {.messages = {Message::user("a"), {Role::user, {}}}},
                         ErrorCode::invalid_request_error,
                         "The message messages[1] has no content."},
        ConversationCase{"message_of_empty_text",
                         {.messages = {Message::user("")}},
                         ErrorCode::invalid_request_error,
                         "The message messages[0] has no content."},
        ConversationCase{"message_of_empty_cited_text",
                         {.messages = {{Role::user, {CitationsContent{}}}}},
                         ErrorCode::invalid_request_error,
                         "The message messages[0] has no content."},
        ConversationCase{"text_in_a_tool_message",
                         {.messages = {Message::user("a"), {Role::tool, {TextContent{"t"}}}}},
                         ErrorCode::invalid_request_error,
                         "Block messages[1].content[0] is text, which a message with the role "
                         "\"tool\" cannot contain."},
        ConversationCase{"image_in_a_system_message",
                         {.messages = {{Role::system, {TextContent{"t"}, ImageContent{}}}}},
                         ErrorCode::invalid_request_error,
                         "Block messages[0].content[1] is an image, which a message with the role "
                         "\"system\" cannot contain."},
        ConversationCase{"text_that_is_not_utf8",
                         {.messages = {Message::user("a\xff")}},
                         ErrorCode::configuration_error,
                         "Block messages[0].content[0] is not valid UTF-8."},
        ConversationCase{"tool_result_that_is_not_utf8",
                         {.messages = {Message::user("a"), Message::tool_result("i", "\xc3")}},
                         ErrorCode::configuration_error,
                         "Block messages[1].content[0] is not valid UTF-8."}),
    [](const auto& test) { return test.param.name; });

TEST(Conversation, is_arranged_as_far_as_possible_when_a_block_is_invalid) {
  const ChatRequest request{
      .messages = {{Role::tool, {TextContent{"t"}}}, Message::assistant("\xff")}};

  const Conversation conversation = arrange(request);

  EXPECT_TRUE(conversation.error);
  EXPECT_EQ(shape_of(conversation), "s0 u1 a1");
}

TEST(Conversation, stays_valid_when_its_messages_are_moved) {
  ChatRequest request{.messages = {Message::user("a")}};
  const Conversation conversation = arrange(request);

  const ChatRequest moved = std::move(request);

  EXPECT_EQ(conversation.turns[0].blocks[0].content, &moved.messages[0].content[0]);
}

TEST(Conversation, joins_text_within_a_message_and_separates_messages_by_a_line_feed) {
  const ChatRequest request{
      .messages = {{Role::user, {TextContent{"a"}, TextContent{"b"}}}, Message::user("c")}};
  const Conversation conversation = arrange(request);

  const auto text = plain_text(conversation.turns.front().blocks, testing::unknown_model());

  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "ab\nc");
}

TEST(Conversation, names_kind_position_and_model_of_a_block_that_is_not_text) {
  const ChatRequest request{
      .messages = {Message::user("a"), {Role::user, {TextContent{"b"}, CachePoint{}}}}};
  const Conversation conversation = arrange(request);

  const auto text = plain_text(conversation.turns.front().blocks, testing::unknown_model());

  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::unsupported_feature);
  EXPECT_EQ(
      text.error().message,
      "Block messages[1].content[1] is a cache point. Model \"vendor.unlisted-v1\" accepts text "
      "only.");
}

TEST(Conversation, refuses_cited_text_whose_citations_would_be_lost) {
  const ChatRequest request{
      .messages = {Message::user("a"),
                   {Role::assistant, {CitationsContent{"kept", {}}}},
                   Message::user("b"),
                   {Role::assistant, {CitationsContent{"lost", {Json::empty_object()}}}}}};
  const Conversation conversation = arrange(request);

  EXPECT_TRUE(plain_text(conversation.turns[1].blocks, testing::unknown_model()));
  EXPECT_FALSE(plain_text(conversation.turns[3].blocks, testing::unknown_model()));
}

TEST(Conversation, warns_of_special_tokens_except_in_assistant_messages) {
  constexpr std::array<std::string_view, 2> kTokens{"[INST]", "</s>"};
  const ChatRequest request{.messages = {Message::system("sys </s>"), Message::user("plain"),
                                         Message::assistant("[INST]"),
                                         Message::user("x [INST] y </s>")}};
  const Conversation conversation = arrange(request);
  std::vector<Warning> warnings;

  warn_of_special_tokens(conversation, kTokens, warnings);

  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0].id, "special_token_in_text");
  EXPECT_THAT(warnings[0].message, HasSubstr("messages[0].content[0]"));
  EXPECT_THAT(warnings[1].message, HasSubstr("messages[3].content[0]"));
}

}  // namespace
}  // namespace llm::bedrock
