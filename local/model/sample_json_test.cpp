#include "local/model/sample_json.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

TEST(Arguments, satisfy_the_schema_of_a_member) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases{
      {R"({"type":"string"})", R"("x")"},
      {R"({"type":"string","minLength":4})", R"("xxxx")"},
      {R"({"type":"string","maxLength":0})", R"("")"},
      {R"({"type":"string","format":"date"})", R"("2026-01-02")"},
      {R"({"type":"string","pattern":"^[A-Z]{2}-\\d+$"})", R"("AA-0")"},
      {R"({"type":"string","enum":["C","F"]})", R"("C")"},
      {R"({"const":7})", "7"},
      {R"({"type":"integer"})", "1"},
      {R"({"type":"integer","minimum":3})", "3"},
      {R"({"type":"integer","exclusiveMinimum":3})", "4"},
      {R"({"type":"integer","maximum":-2})", "-2"},
      {R"({"type":"integer","multipleOf":5,"minimum":7})", "10"},
      {R"({"type":"number"})", "1.5"},
      {R"({"type":"number","maximum":1})", "0.5"},
      {R"({"type":"number","minimum":0.1,"exclusiveMaximum":0.3})", "0.2"},
      {R"({"type":"number","multipleOf":0.25,"minimum":0.6})", "0.75"},
      {R"({"type":"number","minimum":-1.7e308,"maximum":1.7e308})", "0"},
      {R"({"type":"number","minimum":1e300,"multipleOf":1e-300})", "1.7976931348623157e+308"},
      {R"({"type":"integer","minimum":1e300})", "9223372036854774784"},
      {R"({"type":"integer","maximum":-1e300})", "-9223372036854774784"},
      {R"({"type":"boolean"})", "true"},
      {R"({"type":["null","string"]})", "null"},
      {R"({"type":"array","items":{"type":"integer"}})", "[1]"},
      {R"({"type":"array","items":{"type":"integer"},"minItems":2})", "[1,1]"},
      {R"({"type":"array","maxItems":0})", "[]"},
      {R"({"type":"object","required":["y"],"properties":{"y":{"type":"boolean"},"z":{}}})",
       R"({"y":true})"},
      {R"({"anyOf":[{"type":"integer"},{"type":"string"}]})", "1"},
      {R"({"$ref":"#/$defs/unit"})", R"("K")"},
  };
  for (const auto& [member, expected] : cases) {
    const test::Document schema(
        R"({"type":"object","$defs":{"unit":{"enum":["K"]}},"required":["x"],"properties":{"x":)" +
        std::string(member) + "}}");

    EXPECT_EQ(sample_arguments(schema.root), R"({"x":)" + std::string(expected) + "}") << member;
  }
}

TEST(Arguments, are_an_object_whatever_the_schema_says) {
  EXPECT_EQ(sample_arguments(test::Document("{}").root), "{}");
  EXPECT_EQ(sample_arguments(test::Document(R"({"type":"integer"})").root), "{}");
}

TEST(Arguments, end_when_a_schema_refers_to_itself) {
  const test::Document schema(
      R"({"type":"object","required":["next"],"properties":{"next":{"$ref":"#"}}})");

  const test::Document arguments(sample_arguments(schema.root));

  EXPECT_TRUE(arguments["next"]["next"].is_object());
}

TEST(Arguments, stay_small_when_lists_of_lists_refer_to_themselves) {
  const test::Document schema(
      R"({"type":"object","required":["a"],"properties":{"a":{"$ref":"#/$defs/list"}},)"
      R"("$defs":{"list":{"type":"array","minItems":100,"items":{"$ref":"#/$defs/list"}}}})");

  const std::string text = sample_arguments(schema.root);

  EXPECT_LT(text.size(), 70'000U);
  EXPECT_TRUE(test::Document(text)["a"].is_array());
}

}  // namespace
}  // namespace llm::local
