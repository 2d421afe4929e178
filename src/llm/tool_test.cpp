#include <llm/tool.hpp>

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llm {
namespace {

TEST(ToolsFromJson, fills_in_what_may_be_left_out) {
  const auto tools = tools_from_json(R"([{"name":"now"},{"name":"then","strict":null}])");

  ASSERT_TRUE(tools);
  ASSERT_EQ(tools->size(), 2U);
  EXPECT_EQ((*tools)[0], Tool{.name = "now"});
  EXPECT_EQ((*tools)[1], Tool{.name = "then"});
}

TEST(ToolsFromJson, keeps_the_order_of_a_schema) {
  const auto tools =
      tools_from_json(R"([{"name":"a","parameters":{"z":1, "a":{"y":2.5, "b":[]}}}])");

  ASSERT_TRUE(tools);
  EXPECT_EQ(tools->front().parameters.text(), R"({"z":1,"a":{"y":2.5,"b":[]}})");
}

TEST(ToolsFromJson, reads_no_tools) {
  const auto tools = tools_from_json(" [] ");

  ASSERT_TRUE(tools);
  EXPECT_TRUE(tools->empty());
}

TEST(ToolsFromJson, names_the_tool_and_the_member_that_is_wrong) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"([1])", "tools[0] must be a JSON object"},
      {R"([{"name":"a"},{}])", "tools[1].name is missing"},
      {R"([{"name":""}])", "tools[0].name is missing"},
      {R"([{"name":7}])", "tools[0].name must be a text"},
      {R"([{"name":"a","description":[]}])", "tools[0].description must be a text"},
      {R"([{"name":"a","parameters":"{}"}])", "tools[0].parameters must be a JSON Schema"},
      {R"([{"name":"a","input_schema":null}])", "tools[0].input_schema must be a JSON Schema"},
      {R"([{"name":"a","parameters":{},"input_schema":{}}])", "tools[0] has its schema twice"},
      {R"([{"name":"a","strict":"yes"}])", "tools[0].strict must be true or false"},
      {R"([{"name":"a","system":1}])", "tools[0].system must be true or false"},
      {R"([{"name":"a","system":true,"parameters":{}}])", "tools[0] is the service's own tool"},
      {R"([{"name":"a","cache_control":{}}])", "tools[0].cache_control is not a member"},
      {R"([{"type":"function","function":1}])", "tools[0].function must be a JSON object"},
      {R"([{"type":"function","function":{}}])", "tools[0].function.name is missing"},
      {R"([{"type":"tool","function":{"name":"a"}}])", "tools[0].type must be \"function\""},
      {R"([{"function":{"name":"a"}}])", "tools[0].type must be \"function\""},
      {R"([{"type":"function","x":1,"function":{"name":"a"}}])", "tools[0].x is not a member"},
      {R"({"name":"a"})", "must be a JSON array"},
      {R"([{"name":"a"})", "the tools are not JSON"},
      {"", "the tools are not JSON: it is empty"}};
  for (const auto& [text, message] : cases) {
    const auto tools = tools_from_json(text);

    ASSERT_FALSE(tools) << text;
    EXPECT_EQ(tools.error().code, ErrorCode::configuration_error);
    EXPECT_THAT(tools.error().message, testing::HasSubstr(message));
  }
}

}  // namespace
}  // namespace llm
