// What becomes of the processes that the command has started when it is told to end.

#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "tests/support/lifetime.hpp"
#include "tests/support/row_name.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/terminal_session.hpp"

namespace llm {
namespace {

using test_support::Lifetime;
using test_support::TerminalSession;

struct SignalCase {
  std::string_view name;
  int signal;
  int exit_code;
};

class CommandSignalTest : public ::testing::TestWithParam<SignalCase> {};

TEST_P(CommandSignalTest, ends_a_credential_process_and_its_children) {
  const test_support::TemporaryDirectory home;
  const Lifetime lifetime;
  const auto config = home.path() / "config";
  test_support::write_file(config, "[profile p]\nregion=us-east-1\ncredential_process=exec 3>" +
                                       lifetime.path() +
                                       "; echo begun >&3; sleep 1000 & sleep 1000\n");
  TerminalSession session({BEDROCK_COMMAND, "--profile", "p", "-m", "amazon.nova-lite-v1:0", "Hi"},
                          {{"HOME", home.path().string()},
                           {"PATH", "/usr/bin:/bin"},
                           {"AWS_CONFIG_FILE", config.string()}});
  ASSERT_TRUE(lifetime.begun()) << session.screen();

  session.signal(GetParam().signal);

  EXPECT_EQ(session.wait(), GetParam().exit_code);
  EXPECT_TRUE(lifetime.ended()) << "a process that the command has started still lives";
}

constexpr SignalCase kSignals[] = {{"SIGINT", SIGINT, 130},
                                   {"SIGTERM", SIGTERM, 128 + SIGTERM},
                                   {"SIGHUP", SIGHUP, 128 + SIGHUP},
                                   {"SIGKILL", SIGKILL, 128 + SIGKILL}};

INSTANTIATE_TEST_SUITE_P(Signals, CommandSignalTest, ::testing::ValuesIn(kSignals),
                         [](const auto& row) {
                           return test_support::row_name(row.index, row.param.name);
                         });

}  // namespace
}  // namespace llm
