// The command with hardly any file descriptors: it must not wait for itself.

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tests/support/temporary_directory.hpp"
#include "tests/support/terminal_session.hpp"

namespace llm {
namespace {

class FewDescriptorsTest : public ::testing::TestWithParam<int> {};

TEST_P(FewDescriptorsTest, end_a_chat_with_a_completion_or_an_error) {
  const test_support::TemporaryDirectory home;
  const std::string limit = std::to_string(GetParam());
  test_support::TerminalSession session(
      {"/bin/sh", "-c", "ulimit -n " + limit + "; exec " BEDROCK_COMMAND " chat --local Hello"},
      {{"HOME", home.path().string()}, {"PATH", "/usr/bin:/bin"}});

  const std::optional<int> code = session.wait();

  const std::string& screen = session.screen();
  ASSERT_TRUE(code) << "it still runs; the screen: " << screen;
  EXPECT_LT(*code, 128) << screen;
  EXPECT_FALSE(screen.contains("This is a bug")) << screen;
  if (*code == 0) {
    EXPECT_TRUE(screen.contains("local Bedrock")) << screen;
  } else {
    EXPECT_FALSE(screen.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Limits, FewDescriptorsTest, ::testing::Range(5, 14));

}  // namespace
}  // namespace llm
