#include "json/reader.hpp"

#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llm::json {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// The value's text after one reading; `error` when it is refused.
std::string read_back(std::string_view text) {
  Parser parser;
  const auto value = parser.parse(text);
  return value ? value->to_text() : "error";
}

std::string nested(std::size_t levels, std::string_view inner) {
  return std::string(levels, '[') + std::string(inner) + std::string(levels, ']');
}

TEST(JsonReader, reads_each_kind) {
  Parser parser;
  const auto root = parser.parse(R"( {"n":null,"b":true,"i":-7,"d":0.5,"s":"x","a":[1],"o":{}} )");

  ASSERT_TRUE(root);
  EXPECT_EQ(root->kind(), Kind::object);
  EXPECT_TRUE((*root)["n"].is_null());
  EXPECT_EQ((*root)["b"].boolean(), true);
  EXPECT_EQ((*root)["i"].integer(), -7);
  EXPECT_EQ((*root)["d"].number(), 0.5);
  EXPECT_EQ((*root)["s"].string(), "x");
  EXPECT_EQ((*root)["a"].size(), 1U);
  EXPECT_TRUE((*root)["o"].is_object());
  EXPECT_EQ(root->size(), 7U);
}

TEST(JsonReader, gives_absent_for_missing_values) {
  Parser parser;
  const auto root = parser.parse(R"({"a":{"b":1}})");

  ASSERT_TRUE(root);
  EXPECT_EQ((*root)["a"]["b"]["c"]["d"].kind(), Kind::absent);
  EXPECT_FALSE((*root)["x"].exists());
  EXPECT_EQ((*root)["x"].string(), std::nullopt);
  EXPECT_EQ((*root)["x"].to_text(), "null");
  EXPECT_EQ((*root)["a"].integer(), std::nullopt);
  EXPECT_EQ((*root)["a"]["b"].boolean(), std::nullopt);
  EXPECT_EQ((*root)["a"].text_or_empty(), "");
  EXPECT_EQ(Value().size(), 0U);
}

TEST(JsonReader, walks_arrays_and_objects_in_order) {
  Parser parser;
  const auto root = parser.parse(R"({"b":[1,[2,3],{"x":4},"five"],"a":2.5,"":3})");
  ASSERT_TRUE(root);

  std::vector<std::string> elements;
  for (const Value element : (*root)["b"].elements()) elements.push_back(element.to_text());
  std::vector<std::string> keys;
  for (const auto& [key, member] : root->members()) keys.emplace_back(key);

  EXPECT_THAT(elements, ElementsAre("1", "[2,3]", R"({"x":4})", R"("five")"));
  EXPECT_THAT(keys, ElementsAre("b", "a", ""));
}

TEST(JsonReader, walks_nothing_in_other_kinds) {
  Parser parser;
  const auto root = parser.parse(R"({"empty":[],"none":{},"text":"x"})");
  ASSERT_TRUE(root);

  for (const Value value : {(*root)["empty"], (*root)["none"], (*root)["text"], Value()}) {
    EXPECT_EQ(value.size(), 0U);
    for (const Value element : value.elements()) ADD_FAILURE() << element.to_text();
    for (const Member member : value.members()) ADD_FAILURE() << member.key;
  }
}

TEST(JsonReader, gives_the_first_of_several_equal_keys) {
  Parser parser;
  const auto root = parser.parse(R"({"a":1,"a":2})");

  ASSERT_TRUE(root);
  EXPECT_EQ((*root)["a"].integer(), 1);
  EXPECT_EQ(root->size(), 2U);
}

TEST(JsonReader, distinguishes_integers_from_other_numbers) {
  Parser parser;
  const auto root = parser.parse(
      "[12.0, 1e3, 0.5, 9223372036854775807, -9223372036854775808, 18446744073709551615, 1e19]");
  ASSERT_TRUE(root);

  std::vector<std::optional<std::int64_t>> integers;
  for (const Value element : root->elements()) integers.push_back(element.integer());

  EXPECT_THAT(integers,
              ElementsAre(12, 1000, std::nullopt, std::numeric_limits<std::int64_t>::max(),
                          std::numeric_limits<std::int64_t>::min(), std::nullopt, std::nullopt));
}

