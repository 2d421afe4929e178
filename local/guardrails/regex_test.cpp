#include "local/guardrails/regex.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

/// The first match, in brackets; `-` for none, `!` for an expression that is refused.
std::string first_match(std::string_view pattern, std::string_view text) {
  const std::optional<Regex> regex = Regex::compile(pattern);
  if (!regex) return "!";
  MatchBudget budget;
  const auto found = regex->find(text, 0, budget);
  if (!found) return "-";
  return "[" + std::string(text.substr(found->begin, found->end - found->begin)) + "]";
}

struct RegexRow {
  std::string name{};
  std::string pattern{};
  std::string text{};
  std::string match{};

  friend void PrintTo(const RegexRow& row, std::ostream* out) { *out << row.name; }
};

class RegexFinds : public ::testing::TestWithParam<RegexRow> {};

TEST_P(RegexFinds, the_first_match) {
  EXPECT_EQ(first_match(GetParam().pattern, GetParam().text), GetParam().match);
}

INSTANTIATE_TEST_SUITE_P(
    All, RegexFinds,
    ::testing::Values(
        RegexRow{"literal", "abc", "xxabcabc", "[abc]"}, RegexRow{"none", "abc", "ab", "-"},
        RegexRow{"greedy", "a+", "baaac", "[aaa]"}, RegexRow{"lazy", "a+?", "baaac", "[a]"},
        RegexRow{"first_alternative", "a|ab", "ab", "[a]"},
        RegexRow{"three_alternatives", "x|yy|zzz", "zzz", "[zzz]"},
        RegexRow{"earliest", "b|aaaa", "aaaab", "[aaaa]"},
        RegexRow{"account", "\\b\\d{6}\\d{4}\\b", "is 1234561666.", "[1234561666]"},
        RegexRow{"word_edge", "\\bcat\\b", "concat cat", "[cat]"},
        RegexRow{"no_edge", "\\Bcat", "cat concat", "[cat]"},
        RegexRow{"bounded", "\\d{2,3}", "1 12345", "[123]"},
        RegexRow{"unbounded", "\\d{2,}", "1 12345", "[12345]"},
        RegexRow{"optional_group", "a(bc)?d", "ad abcd", "[ad]"},
        RegexRow{"nested", "((a|b){2}c)+", "abcbac", "[abcbac]"},
        RegexRow{"negated_set", "[^a-c ]+", "abc def", "[def]"},
        RegexRow{"bracket_in_set", "[]x]+", "a]x", "[]x]"},
        RegexRow{"dash_in_set", "[a-]+", "b-a-", "[-a-]"},
        RegexRow{"class_in_set", "[\\d.]+", "v1.2", "[1.2]"},
        RegexRow{"ignoring_case", "(?i)abC", "xABc", "[ABc]"},
        RegexRow{"anchors", "^ab$", "ab", "[ab]"}, RegexRow{"not_at_the_end", "ab$", "abc", "-"},
        RegexRow{"any_character", "a.c",
                 "a\xC3\xA9"
                 "c",
                 "[a\xC3\xA9"
                 "c]"},
        RegexRow{"empty_loop", "(a*)*b", "aab", "[aab]"},
        RegexRow{"escaped", "1\\.5", "125 1.5", "[1.5]"},
        RegexRow{"look_ahead", "a(?=b)", "ab", "!"},
        RegexRow{"back_reference", "(a)\\1", "aa", "!"}, RegexRow{"open_group", "(a", "a", "!"},
        RegexRow{"open_set", "[a", "a", "!"}, RegexRow{"nothing_to_repeat", "*a", "a", "!"},
        RegexRow{"reversed_range", "[z-a]", "a", "!"},
        RegexRow{"too_large", "((a{100}){100}){100}", "a", "!"}),
    test::RowName{});

TEST(Regex, takes_linear_time_for_a_hostile_text) {
  // A backtracking search would need 2^100,000 steps.
  const std::string text(100'000, 'a');
  const std::optional<Regex> regex = Regex::compile("(a|a)*(a*)*b");
  ASSERT_TRUE(regex);

  MatchBudget enough(60 * 100'000);
  EXPECT_FALSE(regex->find(text, 0, enough));
  EXPECT_FALSE(enough.is_spent());
}

TEST(Regex, stops_when_the_budget_is_spent) {
  const std::string text(100'000, 'a');
  const std::optional<Regex> regex = Regex::compile("(a|b|c|d){300}e");
  ASSERT_TRUE(regex);

  MatchBudget little(10'000);
  EXPECT_FALSE(regex->find(text, 0, little));
  EXPECT_TRUE(little.is_spent());
}

}  // namespace
}  // namespace llm::local
