#include <llm/message.hpp>

#include <gtest/gtest.h>

namespace llm {
namespace {

TEST(Message, is_made_with_one_block_of_text) {
  EXPECT_EQ(Message::system("a"), text_message(Role::system, "a"));
  EXPECT_EQ(Message::user("a"), text_message(Role::user, "a"));
  EXPECT_EQ(Message::assistant("a"), text_message(Role::assistant, "a"));
  EXPECT_EQ(Message::user("a").content, std::vector<Content>{TextContent{"a"}});
}

TEST(Message, carries_a_tool_result) {
  const Message message = Message::tool_result("t1", "12 degrees", ToolStatus::success);

  EXPECT_EQ(message.role, Role::tool);
  ASSERT_EQ(message.content.size(), 1U);
  EXPECT_EQ(std::get<ToolResultContent>(message.content.front()),
            (ToolResultContent{.tool_call_id = "t1",
                               .content = {TextContent{"12 degrees"}},
                               .status = ToolStatus::success}));
}

TEST(Message, joins_its_text_without_reasoning) {
  const Message message{.content = {ReasoningContent{.text = "hm"}, TextContent{"a"},
                                    ToolCallContent{.id = "t"}, CitationsContent{"b", {}},
                                    TextContent{"c"}}};

  EXPECT_EQ(message.text(), "abc");
  EXPECT_EQ(Message{}.text(), "");
}

TEST(Message, lists_its_tool_calls_in_order) {
  const ToolCallContent first{.id = "t1", .name = "x"};
  const ToolCallContent second{.id = "t2", .name = "y"};
  const Message message{.content = {first, TextContent{"a"}, second}};

  EXPECT_EQ(message.tool_calls(), (std::vector{first, second}));
}

TEST(Role, has_the_documented_names) {
  EXPECT_EQ(to_string(Role::system), "system");
  EXPECT_EQ(to_string(Role::user), "user");
  EXPECT_EQ(to_string(Role::assistant), "assistant");
  EXPECT_EQ(to_string(Role::tool), "tool");
}

}  // namespace
}  // namespace llm
