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

TEST(Schema, says_what_is_wrong_in_the_words_of_bedrock) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases{
      {"{}", "#: required key [prompt] not found#: required key [count] not found"},
      {R"({"prompt":"x","count":1,"stop":1})", "#: extraneous key [stop] is not permitted"},
      {R"({"prompt":"x","count":1,"temperature":null})",
       "#/temperature: expected type: Number, found: Null"},
      {R"({"prompt":"x","count":"1"})", "#/count: expected type: Integer, found: String"},
      {R"({"prompt":"x","count":1.5})", "#/count: expected type: Integer, found: BigDecimal"},
      {R"({"prompt":1,"count":1})", "#/prompt: expected type: String, found: Integer"},
      {R"({"prompt":"x","count":11})", "#/count: 11 is not less or equal to 10"},
      {R"({"prompt":"x","count":1,"temperature":-0.5})",
       "#/temperature: -0.5 is not greater or equal to 0"},
      {R"({"prompt":"x","count":1,"list":{},"flag":[]})",
       "#/list: expected type: JSONArray, found: JSONObject#/flag: expected type: Boolean, found: "
       "JSONArray"},
      {"[]", "#: expected type: JSONObject, found: JSONArray"},
  };
  for (const auto& [text, expected] : cases) {
    const test::Document body(text);

    EXPECT_EQ(violations(body.root, "#", kFields), expected) << text;
  }
}

}  // namespace
}  // namespace llm::local
