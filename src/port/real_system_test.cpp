#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <set>
#include <span>
#include <string>

#include "base/sha256.hpp"
#include "port/system.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm::port {
namespace {

using namespace std::chrono_literals;

TEST(RealSystem, distinguishes_an_empty_variable_from_an_unset_one) {
  ::setenv("LLM_BEDROCK_TEST_EMPTY", "", 1);
  ::setenv("LLM_BEDROCK_TEST_SET", "value", 1);
  ::unsetenv("LLM_BEDROCK_TEST_ABSENT");
  const auto system = real_system();

  EXPECT_EQ(system->env("LLM_BEDROCK_TEST_EMPTY"), "");
  EXPECT_EQ(system->env("LLM_BEDROCK_TEST_SET"), "value");
  EXPECT_EQ(system->env("LLM_BEDROCK_TEST_ABSENT"), std::nullopt);

  ::unsetenv("LLM_BEDROCK_TEST_EMPTY");
  ::unsetenv("LLM_BEDROCK_TEST_SET");
}

TEST(RealSystem, sleeps_to_the_end_unless_it_is_stopped) {
  const auto system = real_system();
  std::stop_source stop;
  const auto started = system->steady_now();

  const bool slept = system->sleep_for(5ms, stop.get_token());
  const auto woke = system->steady_now();
  stop.request_stop();
  const bool stopped = system->sleep_for(1h, stop.get_token());

  EXPECT_TRUE(slept);
  EXPECT_GE(woke - started, 5ms);
  EXPECT_FALSE(stopped);
}

TEST(RealSystem, gives_different_random_bytes_each_time) {
  const auto system = real_system();
  std::array<std::byte, 16> one{};
  std::array<std::byte, 16> two{};

  system->random_bytes(one);
  system->random_bytes(two);

  EXPECT_NE(one, two);
}

/// Sixteen random bytes as text.
std::string random_text(const System& system) {
  std::string bytes(16, '\0');
  system.random_bytes(std::as_writable_bytes(std::span(bytes)));
  return base::hex(bytes);
}

TEST(RealSystem, gives_a_child_of_fork_other_random_bytes) {
  const auto system = real_system();
  // Now more are at hand than the next call takes.
  static_cast<void>(random_text(*system));

  test_support::ChildProcess child([&] { return random_text(*system); });
  const std::string own = random_text(*system);

  EXPECT_NE(child.report(), own);
}

TEST(RealSystem, spreads_random_numbers_over_zero_to_one) {
  const auto system = real_system();
  std::set<int> tenths;

  for (int i = 0; i < 1000; ++i) {
    const double unit = system->random_unit();
    ASSERT_GE(unit, 0.0);
    ASSERT_LT(unit, 1.0);
    tenths.insert(static_cast<int>(unit * 10));
  }

  EXPECT_EQ(tenths.size(), 10U);
}

TEST(RealSystem, writes_reads_and_stamps_one_file) {
  const auto system = real_system();
  const test_support::TemporaryDirectory folder;
  const auto path = folder.path() / "cache" / "token.json";

  const auto first = system->write_private_file(path, "one");
  const auto second = system->write_private_file(path, "two");
  const auto read = system->read_file(path, 100);

  ASSERT_TRUE(first && second);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, "two");
  EXPECT_TRUE(system->stamp(path));
}

TEST(RealSystem, runs_a_shell_command) {
  const auto result = real_system()->run_shell("echo ok", {}, {});

  ASSERT_TRUE(result);
  EXPECT_EQ(result->standard_output.reveal(), "ok\n");
}

}  // namespace
}  // namespace llm::port
