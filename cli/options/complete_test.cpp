#include "cli/options/complete.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace cli {
namespace {

using Words = std::vector<std::string>;

/// Names as the command might know them.
std::vector<Candidate> some_names(Completes what, std::string_view mode) {
  if (what == Completes::profile) return {{"dev", ""}, {"production", ""}};
  if (what == Completes::region) return {{"eu-west-1", ""}, {"us-east-1", ""}};
  return {{std::string(mode) + "-model:0", "A model"}};
}

struct Case {
  std::string name;
  Words words;
  Words candidates;  ///< The first ones.
  bool files = false;
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.name; }

class CompleteTest : public ::testing::TestWithParam<Case> {};

TEST_P(CompleteTest, offers_what_may_stand_there) {
  const Completion completion = complete(GetParam().words, some_names);

  EXPECT_EQ(completion.files, GetParam().files);
  Words words;
  for (const Candidate& candidate : completion.candidates) words.push_back(candidate.word);
  EXPECT_EQ(words, GetParam().candidates);
}

INSTANTIATE_TEST_SUITE_P(
    Complete, CompleteTest,
    ::testing::Values(
        Case{"command", {"ch"}, {"chat"}}, Case{"commands", {"co"}, {"count", "completion"}},
        Case{"option", {"chat", "--prof"}, {"--profile"}},
        Case{"option_without_command", {"--local", "--prof"}, {"--profile"}},
        Case{"options_that_begin_alike", {"chat", "--no"}, {"--no-stream"}},
        Case{"short_form", {"chat", "-m"}, {"-m"}},
        Case{"given_once", {"chat", "--local", "--loc"}, {}},
        Case{"may_repeat", {"chat", "-a", "x", "--att"}, {"--attach"}},
        Case{"model", {"chat", "-m", ""}, {"chat-model:0"}},
        Case{"model_of_embeddings", {"embed", "--model", ""}, {"embedding-model:0"}},
        Case{"model_after_equals", {"chat", "--model=chat"}, {"--model=chat-model:0"}},
        Case{"profile", {"--profile", "p"}, {"production"}},
        Case{"region", {"doctor", "--region", "eu"}, {"eu-west-1"}},
        Case{"words_of_an_option", {"chat", "--api", ""}, {"auto", "invoke", "converse", "mantle"}},
        Case{"list", {"models", "--can", "tools,v"}, {"tools,vision"}},
        Case{"positional_words", {"completion", ""}, {"bash", "zsh", "fish"}},
        Case{"file_of_an_option", {"chat", "--attach", "x"}, {}, true},
        Case{"file_after_equals", {"chat", "--attach=x"}, {}, true},
        Case{"file", {"lint", ""}, {}, true}, Case{"prompt", {"chat", "wh"}, {}},
        Case{"free_value", {"chat", "--system", "--"}, {}},
        Case{"after_double_dash", {"chat", "--", "--prof"}, {}}),
    [](const auto& row) { return row.param.name; });

TEST(Complete, offers_every_command_and_option_with_its_help) {
  EXPECT_EQ(complete(Words{""}, some_names).candidates.size(), 9U);
  const Completion options = complete(Words{"completion", "-"}, some_names);
  EXPECT_EQ(options.candidates, (std::vector<Candidate>{{"--help", "Print this help and exit"}}));
}

}  // namespace
}  // namespace cli
