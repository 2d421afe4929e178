#include "local/script/rulebook.hpp"

#include <gtest/gtest.h>

namespace llm::local {
namespace {

const RuleQuery kQuery{.call = 3,
                       .operation = Operation::converse,
                       .model = "us.anthropic.claude-3-haiku",
                       .access_key_id = "AKID",
                       .prompt = "How is the weather?"};

Rule completing(std::string text) {
  return {.completion = ScriptedCompletion{.text = std::move(text)}};
}

/// The text of the rule that matches the query; empty: none.
std::string met(Rulebook& book, const RuleQuery& query = kQuery) {
  const std::optional<RuleMatch> matched = book.use_rule(query);
  return matched ? matched->completion.value_or(ScriptedCompletion{}).text : "";
}

TEST(Fits, looks_at_every_member_that_is_set) {
  const std::vector<std::pair<Match, bool>> cases{
      {{}, true},
      {{.prompt = "weather"}, true},
      {{.prompt = "Weather"}, false},
      {{.model = "claude-3-haiku"}, true},
      {{.model = "titan"}, false},
      {{.operation = Operation::converse}, true},
      {{.operation = Operation::converse_stream}, false},
      {{.call = 3}, true},
      {{.call = 2}, false},
      {{.access_key_id = "AKID"}, true},
      {{.access_key_id = "AK"}, false},
      {{.prompt = "weather", .call = 2}, false},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(fits({.match = cases[i].first}, kQuery), cases[i].second) << i;
  }
}

TEST(Fits, no_prompt_where_there_is_none) {
  EXPECT_FALSE(fits({.match = {.prompt = "x"}}, RuleQuery{}));
  EXPECT_TRUE(fits({}, RuleQuery{}));
}

TEST(Rulebook, takes_the_first_rule_that_fits) {
  Rulebook book({completing("first"), completing("second")});

  const std::optional<RuleMatch> matched = book.use_rule(kQuery);

  ASSERT_TRUE(matched);
  EXPECT_EQ(matched->rule, 1U);
  EXPECT_EQ(matched->completion->text, "first");
}

TEST(Rulebook, skips_and_uses_up_rules) {
  Rule twice = completing("twice");
  twice.skip = 1;
  twice.times = 2;
  Rulebook book({twice});
  book.add(completing("later"));

  std::vector<std::string> all;
  for (int i = 0; i < 5; ++i) all.push_back(met(book));

  EXPECT_EQ(all, (std::vector<std::string>{"later", "twice", "twice", "later", "later"}));
}

TEST(Rulebook, applies_a_rule_to_each_nth_request) {
  Rule third = completing("third");
  third.skip = 1;
  third.every = 3;
  third.times = 2;
  Rulebook book({third});

  std::vector<std::string> all;
  for (int i = 0; i < 11; ++i) all.push_back(met(book));

  EXPECT_EQ(all, (std::vector<std::string>{"", "", "", "third", "", "", "third", "", "", "", ""}));
}

TEST(Rulebook, counts_only_requests_that_fit_against_a_rule) {
  Rule once = completing("once");
  once.match.model = "titan";
  once.times = 1;
  Rulebook book({once});
  RuleQuery titan = kQuery;
  titan.model = "amazon.titan";

  EXPECT_EQ(met(book), "");
  EXPECT_EQ(met(book, titan), "once");
  EXPECT_EQ(met(book, titan), "");
}

TEST(Rulebook, keeps_clock_rules_apart_from_completions) {
  Rulebook book({{.fault = fault::ClockOffset{std::chrono::minutes(10)}, .times = 1}});

  EXPECT_FALSE(book.use_rule(kQuery));
  EXPECT_EQ(book.use_clock_offset(kQuery), std::chrono::minutes(10));
  EXPECT_EQ(book.use_clock_offset(kQuery), std::nullopt);
  EXPECT_EQ(book.faults(), (std::map<std::string, std::uint64_t>{{"clock_offset", 1}}));
}

TEST(Rulebook, counts_calls_and_faults_until_it_is_cleared) {
  Rulebook book({completing("x")});
  EXPECT_EQ(book.next_call(), 1U);
  EXPECT_EQ(book.next_call(), 2U);
  book.count(fault::Reset{});
  book.count(fault::Reset{});
  EXPECT_EQ(book.faults(), (std::map<std::string, std::uint64_t>{{"reset", 2}}));

  book.clear();

  EXPECT_EQ(book.next_call(), 1U);
  EXPECT_TRUE(book.faults().empty());
  EXPECT_EQ(met(book), "");
}

}  // namespace
}  // namespace llm::local
