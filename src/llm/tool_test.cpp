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

struct WrongTools {
  std::string name;
  std::string text;
  std::string message;  ///< Its beginning.
  std::string advice;
};

class ToolsFromJsonError : public testing::TestWithParam<WrongTools> {};

TEST_P(ToolsFromJsonError, names_the_tool_and_the_member_that_is_wrong) {
  const WrongTools& row = GetParam();

  const auto tools = tools_from_json(row.text);

  ASSERT_FALSE(tools);
  EXPECT_EQ(tools.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(tools.error().message, testing::StartsWith(row.message));
  EXPECT_EQ(tools.error().advice, row.advice);
}

INSTANTIATE_TEST_SUITE_P(
    ToolsFromJson, ToolsFromJsonError,
    testing::ValuesIn(std::vector<WrongTools>{
        {"number", R"([1])", R"(tools[0] must be a JSON object.)", ""},
        {"no_name", R"([{"name":"a"},{}])", R"(tools[1].name is missing.)", ""},
        {"empty_name", R"([{"name":""}])", R"(tools[0].name is missing.)", ""},
        {"name_that_is_a_number", R"([{"name":7}])", R"(tools[0].name must be a string.)", ""},
        {"description_that_is_an_array", R"([{"name":"a","description":[]}])",
         R"(tools[0].description must be a string.)", ""},
        {"parameters_in_a_string", R"([{"name":"a","parameters":"{}"}])",
         R"(tools[0].parameters must be a JSON Schema object.)", ""},
        {"schema_that_is_null", R"([{"name":"a","input_schema":null}])",
         R"(tools[0].input_schema must be a JSON Schema object.)", ""},
        {"two_schemas", R"([{"name":"a","parameters":{},"input_schema":{}}])",
         R"(tools[0] has both parameters and input_schema.)", "Keep one of them."},
        {"strict_that_is_a_string", R"([{"name":"a","strict":"yes"}])",
         R"(tools[0].strict must be true or false.)", ""},
        {"system_that_is_a_number", R"([{"name":"a","system":1}])",
         R"(tools[0].system must be true or false.)", ""},
        {"system_tool_with_a_schema", R"([{"name":"a","system":true,"parameters":{}}])",
         R"(tools[0] is a system tool, which has only a name.)", "Remove its other members."},
        {"unknown_member", R"([{"name":"a","cache_control":{}}])",
         R"(tools[0].cache_control is not a known member.)",
         "The members are name, description, parameters (or input_schema), strict and system."},
        {"function_that_is_a_number", R"([{"type":"function","function":1}])",
         R"(tools[0].function must be a JSON object.)", ""},
        {"function_without_a_name", R"([{"type":"function","function":{}}])",
         R"(tools[0].function.name is missing.)", ""},
        {"other_type", R"([{"type":"tool","function":{"name":"a"}}])",
         R"(tools[0].type must be "function".)", ""},
        {"no_type", R"([{"function":{"name":"a"}}])", R"(tools[0].type must be "function".)", ""},
        {"member_beside_function", R"([{"type":"function","x":1,"function":{"name":"a"}}])",
         R"(tools[0].x is not a known member.)",
         "The members are name, description, parameters (or input_schema), strict and system."},
        {"no_array", R"({"name":"a"})", R"(The tools must be a JSON array.)",
         "Put a single tool into [ ]."},
        {"no_json", R"([{"name":"a"})", R"(The tools cannot be parsed. )", ""},
        {"empty", R"()", R"(The tools cannot be parsed. )", ""},
    }),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace llm
