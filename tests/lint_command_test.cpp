// `bedrock lint`, and lint in a chat.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "tests/support/command.hpp"
#include "tests/support/command_fixture.hpp"

namespace llm {
namespace {

using test_support::CommandTest;
using test_support::Finished;
using ::testing::HasSubstr;

constexpr auto kHotRequest =
    R"({"model":"amazon.nova-lite-v1:0","messages":[{"role":"user","content":"a"}],)"
    R"("temperature":1.5})";

struct LintCase {
  std::string name;
  std::vector<std::string> words;
  int exit_code;
  std::string printed;
};

void PrintTo(const LintCase& row, std::ostream* out) { *out << row.name; }

class LintCommandTest : public CommandTest, public ::testing::WithParamInterface<LintCase> {};

TEST_P(LintCommandTest, checks_a_request_offline) {
  const std::string hot = file("hot.json", kHotRequest);
  const std::string wrong = file("wrong.json", R"({"mesages":[]})");
  std::vector<std::string> words = {"lint"};
  for (const std::string& word : GetParam().words) {
    words.push_back(word == "HOT" ? hot : word == "WRONG" ? wrong : word);
  }

  const Finished done = bedrock(words, kHotRequest);

  EXPECT_EQ(done.exit_code, GetParam().exit_code) << done.errors;
  EXPECT_THAT(done.output + done.errors, HasSubstr(GetParam().printed));
}

INSTANTIATE_TEST_SUITE_P(
    Command, LintCommandTest,
    ::testing::Values(
        LintCase{"finding",
                 {"HOT"},
                 4,
                 "refused   temperature: The temperature is not from 0 to 1. (temperature_range, "
                 "repairable)\n          Use a number from 0 to 1.\n"},
        LintCase{"json", {"--json", "HOT"}, 4, R"("findings":[{"rule":"temperature_range")"},
        LintCase{"standard_input", {"-"}, 4, "(temperature_range, repairable)"},
        LintCase{"rule_off", {"--lint-off", "temperature_range", "HOT"}, 0, ""},
        LintCase{"lint_off", {"--lint", "off", "HOT"}, 0, ""},
        LintCase{"repair", {"--lint", "repair", "HOT"}, 0, R"("temperature":1,)"},
        LintCase{"rules", {"--rules"}, 0, "blank_text"},
        LintCase{"unknown_rule", {"--lint-off", "no_such_rule", "HOT"}, 2, "no_such_rule"},
        LintCase{"unknown_member", {"WRONG"}, 2, "mesages"},
        LintCase{"missing_file", {"/nonexistent"}, 2, "/nonexistent"},
        LintCase{"no_file", {}, 2, "No file was given."}),
    [](const auto& row) { return row.param.name; });

TEST_F(CommandTest, warns_about_repairs_in_a_chat) {
  const Finished refused = bedrock({"--local", "-t", "7", "x"});
  const Finished repaired = bedrock({"--local", "-t", "7", "--lint", "repair", "x"});

  EXPECT_THAT(refused.errors, HasSubstr("temperature_range"));
  EXPECT_EQ(repaired.exit_code, 0) << repaired.errors;
  EXPECT_THAT(repaired.errors, HasSubstr("temperature was set to the nearest number"));
}

}  // namespace
}  // namespace llm
