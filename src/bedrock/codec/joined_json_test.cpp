#include "bedrock/codec/joined_json.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace llm::bedrock {
namespace {

struct Join {
  std::string name;
  std::vector<std::string> parts;
  std::string joined;
  bool complete = true;
};

class Joined : public ::testing::TestWithParam<Join> {};

TEST_P(Joined, has_what_every_part_says) {
  json::Parser parser;
  JoinedJson block(*parser.parse(GetParam().parts.front()));
  bool complete = true;
  for (std::size_t part = 1; part < GetParam().parts.size(); ++part) {
    const auto delta = parser.parse(GetParam().parts[part]);
    for (const auto [key, value] : delta->members()) {
      complete = block.join_member(key, value) && complete;
    }
  }

  EXPECT_EQ(block.json().text(), GetParam().joined);
  EXPECT_EQ(complete, GetParam().complete);
}

INSTANTIATE_TEST_SUITE_P(
    Parts, Joined,
    ::testing::Values(
        Join{"texts", {R"({"a":""})", R"({"a":"x\n"})", R"({"a":"é"})"}, R"({"a":"x\né"})"},
        Join{"null_is_replaced", {R"({"a":null})", R"({"a":[1]})"}, R"({"a":[1]})"},
        Join{"null_adds_nothing", {R"({"a":"x"})", R"({"a":null})"}, R"({"a":"x"})"},
        Join{"lists",
             {R"({"a":[1]})", R"({"a":[]})", R"({"a":[2,{"b":3}]})"},
             R"({"a":[1,2,{"b":3}]})"},
        Join{"new_members", {"{}", R"({"a":1.50})", R"({"b":true})"}, R"({"a":1.50,"b":true})"},
        Join{"nested",
             {R"({"a":{"b":"x"}})", R"({"a":{"b":"y","c":1}})"},
             R"({"a":{"b":"xy","c":1}})"},
        Join{"types_are_not_texts",
             {R"({"a":{"type":"t","b":"x"}})", R"({"a":{"type":"t","b":"y"}})"},
             R"({"a":{"type":"t","b":"xy"}})"},
        Join{"equal_numbers", {R"({"a":1})", R"({"a":1})"}, R"({"a":1})"},
        Join{"other_numbers",
             {R"({"a":1,"b":"x"})", R"({"a":2,"b":"y"})"},
             R"({"a":1,"b":"xy"})",
             false},
        Join{"other_kinds", {R"({"a":"x"})", R"({"a":[1]})"}, R"({"a":"x"})", false},
        Join{"no_object", {R"("x")", R"({"a":1})"}, R"("x")", false}),
    [](const auto& test) { return test.param.name; });

TEST(JoinedJson, refuses_more_members_than_any_block_has) {
  std::string many = "{";
  for (int member = 0; member < 2000; ++member) {
    many += (member == 0 ? "\"" : ",\"") + std::to_string(member) + "\":0";
  }
  json::Parser parser;
  JoinedJson block(*parser.parse("{}"));

  EXPECT_FALSE(block.join_member("a", *parser.parse("{}")) &&
               block.join_member("a", *parser.parse(many + "}")));
  EXPECT_FALSE(JoinedJson(*parser.parse(many + "}")).join_member("0", *parser.parse("0")));
}

TEST(JoinedJson, appends_elements_and_replaces_members) {
  json::Parser parser;
  JoinedJson block(*parser.parse(R"({"b":1})"));

  EXPECT_TRUE(block.append("a", *parser.parse("1")));
  EXPECT_TRUE(block.append("a", *parser.parse(R"({"c":2})")));
  EXPECT_FALSE(block.append("b", *parser.parse("1")));
  block.set_member("b", *parser.parse(R"("x")"));

  EXPECT_EQ(block.json().text(), R"({"b":"x","a":[1,{"c":2}]})");
}

}  // namespace
}  // namespace llm::bedrock
