#include "base/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llm::base {
namespace {

using testing::ElementsAre;

TEST(Text, lowers_ascii_letters_and_no_other_byte_wherever_they_are) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  for (std::size_t start = 0; start < 9; ++start) {
    const std::string text = every_byte.substr(start) + every_byte.substr(0, start);

    const std::string lowered = to_lower(text);

    ASSERT_EQ(lowered.size(), text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char wanted =
          text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
      EXPECT_EQ(lowered[i], wanted) << i;
    }
  }
}

TEST(Text, lowers_ascii_letters_only) {
  EXPECT_EQ(to_lower("X-Amzn-RequestId @[`{ \xC3\x89"), "x-amzn-requestid @[`{ \xC3\x89");
}

TEST(Text, appends_in_lower_case) {
  std::string out = "AB";
  append_lower("Cd-E", out);
  append_lower("", out);

  EXPECT_EQ(out, "ABcd-e");
}

TEST(Text, compares_ignoring_ascii_case) {
  EXPECT_TRUE(equals_ignoring_case("Content-Type", "content-TYPE"));
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_FALSE(equals_ignoring_case("Content-Type", "Content-Typ"));
  EXPECT_FALSE(equals_ignoring_case("@", "`"));
}

TEST(Text, trims_both_ends) {
  EXPECT_EQ(trim(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(trim("a"), "a");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\v"), "\v");
}

TEST(Text, splits_at_every_separator) {
  EXPECT_THAT(split("a,b", ','), ElementsAre("a", "b"));
  EXPECT_THAT(split(",a,,", ','), ElementsAre("", "a", "", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(Text, knows_tokens_of_http) {
  EXPECT_TRUE(is_token("X-a_9!#$%&'*+.^`|~"));
  for (const std::string_view text : {"", "a b", "a:", "a\r", "\xC3\xA4", "a\x7F", "a@"}) {
    EXPECT_FALSE(is_token(text)) << text;
  }
}

// Every byte at every place of texts of every length around that of a word, between others.
template <typename Check>
void for_each_byte_and_place(std::string_view others, Check check) {
  for (std::size_t size = 1; size <= others.size(); ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(others.substr(0, size));
        text[place] = static_cast<char>(byte);
        SCOPED_TRACE(::testing::Message() << byte << " at " << place << " of " << size);
        check(text, byte);
      }
    }
  }
}

TEST(Text, finds_each_control_byte_wherever_it_stands) {
  EXPECT_FALSE(has_control_byte(""));
  // The others are closest to the limits.
  for_each_byte_and_place(
      "\x20\x80\x7E\xFF\x21\x80\x20\x7E\x80\xFF\x20\x80\x7E\xFF\x21\x80\x20\x7E\x80\xFF",
      [](const std::string& text, int byte) {
        EXPECT_EQ(has_control_byte(text), byte < 0x20 || byte == 0x7F);
      });
}

TEST(Text, knows_visible_ascii_wherever_it_stands) {
  EXPECT_TRUE(is_visible_ascii(""));
  for_each_byte_and_place("!~!!~~!~!~!!~~!~!~!!", [](const std::string& text, int byte) {
    EXPECT_EQ(is_visible_ascii(text), byte > 0x20 && byte < 0x7F);
  });
}

TEST(Utf8, accepts_every_length_of_character) {
  for (const std::string_view text :
       {"", "plain text longer than one word", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80",
        "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF",
        "12345678\xC3\xA9 12345678\xE3\x80\x80"}) {
    EXPECT_TRUE(is_valid_utf8(text)) << text;
  }
}

TEST(Utf8, refuses_what_unicode_calls_ill_formed) {
  for (const std::string_view text :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2 ", "\xE0\x9F\xBF", "\xE2\x82",
        "\xE2\x82 ", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xF0\x9F\x98", "\xFE", "\xFF", "12345678\xC3", "\xC3\xA9\xA9"}) {
    EXPECT_FALSE(is_valid_utf8(text)) << testing::PrintToString(std::string(text));
  }
}

TEST(Utf8, gets_a_replacement_for_each_byte_outside_a_character) {
  EXPECT_EQ(with_valid_utf8("caf\xC3\xA9 \xF0\x9F\x98\x80"), "caf\xC3\xA9 \xF0\x9F\x98\x80");
  EXPECT_EQ(with_valid_utf8("a\xFFz\xE2\x82"), "a\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Blank, is_all_white_space_of_unicode_or_nothing) {
  for (const std::string_view text :
       {"", " \t\n\v\f\r", "\xC2\x85", "\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x8A",
        "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80",
        " \xC2\xA0\xE3\x80\x80\n"}) {
    EXPECT_TRUE(is_blank(text)) << testing::PrintToString(std::string(text));
  }
}

TEST(Blank, is_not_visible_or_other_invisible_text) {
  for (const std::string_view text : {"a", " a ", "\xC2\xA0.", "\xE2\x80\x8B", "\xEF\xBB\xBF",
                                      "\xE1\xA0\x8E", "\xC2", "\xFF", "\x1F", "\xE2\x80\xB0"}) {
    EXPECT_FALSE(is_blank(text)) << testing::PrintToString(std::string(text));
  }
  EXPECT_FALSE(is_blank(std::string_view("\0", 1)));
}

}  // namespace
}  // namespace llm::base
