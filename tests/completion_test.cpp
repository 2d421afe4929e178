// What is installed beside the command, with the programs that read it: shells and mandoc.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "tests/support/command.hpp"
#include "tests/support/command_fixture.hpp"
#include "tests/support/terminal_session.hpp"

namespace llm {
namespace {

using test_support::CommandTest;
using test_support::TerminalSession;

namespace fs = std::filesystem;

struct Shell {
  std::string name;
  std::vector<std::string> words;
  std::string start_file;  ///< In the home folder.
  std::string start;       ///< {pages} stands for the installed files.
};

void PrintTo(const Shell& shell, std::ostream* out) { *out << shell.name; }

class CompletionTest : public CommandTest, public ::testing::WithParamInterface<Shell> {
 protected:
  void SetUp() override {
    const Shell& shell = GetParam();
    if (::access(shell.words.front().c_str(), X_OK) != 0) {
      GTEST_SKIP() << shell.words.front() << " is missing: its completion is not tested.";
    }
    for (const char* const folder : {"bin", ".aws", ".config/fish"}) {
      fs::create_directories(home_.path() / folder);
    }
    // Runs the command to complete, but only notes what else it was called with.
    const std::string stand_in =
        file("bin/bedrock", "#!/bin/sh\n[ \"$1\" = completion ] && exec " BEDROCK_COMMAND
                            " \"$@\"\nprintf '<%s>' \"$@\" >called\necho noted\n");
    fs::permissions(stand_in, fs::perms::owner_all);
    file(".aws/config", "[default]\n[profile production]\n[profile test]\n[sso-session team]\n");
    std::string start = shell.start;
    start.replace(start.find("{pages}"), 7, BEDROCK_PAGES);
    file(shell.start_file, start);
    file("notes.txt", "");
  }

  /// Types a command line, Tab and Enter; what the command was called with.
  std::string called_with(const std::string& line) {
    const std::string home = home_.path().string();
    std::vector<std::string> words = GetParam().words;
    for (std::string& word : words) {
      if (word.starts_with("~")) word.replace(0, 1, home);
    }
    TerminalSession session(words, {{"HOME", home},
                                    {"ZDOTDIR", home},
                                    {"XDG_DATA_DIRS", BEDROCK_PAGES},
                                    {"TERM", "dumb"},
                                    {"LANG", "C.UTF-8"},
                                    {"AWS_REGION", "us-east-1"},
                                    {"PATH", home + "/bin:/usr/bin:/bin"}});
    if (!session.shows("ready> ")) return "no prompt: " + session.screen();
    session.type("cd; " + line + "\t\r");
    if (!session.shows("noted")) return "not run: " + session.screen();
    return test_support::file_content(home_.path() / "called");
  }
};

TEST_P(CompletionTest, completes_commands_options_models_profiles_and_files) {
  EXPECT_EQ(called_with("bedrock ch"), "<chat>");
  EXPECT_EQ(called_with("bedrock chat --prof"), "<chat><--profile>");
  EXPECT_EQ(called_with("bedrock chat -m us.anthropic.claude-haiku-4"),
            "<chat><-m><us.anthropic.claude-haiku-4-5-20251001-v1:0>");
  EXPECT_EQ(called_with("bedrock chat -m amazon.nova-lite-v1:"),
            "<chat><-m><amazon.nova-lite-v1:0>");
  EXPECT_EQ(called_with("bedrock --profile p"), "<--profile><production>");
  EXPECT_EQ(called_with("bedrock --profile=p"), "<--profile=production>");
  EXPECT_EQ(called_with("bedrock models --can tools,v"), "<models><--can><tools,vision>");
  EXPECT_EQ(called_with("bedrock lint no"), "<lint><notes.txt>");
}

INSTANTIATE_TEST_SUITE_P(
    Command, CompletionTest,
    ::testing::Values(
        Shell{"bash",
              {"/bin/bash", "--noprofile", "--rcfile", "~/.bashrc", "-i"},
              ".bashrc",
              "cd\nPS1='ready> '\n. {pages}/bash-completion/completions/bedrock\n"},
        Shell{"zsh",
              {"/usr/bin/zsh", "-i"},
              ".zshrc",
              "cd\nunsetopt prompt_sp\nfpath=({pages}/zsh/vendor-completions $fpath)\n"
              "autoload -U compinit\ncompinit -u\nPS1='ready> '\n"},
        Shell{"fish",
              {"/usr/bin/fish", "--private", "-i"},
              ".config/fish/config.fish",
              "cd # {pages}: in XDG_DATA_DIRS\nfunction fish_prompt; echo -n 'ready> '; end\n"
              "function fish_greeting; end\n"}),
    [](const auto& row) { return row.param.name; });

TEST_F(CommandTest, prints_the_completions_that_are_installed) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"bash", "bash-completion/completions/bedrock"},
      {"zsh", "zsh/vendor-completions/_bedrock"},
      {"fish", "fish/vendor_completions.d/bedrock.fish"}};
  for (const auto& [shell, path] : files) {
    const auto kept = test_support::run({.words = {"/bin/cat", BEDROCK_PAGES "/" + path}});

    EXPECT_EQ(bedrock({"completion", shell}).output, kept.output) << shell;
    EXPECT_NE(kept.output, "");
  }
  EXPECT_EQ(bedrock({"completion"}).exit_code, 2);
  EXPECT_EQ(bedrock({"completion", "ksh"}).exit_code, 2);
}

TEST_F(CommandTest, has_manual_pages_without_a_warning) {
  if (::access("/usr/bin/mandoc", X_OK) != 0) GTEST_SKIP() << "/usr/bin/mandoc is missing.";
  std::vector<std::string> words = {"/usr/bin/mandoc", "-T", "lint", "-W", "warning"};
  for (const auto& page : fs::directory_iterator(BEDROCK_PAGES "/man/man1")) {
    if (page.path().extension() == ".1") words.push_back(page.path().string());
  }

  const auto checked = test_support::run({.words = words});

  EXPECT_EQ(words.size(), 5U + 10U);
  EXPECT_EQ(checked.exit_code, 0) << checked.output << checked.errors;
  EXPECT_EQ(checked.output, "");
}

}  // namespace
}  // namespace llm
