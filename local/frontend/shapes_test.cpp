#include "local/frontend/shapes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

struct Case {
  std::string_view body;
  std::string_view name;
  std::string_view message;
};

constexpr std::string_view kInvalid = "ValidationException";
constexpr std::string_view kUnreadable = "SerializationException";

TEST(Shapes, refuse_what_the_service_model_does_not_allow) {
  const std::vector<Case> cases{
      {R"({"mesages":[]})", kInvalid,
       "Malformed input request: #: extraneous key [mesages] is not permitted, please reformat "
       "your "
       "input and try again."},
      {R"({"messages":[{"role":"user","content":[],"name":"x"}]})", kInvalid,
       "Malformed input request: #/messages/0: extraneous key [name] is not permitted, please "
       "reformat your input and try again."},
      {R"({"system":[{"text":"a","cachePoint":{"type":"default"}}]})", kInvalid,
       "SystemContentBlock object at system.0 must set one of the following keys: text, "
       "guardContent, cachePoint."},
      {R"({"toolConfig":{"tools":[{}]}})", kInvalid,
       "Tool object at toolConfig.tools.0 must set one of the following keys: toolSpec, "
       "systemTool, "
       "cachePoint."},
      {R"({"messages":[{"role":"robot","content":[]}]})", kInvalid,
       "1 validation error detected: Value 'robot' at 'messages.1.member.role' failed to satisfy "
       "constraint: Member must satisfy enum value set: [user, assistant, system]"},
      {R"({"messages":[{"role":"user"}]})", kInvalid,
       "1 validation error detected: Value null at 'messages.1.member.content' failed to satisfy "
       "constraint: Member must not be null"},
      {R"({"inferenceConfig":{"maxTokens":0,"temperature":1.5}})", kInvalid,
       "2 validation errors detected: Value '0' at 'inferenceConfig.maxTokens' failed to satisfy "
       "constraint: Member must have value greater than or equal to 1; Value '1.5' at "
       "'inferenceConfig.temperature' failed to satisfy constraint: Member must have value less "
       "than or equal to 1"},
      {R"({"inferenceConfig":{"stopSequences":[""]}})", kInvalid,
       "1 validation error detected: Value '' at 'inferenceConfig.stopSequences.1.member' failed "
       "to "
       "satisfy constraint: Member must have length greater than or equal to 1"},
      {R"({"toolConfig":{"tools":[]}})", kInvalid,
       "1 validation error detected: Value at 'toolConfig.tools' failed to satisfy constraint: "
       "Member must have length greater than or equal to 1"},
      {R"({"toolConfig":{"tools":[{"systemTool":{"name":"a b"}}]}})", kInvalid,
       "1 validation error detected: Value 'a b' at 'toolConfig.tools.1.member.systemTool.name' "
       "failed to satisfy constraint: Member must satisfy regular expression pattern: "
       "[a-zA-Z0-9_-]+"},
      {R"({"requestMetadata":{"99999999999999999999999":"ä"}})", kInvalid,
       "1 validation error detected: Value 'ä' at 'requestMetadata.99999999999999999999999' failed "
       "to satisfy constraint: Member must satisfy regular expression pattern: "
       "[a-zA-Z0-9\\s:_@$#=/+,-.]{0,256}"},
      {R"({"inferenceConfig":{"maxTokens":"10"}})", kUnreadable,
       "STRING_VALUE can not be converted to an Integer"},
      {R"({"inferenceConfig":{"temperature":"hot"}})", kUnreadable,
       "STRING_VALUE can not be converted to a Float"},
      {R"({"system":[{"text":1.5}]})", kUnreadable,
       "NUMBER_VALUE can not be converted to a String"},
      {R"({"inferenceConfig":"x"})", kUnreadable, "Expected null"},
      {R"({"inferenceConfig":{"maxTokens":{}}})", kUnreadable,
       "Start of structure or map found where not expected."},
      {R"({"system":"be brief"})", kUnreadable, "Expected list or null"},
      {R"({"messages":[{"role":[],"content":[]}]})", kUnreadable,
       "Start of list found where not expected"},
  };
  for (const Case& each : cases) {
    const Checked<void> checked = check_shape(test::Document(each.body).root, "ConverseRequest");

    ASSERT_FALSE(checked) << each.body;
    EXPECT_EQ(checked.error().name, each.name) << each.body;
    EXPECT_EQ(checked.error().message, each.message);
    EXPECT_EQ(checked.error().status, 400);
  }
}

TEST(Shapes, take_null_for_absent) {
  const test::Document body(R"({"messages":[],"system":null,"inferenceConfig":{"topP":null}})");

  EXPECT_TRUE(check_shape(body.root, "ConverseRequest"));
}

}  // namespace
}  // namespace llm::local
