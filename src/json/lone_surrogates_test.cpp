#include "json/lone_surrogates.hpp"

#include <gtest/gtest.h>

#include <string>

#include "json/reader.hpp"

namespace llm::json {
namespace {

struct Half {
  std::string name;
  std::string text;
  std::string read;  // the string that the text holds
  bool replaced = true;
};

class LoneSurrogate : public ::testing::TestWithParam<Half> {};

TEST_P(LoneSurrogate, costs_one_character) {
  Parser parser;

  const auto value = parser.parse(GetParam().text, LoneSurrogates::replace);

  ASSERT_TRUE(value) << value.error().message;
  EXPECT_EQ((*value)["a"].string(), GetParam().read);
  EXPECT_EQ(parser.has_replaced(), GetParam().replaced);
  EXPECT_EQ(Parser().parse(GetParam().text).has_value(), !GetParam().replaced);
}

INSTANTIATE_TEST_SUITE_P(
    Reader, LoneSurrogate,
    ::testing::Values(Half{"high", R"({"a":"x\ud83dy"})", "x\xEF\xBF\xBDy"},
                      Half{"low", R"({"a":"x\ude00y"})", "x\xEF\xBF\xBDy"},
                      Half{"two_high", R"({"a":"\uD83D\uD83D"})", "\xEF\xBF\xBD\xEF\xBF\xBD"},
                      Half{"high_before_a_pair", R"({"a":"\ud83d\ud83d\ude00"})",
                           "\xEF\xBF\xBD\xF0\x9F\x98\x80"},
                      Half{"at_the_end", R"({"a":"x\ud83d"})", "x\xEF\xBF\xBD"},
                      Half{"three_bytes", "{\"a\":\"x\xED\xA0\xBDy\"}", "x\xEF\xBF\xBDy"},
                      Half{"beside_a_long_integer",
                           R"({"n":123456789012345678901234567890,"a":"\ud83d"})", "\xEF\xBF\xBD"},
                      Half{"pair", R"({"a":"\ud83d\ude00"})", "\xF0\x9F\x98\x80", false},
                      Half{"escaped_backslash", R"({"a":"\\ud83d"})", "\\ud83d", false}),
    [](const auto& test) { return test.param.name; });

TEST(LoneSurrogates, leave_other_damage_an_error) {
  Parser parser;

  EXPECT_FALSE(parser.parse(R"({"a":"\ud83d)", LoneSurrogates::replace));
  EXPECT_FALSE(parser.parse("{\"a\":\"\xFF\"}", LoneSurrogates::replace));
  EXPECT_FALSE(parser.parse(R"({"a":"\x"})", LoneSurrogates::replace));
}

}  // namespace
}  // namespace llm::json
