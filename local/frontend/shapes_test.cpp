#include "local/frontend/shapes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

/// A body, and the exception that refuses it.
struct Row {
  std::string_view name;
  std::string_view body;
  std::string_view exception;
  std::string_view message;

  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
};

constexpr std::string_view kInvalid = "ValidationException";
constexpr std::string_view kUnreadable = "SerializationException";

std::vector<Row> refusals() {
  return {
      {"unknown_member", R"({"mesages":[]})", kInvalid,
       "Malformed input request: #: extraneous key [mesages] is not permitted, please reformat "
       "your "
       "input and try again."},
      {"unknown_member_of_a_message", R"({"messages":[{"role":"user","content":[],"name":"x"}]})",
       kInvalid,
       "Malformed input request: #/messages/0: extraneous key [name] is not permitted, please "
       "reformat your input and try again."},
      {"two_members_of_a_union", R"({"system":[{"text":"a","cachePoint":{"type":"default"}}]})",
       kInvalid,
       "SystemContentBlock object at system.0 must set one of the following keys: text, "
       "guardContent, cachePoint."},
      {"no_member_of_a_union", R"({"toolConfig":{"tools":[{}]}})", kInvalid,
       "Tool object at toolConfig.tools.0 must set one of the following keys: toolSpec, "
       "systemTool, "
       "cachePoint."},
      {"unknown_role", R"({"messages":[{"role":"robot","content":[]}]})", kInvalid,
       "1 validation error detected: Value 'robot' at 'messages.1.member.role' failed to satisfy "
       "constraint: Member must satisfy enum value set: [user, assistant, system]"},
      {"no_content", R"({"messages":[{"role":"user"}]})", kInvalid,
       "1 validation error detected: Value null at 'messages.1.member.content' failed to satisfy "
       "constraint: Member must not be null"},
      {"two_constraints", R"({"inferenceConfig":{"maxTokens":0,"temperature":1.5}})", kInvalid,
       "2 validation errors detected: Value '0' at 'inferenceConfig.maxTokens' failed to satisfy "
       "constraint: Member must have value greater than or equal to 1; Value '1.5' at "
       "'inferenceConfig.temperature' failed to satisfy constraint: Member must have value less "
       "than or equal to 1"},
      {"empty_stop_sequence", R"({"inferenceConfig":{"stopSequences":[""]}})", kInvalid,
       "1 validation error detected: Value '' at 'inferenceConfig.stopSequences.1.member' failed "
       "to "
       "satisfy constraint: Member must have length greater than or equal to 1"},
      {"no_tools", R"({"toolConfig":{"tools":[]}})", kInvalid,
       "1 validation error detected: Value at 'toolConfig.tools' failed to satisfy constraint: "
       "Member must have length greater than or equal to 1"},
      {"tool_name_with_a_space", R"({"toolConfig":{"tools":[{"systemTool":{"name":"a b"}}]}})",
       kInvalid,
       "1 validation error detected: Value 'a b' at 'toolConfig.tools.1.member.systemTool.name' "
       "failed to satisfy constraint: Member must satisfy regular expression pattern: "
       "[a-zA-Z0-9_-]+"},
      {"metadata_outside_the_pattern", R"({"requestMetadata":{"99999999999999999999999":"ä"}})",
       kInvalid,
       "1 validation error detected: Value 'ä' at 'requestMetadata.99999999999999999999999' failed "
       "to satisfy constraint: Member must satisfy regular expression pattern: "
       "[a-zA-Z0-9\\s:_@$#=/+,-.]{0,256}"},
      {"string_for_an_integer", R"({"inferenceConfig":{"maxTokens":"10"}})", kUnreadable,
       "STRING_VALUE can not be converted to an Integer"},
      {"string_for_a_float", R"({"inferenceConfig":{"temperature":"hot"}})", kUnreadable,
       "STRING_VALUE can not be converted to a Float"},
      {"number_for_a_string", R"({"system":[{"text":1.5}]})", kUnreadable,
       "NUMBER_VALUE can not be converted to a String"},
      {"string_for_a_structure", R"({"inferenceConfig":"x"})", kUnreadable, "Expected null"},
      {"structure_for_an_integer", R"({"inferenceConfig":{"maxTokens":{}}})", kUnreadable,
       "Start of structure or map found where not expected."},
      {"string_for_a_list", R"({"system":"be brief"})", kUnreadable, "Expected list or null"},
      {"list_for_a_string", R"({"messages":[{"role":[],"content":[]}]})", kUnreadable,
       "Start of list found where not expected"},
  };
}

class ShapeRefusals : public ::testing::TestWithParam<Row> {};

TEST_P(ShapeRefusals, are_those_of_the_service_model) {
  const Row& row = GetParam();
  const Checked<void> checked = check_shape(test::Document(row.body).root, "ConverseRequest");

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().name, row.exception);
  EXPECT_EQ(checked.error().message, row.message);
  EXPECT_EQ(checked.error().status, 400);
}

INSTANTIATE_TEST_SUITE_P(, ShapeRefusals, ::testing::ValuesIn(refusals()), test::RowName{});

TEST(Shapes, take_null_for_absent) {
  const test::Document body(R"({"messages":[],"system":null,"inferenceConfig":{"topP":null}})");

  EXPECT_TRUE(check_shape(body.root, "ConverseRequest"));
}

}  // namespace
}  // namespace llm::local