TEST(JsonReader, gives_every_number_as_a_double) {
  Parser parser;
  const auto root = parser.parse("[-3, 18446744073709551615, 0.1]");
  ASSERT_TRUE(root);

  std::vector<double> numbers;
  for (const Value element : root->elements()) numbers.push_back(element.number().value_or(0));

  EXPECT_THAT(numbers, ElementsAre(-3.0, 18446744073709551615.0, 0.1));
}

TEST(JsonReader, writes_back_what_it_read) {
  for (const std::string_view text :
       {R"({"a":[1,-2,0.1,true,false,null,"x",{}],"b":{"c":[]}})", "9223372036854775807",
        "-9223372036854775808", "18446744073709551615", "1e+300", "-0.0", R"("\u0000\n\"\\")",
        "\"\xC3\xA9\xF0\x9F\x98\x80\"", "[]", "{}", R"("")"}) {
    EXPECT_EQ(read_back(text), text);
  }
}

TEST(JsonReader, writes_numbers_back_as_they_were_written) {
  for (const std::string_view text :
       {R"({"x":1.0,"y":1e5,"z":[-0.50,2E+3,7]})", "123456789012345678901234567890",
        "18446744073709551616", "-9223372036854775809",
        R"(["1.5\"2.5\\",3,{"4.5":5.50,"\\":[true,-6e-1]},18446744073709551616,1.10])"}) {
    EXPECT_EQ(read_back(text), text);
  }
}

TEST(JsonReader, writes_the_numbers_of_each_text_after_another) {
  Parser parser;
  for (const std::string_view text : {"[1.0,2.50]", "[10,99999999999999999999,3.00]", "[4.0]"}) {
    const auto value = parser.parse(text);

    ASSERT_TRUE(value);
    EXPECT_EQ(value->to_text(), text);
    EXPECT_EQ(value->to_text(), text);
  }
}

TEST(JsonReader, reads_integers_beyond_64_bits_as_doubles) {
  Parser parser;
  const auto root = parser.parse("[18446744073709551616, -123456789012345678901234567890]");

  ASSERT_TRUE(root);
  std::vector<double> numbers;
  for (const Value element : root->elements()) {
    EXPECT_EQ(element.kind(), Kind::number);
    EXPECT_EQ(element.integer(), std::nullopt);
    numbers.push_back(element.number().value_or(0));
  }
  EXPECT_THAT(numbers, ElementsAre(testing::DoubleEq(18446744073709551616.0),
                                   testing::DoubleEq(-123456789012345678901234567890.0)));
}

TEST(JsonReader, undoes_escapes) {
  Parser parser;
  const auto root = parser.parse(R"("\ud83d\ude00\u00e9\/\b\f\u0000x")");

  ASSERT_TRUE(root);
  EXPECT_EQ(root->string(), std::string_view("\xF0\x9F\x98\x80\xC3\xA9/\b\f\0x", 11));
}

TEST(JsonReader, refuses_anything_but_one_complete_json_value) {
  const std::vector<std::string> refused = {"",
                                            " \n\t",
                                            "tru!e",
                                            "[tru!e]",
                                            "nul",
                                            "[true1]",
                                            "1 2",
                                            "{}{}",
                                            "{} x",
                                            "[1,]",
                                            "[,1]",
                                            R"({"a":1,})",
                                            R"({"a"})",
                                            R"({"a":})",
                                            R"({a:1})",
                                            R"({1:2})",
                                            "[1",
                                            "{",
                                            R"(["abc)",
                                            "]",
                                            "[01]",
                                            "[+1]",
                                            "[-]",
                                            "[1.]",
                                            "[.5]",
                                            "[1e]",
                                            "[0x10]",
                                            "[NaN]",
                                            "[Infinity]",
                                            "1e400",
                                            R"(["\x"])",
                                            R"(["\ud800"])",
                                            R"(["\udc00"])",
                                            R"(["\ud800\ud800"])",
                                            R"(["\u12"])",
                                            "[\"a\nb\"]",
                                            "[\"\xFF\"]",
                                            "[\"\xC0\x80\"]",
                                            "[\"\xED\xA0\x80\"]",
                                            "[\"\xE2\x82\"]",
                                            "\xEF\xBB\xBF{}",
                                            std::string("[1]\0", 4),
                                            std::string("[\"a\0b\"]", 7),
                                            "'a'",
                                            "[1 2]",
                                            "/* */1",
                                            "1-2",
                                            "1234567890123456789012-1",
                                            "01234567890123456789012",
                                            "[12345678901234567890123,]"};
  for (const std::string& text : refused) {
    EXPECT_EQ(read_back(text), "error") << testing::PrintToString(text);
  }
}

