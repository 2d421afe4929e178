#include "cli/options/parse.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "cli/options/command_table.hpp"

namespace cli {
namespace {

using Arguments = std::vector<std::string>;

TEST(ParseOptions, reads_every_way_to_write_an_option) {
  const Arguments options = {"--model", "a", "-s", "b", "--region=c=d"};
  const Arguments words = {"word", "-", "--json", "-a", "-x", "--attach=y", "--", "--z"};

  const auto given = parse_options(kChat, options);
  const auto rest = parse_options(kChat, words);

  ASSERT_TRUE(given) << given.error();
  EXPECT_EQ(given->text(kModel), "a");
  EXPECT_EQ(given->text(kSystem), "b");
  EXPECT_EQ(given->text(kRegion), "c=d");
  EXPECT_FALSE(given->has(kJsonResponse));
  EXPECT_EQ(given->text(kLint), "refuse") << "its standard";
  ASSERT_TRUE(rest) << rest.error();
  EXPECT_EQ(rest->texts(kPrompt), (Arguments{"word", "-", "--z"}));
  EXPECT_EQ(rest->texts(kAttach), (Arguments{"-x", "y"}));
  EXPECT_TRUE(rest->has(kJsonResponse));
}

TEST(ParseOptions, reads_numbers_lists_and_durations) {
  const Arguments chat = {"-t0.5", "--max-tokens", "max", "--reasoning=2048"};
  const Arguments models = {"--can", "tools,vision", "--can=chat"};
  const Arguments key = {"--expires", "90m"};

  const auto given = parse_options(kChat, chat);

  ASSERT_TRUE(given) << given.error();
  EXPECT_EQ(given->real(kTemperature), 0.5);
  EXPECT_TRUE(given->has(kMaxTokens));
  EXPECT_EQ(given->integer(kMaxTokens), std::nullopt);
  EXPECT_EQ(given->integer(kReasoning), 2048);
  EXPECT_EQ(parse_options(kModels, models)->texts(kCan), (Arguments{"tools", "vision", "chat"}));
  EXPECT_EQ(parse_options(kApiKey, key)->duration(kExpires), std::chrono::minutes(90));
  EXPECT_EQ(parse_options(kApiKey, {})->duration(kExpires), std::chrono::hours(12));
}

TEST(ParseOptions, leaves_the_words_of_a_prompt_as_they_are) {
  const Arguments arguments = {"[a,b]", "", "c=d"};

  EXPECT_EQ(parse_options(kChat, arguments)->texts(kPrompt), arguments);
}

TEST(ParseOptions, gives_help_before_it_complains) {
  const Arguments arguments = {"--nosuch", "-h"};

  const auto given = parse_options(kDoctor, arguments);

  ASSERT_TRUE(given);
  EXPECT_TRUE(given->has(kHelp));
}

struct Refused {
  std::string name;
  const CommandOptions* command;
  Arguments arguments;
  std::string fault;
};

void PrintTo(const Refused& row, std::ostream* out) { *out << row.name; }

class RefusedOptions : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedOptions, are_refused_with_a_reason) {
  const auto given = parse_options(*GetParam().command, GetParam().arguments);

  ASSERT_FALSE(given);
  EXPECT_EQ(given.error(), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(
    ParseOptions, RefusedOptions,
    ::testing::Values(
        Refused{"unknown",
                &kChat,
                {"--colour", "x"},
                "The following argument was not expected: --colour"},
        Refused{"unknown_words",
                &kLocalCommand,
                {"--nosuch", "10"},
                "The following arguments were not expected: --nosuch 10"},
        Refused{
            "second_word", &kLintCommand, {"a", "b"}, "The following argument was not expected: b"},
        Refused{"unknown_short", &kChat, {"-5"}, "The following argument was not expected: -5"},
        Refused{"option_of_another_command",
                &kModels,
                {"-m", "x"},
                "The following argument was not expected: -m"},
        Refused{"without_value", &kChat, {"--model"}, "--model needs a value"},
        Refused{"flag_with_value", &kChat, {"--json=no"}, "--json takes no value"},
        Refused{"twice", &kChat, {"-m", "a", "--model=b"}, "--model may be given only once"},
        Refused{"empty",
                &kChat,
                {"--region", ""},
                "--region: The value is empty. Is a shell variable unset?"},
        Refused{"not_a_number", &kChat, {"-t", "hot"}, "--temperature: \"hot\" is not a number"},
        Refused{"half_a_number",
                &kChat,
                {"--max-tokens", "12x"},
                "--max-tokens: \"12x\" is not a whole number"},
        Refused{"out_of_range",
                &kLocalCommand,
                {"--port", "65536"},
                "--port: Value 65536 not in range 0 to 65535"},
        Refused{"no_unit",
                &kApiKey,
                {"--expires", "60"},
                "--expires: \"60\" is not a number of s, m or h"},
        Refused{"too_long",
                &kApiKey,
                {"--expires", "999999999h"},
                "--expires: \"999999999h\" is not a number of s, m or h"},
        Refused{"not_a_word",
                &kModels,
                {"--can", "tools,fly"},
                "--can: \"fly\" is not tools, vision, streaming, reasoning, caching, chat or "
                "embedding"},
        Refused{"excluded", &kChat, {"--local", "--profile", "x"}, "--local excludes --profile"},
        Refused{"needed", &kLocalCommand, {"--tls-key", "x"}, "--tls-key needs --tls-cert"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace cli
