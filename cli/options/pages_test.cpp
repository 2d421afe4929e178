#include "cli/options/pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "cli/options/command_table.hpp"
#include "tests/support/source_directory.hpp"

namespace cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Pages, are_in_docs_as_the_table_has_them) {
  std::ifstream file(llm::test_support::source_directory() / "docs/command.md");
  const std::string kept{std::istreambuf_iterator<char>(file), {}};

  EXPECT_EQ(kept, docs_page()) << "write it again: build/test/cli/make_pages --docs "
                                  "docs/command.md";
}

TEST(Pages, name_every_option_everywhere) {
  for (const CommandOptions* const command : kAllCommands) {
    const std::string help = help_page(*command);
    const std::string manual = manual_page(*command, "1.2.3");
    EXPECT_THAT(overview(), HasSubstr(std::string(command->summary)));
    for_each_option(*command, [&](const Option& option) {
      const std::string_view name = option.is_positional() ? option.argument : option.name;
      EXPECT_THAT(help, HasSubstr(std::string(name)));
      std::string escaped;
      for (const char letter : name.substr(option.is_positional() ? 0 : 1)) {
        escaped += letter == '-' ? "\\-" : std::string(1, letter);
      }
      EXPECT_THAT(manual, HasSubstr(escaped));
    });
  }
}

TEST(Pages, fit_a_terminal_of_100_columns) {
  for (const CommandOptions* const command : kAllCommands) {
    const std::string help = help_page(*command);
    for (std::size_t begin = 0; begin < help.size();) {
      const std::size_t end = help.find('\n', begin);
      EXPECT_LE(end - begin, 100U) << help.substr(begin, end - begin);
      begin = end + 1;
    }
  }
}

TEST(Table, has_no_name_twice_in_a_command_and_knows_what_it_refers_to) {
  for (const CommandOptions* const command : kAllCommands) {
    std::set<std::string_view> names;
    for_each_option(*command, [&](const Option& option) {
      for (const std::string_view name : {option.name, option.short_form, option.other_name}) {
        EXPECT_TRUE(name.empty() || names.insert(name).second) << command->name << ' ' << name;
      }
      EXPECT_THAT(std::string(option.help), Not(::testing::EndsWith("."))) << option.name;
      EXPECT_EQ(option.is_flag(), option.argument.empty()) << option.name;
      for (const std::string_view other : option.excludes) {
        EXPECT_NE(find_option(*command, other), nullptr) << option.name;
      }
      EXPECT_TRUE(option.needs.empty() || find_option(*command, option.needs) != nullptr)
          << option.name;
    });
  }
}

}  // namespace
}  // namespace cli
