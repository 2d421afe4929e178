#include "local/frontend/json_schema_errors.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

constexpr std::array kFields{
    Field{"prompt", FieldType::string, true},
    Field{"count", FieldType::integer, true, 1, 10},
    Field{"temperature", FieldType::number, false, 0, 1},
    Field{"list", FieldType::array},
    Field{"flag", FieldType::boolean},
    Field{"anything"},
};

TEST(Schema, finds_nothing_wrong_with_what_fits) {
  const test::Document body(
      R"({"prompt":"x","count":10,"temperature":0.5,"list":[],"flag":true,"anything":null})");

  EXPECT_EQ(violations(body.root, "#", kFields), "");
}

std::vector<test::RefusalRow> violation_rows() {
  return {
      {"required", "{}", "#: required key [prompt] not found#: required key [count] not found"},
      {"extraneous", R"({"prompt":"x","count":1,"stop":1})",
       "#: extraneous key [stop] is not permitted"},
      {"null_number", R"({"prompt":"x","count":1,"temperature":null})",
       "#/temperature: expected type: Number, found: Null"},
      {"string_for_an_integer", R"({"prompt":"x","count":"1"})",
       "#/count: expected type: Integer, found: String"},
      {"fraction_for_an_integer", R"({"prompt":"x","count":1.5})",
       "#/count: expected type: Integer, found: BigDecimal"},
      {"integer_for_a_string", R"({"prompt":1,"count":1})",
       "#/prompt: expected type: String, found: Integer"},
      {"above_the_maximum", R"({"prompt":"x","count":11})",
       "#/count: 11 is not less or equal to 10"},
      {"below_the_minimum", R"({"prompt":"x","count":1,"temperature":-0.5})",
       "#/temperature: -0.5 is not greater or equal to 0"},
      {"object_for_a_list", R"({"prompt":"x","count":1,"list":{},"flag":[]})",
       "#/list: expected type: JSONArray, found: JSONObject#/flag: expected type: Boolean, found: "
       "JSONArray"},
      {"list_for_the_root", "[]", "#: expected type: JSONObject, found: JSONArray"},
  };
}

class SchemaViolations : public ::testing::TestWithParam<test::RefusalRow> {};

TEST_P(SchemaViolations, are_in_the_words_of_bedrock) {
  const test::RefusalRow& row = GetParam();
  const test::Document body(row.body);

  EXPECT_EQ(violations(body.root, "#", kFields), row.message);
}

INSTANTIATE_TEST_SUITE_P(, SchemaViolations, ::testing::ValuesIn(violation_rows()),
                         test::RowName{});

}  // namespace
}  // namespace llm::local
