#include "local/model/tokens.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace llm::local {
namespace {

TEST(Tokens, are_words_with_the_space_before_them) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases{
      {"Why is", "Why"},           {" is the", " is"}, {"\n\nHuman:", "\n\nHuman:"},
      {"deterministic", "determ"}, {"", ""},           {"  ", "  "},
  };
  for (const auto& [text, first] : cases) EXPECT_EQ(first_token(text), first) << text;
}

TEST(Tokens, never_split_a_character) {
  std::string_view text = "Übergrößenträger 日本語の文章";

  while (!text.empty()) {
    const std::string_view token = first_token(text);
    text.remove_prefix(token.size());
    EXPECT_TRUE(text.empty() || (static_cast<unsigned char>(text[0]) & 0xC0U) != 0x80U);
  }
}

TEST(Tokens, are_counted_and_cut_alike) {
  constexpr std::string_view kText = "Why is the sky blue? Ask somebody.";
  const std::int64_t count = count_tokens(kText);

  EXPECT_EQ(first_tokens(kText, count), kText);
  EXPECT_EQ(count_tokens(first_tokens(kText, 3)), 3);
  EXPECT_EQ(first_tokens(kText, 3), "Why is the");
}

}  // namespace
}  // namespace llm::local
