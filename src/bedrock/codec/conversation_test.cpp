#include "bedrock/codec/conversation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

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

  const auto conversation = arrange(request);

  ASSERT_TRUE(conversation);
  EXPECT_EQ(shape_of(*conversation), "s2 u2 a1 u2");
  EXPECT_TRUE(conversation->warnings.empty());
}

TEST(Conversation, warns_when_a_system_message_moves) {
  const ChatRequest request{.messages = {Message::user("a"), Message::system("late")}};

  const auto conversation = arrange(request);

  ASSERT_TRUE(conversation);
  EXPECT_EQ(shape_of(*conversation), "s1 u1");
  EXPECT_TRUE(has_warning(conversation->warnings, "system_moved"));
}

TEST(Conversation, leaves_out_empty_texts_with_a_warning) {
  const ChatRequest request{
      .messages = {Message::user("a"),
                   {Role::assistant, {TextContent{}, ToolCallContent{.id = "1", .name = "f"}}}}};

  const auto conversation = arrange(request);

  ASSERT_TRUE(conversation);
  EXPECT_EQ(shape_of(*conversation), "s0 u1 a1");
  EXPECT_TRUE(has_warning(conversation->warnings, "empty_text"));
}

TEST(Conversation, refuses_what_is_no_conversation) {
  struct Case {
    ChatRequest request;
    ErrorCode code;
    std::string part;
  };
  const Case cases[] = {
      {{}, ErrorCode::invalid_request_error, "no user message"},
      {{.messages = {Message::system("s")}}, ErrorCode::invalid_request_error, "no user message"},
      {{.messages = {Message::user("a"), {Role::user, {}}}},
       ErrorCode::invalid_request_error,
       "messages[1] has no content"},
      {{.messages = {Message::user("")}}, ErrorCode::invalid_request_error, "has no content"},
      {{.messages = {Message::user("a"), {Role::tool, {TextContent{"t"}}}}},
       ErrorCode::invalid_request_error,
       "messages[1].content[0] is text"},
      {{.messages = {{Role::system, {TextContent{"t"}, ImageContent{}}}}},
       ErrorCode::invalid_request_error,
       "messages[0].content[1] is an image"},
      {{.messages = {Message::user("a\xff")}}, ErrorCode::configuration_error, "not valid UTF-8"},
      {{.messages = {Message::user("a"), Message::tool_result("i", "\xc3")}},
       ErrorCode::configuration_error,
       "messages[1].content[0]"},
  };

  for (const Case& test : cases) {
    const auto conversation = arrange(test.request);

    ASSERT_FALSE(conversation) << test.part;
    EXPECT_EQ(conversation.error().code, test.code) << test.part;
    EXPECT_THAT(conversation.error().message, HasSubstr(test.part));
  }
}

TEST(Conversation, joins_text_within_a_message_and_parts_messages_by_a_line) {
  const ChatRequest request{
      .messages = {{Role::user, {TextContent{"a"}, TextContent{"b"}}}, Message::user("c")}};
  const auto conversation = arrange(request);
  ASSERT_TRUE(conversation);

  const auto text = plain_text(conversation->turns.front().blocks, testing::unknown_model());

  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "ab\nc");
}

TEST(Conversation, names_kind_place_and_model_of_what_is_no_text) {
  const ChatRequest request{
      .messages = {Message::user("a"), {Role::user, {TextContent{"b"}, CachePoint{}}}}};
  const auto conversation = arrange(request);
  ASSERT_TRUE(conversation);

  const auto text = plain_text(conversation->turns.front().blocks, testing::unknown_model());

  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::unsupported_feature);
  EXPECT_EQ(text.error().message,
            "messages[1].content[1] is a cache point: vendor.unlisted-v1 takes text alone");
}

TEST(Conversation, refuses_cited_text_whose_citations_would_be_lost) {
  const ChatRequest request{
      .messages = {Message::user("a"),
                   {Role::assistant, {CitationsContent{"kept", {}}}},
                   Message::user("b"),
                   {Role::assistant, {CitationsContent{"lost", {Json::empty_object()}}}}}};
  const auto conversation = arrange(request);
  ASSERT_TRUE(conversation);

  EXPECT_TRUE(plain_text(conversation->turns[1].blocks, testing::unknown_model()));
  EXPECT_FALSE(plain_text(conversation->turns[3].blocks, testing::unknown_model()));
}

TEST(Conversation, warns_of_special_tokens_in_what_the_assistant_did_not_write) {
  constexpr std::array<std::string_view, 2> kTokens{"[INST]", "</s>"};
  const ChatRequest request{.messages = {Message::system("sys </s>"), Message::user("plain"),
                                         Message::assistant("[INST]"),
                                         Message::user("x [INST] y </s>")}};
  const auto conversation = arrange(request);
  ASSERT_TRUE(conversation);
  std::vector<Warning> warnings;

  warn_of_special_tokens(*conversation, kTokens, warnings);

  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0].id, "special_token_in_text");
  EXPECT_THAT(warnings[0].message, HasSubstr("messages[0].content[0]"));
  EXPECT_THAT(warnings[1].message, HasSubstr("messages[3].content[0]"));
}

}  // namespace
}  // namespace llm::bedrock
