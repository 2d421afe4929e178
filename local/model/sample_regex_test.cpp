#include "local/model/sample_regex.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

namespace llm::local {
namespace {

TEST(Pattern, is_matched_by_its_sample) {
  for (const std::string pattern :
       {"^[A-Z]{3}$", R"(^\d{4}-\d{2}-\d{2}$)", "^[a-z0-9-]+$", "^(red|green)$", "abc",
        R"(^\+?[1-9]\d{1,14}$)", R"(^[^\s@]+@[^\s@]+\.[a-z]{2,}$)", "^(?:a|b){2}c*?$",
        R"(^\w+\.(txt|md)$)", "^[a-fA-F0-9]{8}$", ".*", R"([\]\-x])", R"(^\{\}$)"}) {
    const std::optional<std::string> sample = sample_of_pattern(pattern, 0);

    ASSERT_TRUE(sample) << pattern;
    EXPECT_FALSE(sample->empty()) << pattern;
    EXPECT_TRUE(std::regex_search(*sample, std::regex(pattern))) << pattern << ": " << *sample;
  }
}

TEST(Pattern, is_matched_by_a_sample_of_the_required_length) {
  const std::optional<std::string> sample = sample_of_pattern("^x-[a-z]+$", 9);

  ASSERT_TRUE(sample);
  EXPECT_EQ(*sample, "x-aaaaaaa");
  EXPECT_EQ(sample_of_pattern("^(ab+)*$", 5), "abbbabbb");
  EXPECT_EQ(sample_of_pattern("^abc$", 4), std::nullopt);
  EXPECT_EQ(sample_of_pattern(std::string(5000, 'a'), 0), std::nullopt);
  EXPECT_EQ(sample_of_pattern("^$", 0), "");
}

TEST(Pattern, with_other_syntax_has_no_sample) {
  for (const std::string_view pattern :
       {"^(?=a)a$", R"(^(a)\1$)", R"(^\p{L}+$)", "^[a", "^(a", "a)", "*a", "a{5000}",
        "(a{4000}){4000}", "(a{4096}){15}(b{4096}){15}", "(a{4096}){9}|(b{4096}){9}", "^[z-a]$",
        "^a{x}$"}) {
    EXPECT_EQ(sample_of_pattern(pattern, 0), std::nullopt) << pattern;
  }
}

}  // namespace
}  // namespace llm::local