TEST(JsonReader, reads_256_levels_and_no_more) {
  EXPECT_EQ(read_back(nested(kMaxDepth, "")), nested(kMaxDepth, ""));
  EXPECT_EQ(read_back(nested(kMaxDepth, "1")), nested(kMaxDepth, "1"));
  EXPECT_EQ(read_back(nested(kMaxDepth + 1, "1")), "error");
  EXPECT_EQ(read_back(nested(kMaxDepth + 2, "")), "error");
  EXPECT_EQ(read_back(nested(1'000'000, "")), "error");
}

TEST(JsonReader, names_the_problem_without_the_text) {
  Parser parser;
  const auto value = parser.parse(R"({"prompt":"secret words" tru!e})");

  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, ErrorCode::stream_error);
  EXPECT_THAT(value.error().message, HasSubstr("The text is not JSON: "));
  EXPECT_THAT(value.error().message, Not(HasSubstr("secret")));
}

TEST(JsonReader, names_the_cause) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "it is empty"},
      {"[1e400]", "a number is malformed, or larger than 1.8e308"},
      {"[\"\xFF\"]", "it is not valid UTF-8"},
      {nested(300, "1"), "deeper than 256 levels"},
      {"[\"abc", "a string is not closed"},
      {"[truth]", "bare word"},
      {R"(["\q"])", "escape"},
      {"[\"\x01\"]", "control character"},
      {"[1,", "missing or misplaced"}};
  for (const auto& [text, cause] : cases) {
    Parser parser;
    const auto value = parser.parse(text);

    ASSERT_FALSE(value) << cause;
    EXPECT_THAT(value.error().message, HasSubstr(cause));
  }
}

TEST(JsonReader, reads_a_text_that_is_not_padded_or_terminated) {
  const std::string text = "[1,2]junk";

  EXPECT_EQ(read_back(std::string_view(text).substr(0, 5)), "[1,2]");
}

TEST(JsonReader, reads_many_texts_of_growing_and_shrinking_size) {
  Parser parser;
  for (const std::size_t size : {1UL, 5'000'000UL, 10UL, 4095UL, 4096UL, 4097UL, 70'000UL}) {
    const std::string big(size, 'x');

    const auto value = parser.parse('"' + big + '"');

    ASSERT_TRUE(value) << size;
    EXPECT_EQ(value->string(), big) << size;
  }
}

TEST(JsonReader, can_be_used_after_an_error) {
  Parser parser;
  EXPECT_FALSE(parser.parse("[1,"));

  const auto value = parser.parse("[1]");

  ASSERT_TRUE(value);
  EXPECT_EQ(value->to_text(), "[1]");
}

TEST(JsonReader, can_be_used_again_after_it_has_released_its_buffers) {
  Parser parser;
  ASSERT_TRUE(parser.parse(R"("\ud800")", LoneSurrogates::replace));
  parser.release();
  parser.release();

  const auto root = parser.parse(R"({"a":[1]})");

  ASSERT_TRUE(root);
  EXPECT_EQ((*root)["a"].to_text(), "[1]");
  EXPECT_TRUE(parser.has_replaced());
}

TEST(JsonReader, can_be_moved) {
  Parser first;
  Parser second = std::move(first);

  const auto value = second.parse("1");

  ASSERT_TRUE(value);
  EXPECT_EQ(value->integer(), 1);
}

}  // namespace
}  // namespace llm::json
