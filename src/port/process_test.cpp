#include "port/process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "port/descriptor.hpp"
#include "tests/support/lifetime.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm::port {
namespace {

using namespace std::chrono_literals;
using test_support::Lifetime;
using test_support::TemporaryDirectory;

constexpr std::size_t kMaxOutput = 64 * 1024;

Result<ProcessOutput> run(const std::string& command,
                          const ProcessLimits& limits = {.timeout = 60s,
                                                         .max_output_bytes = kMaxOutput}) {
  return run_shell_command(command, limits, {});
}

TEST(RunShell, keeps_output_errors_and_exit_code_apart) {
  const auto result = run("echo out; echo err >&2; exit 3");

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->exit_code, 3);
  EXPECT_EQ(result->standard_output.reveal(), "out\n");
  EXPECT_EQ(result->standard_error.reveal(), "err\n");
}

TEST(RunShell, gives_128_and_the_signal_when_the_command_was_killed) {
  const auto result = run("kill -TERM $$");

  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 128 + 15);
}

TEST(RunShell, waits_for_a_command_that_has_closed_its_output) {
  const auto result = run("exec >&- 2>&-; exit 7");

  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 7);
}

TEST(RunShell, gives_an_empty_standard_input) {
  const auto result = run("cat; echo end");

  ASSERT_TRUE(result);
  EXPECT_EQ(result->standard_output.reveal(), "end\n");
}

TEST(RunShell, hands_no_other_descriptor_to_the_command) {
  const Descriptor leaking(::open("/dev/null", O_RDONLY));  // without O_CLOEXEC
  const Descriptor high(::fcntl(leaking.get(), F_DUPFD, 200));
  ASSERT_TRUE(high);

  // 3 is what `ls` reads the directory with.
  const auto result = run("ls /proc/self/fd");

  ASSERT_TRUE(result);
  EXPECT_EQ(result->standard_output.reveal(), "0\n1\n2\n3\n");
}

TEST(RunShell, runs_the_command_in_a_process_group_of_its_own) {
  const auto result = run("cut -d' ' -f5 /proc/$$/stat");

  ASSERT_TRUE(result);
  const std::string output(result->standard_output.reveal());
  EXPECT_GT(std::stoi(output), 0);
  EXPECT_NE(std::stoi(output), ::getpgrp());
}

TEST(RunShell, takes_output_of_exactly_the_limit) {
  const auto result = run("printf 12345678", {.timeout = 60s, .max_output_bytes = 8});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->standard_output.reveal(), "12345678");
}

TEST(RunShell, fails_without_showing_the_output_when_there_is_too_much_of_it) {
  for (const std::string command : {"printf s3cret789", "printf s3cret789 >&2"}) {
    const auto result = run(command, {.timeout = 60s, .max_output_bytes = 8});

    ASSERT_FALSE(result) << command;
    EXPECT_EQ(result.error().code, ErrorCode::authentication_error);
    EXPECT_NE(result.error().message.find("more than 8 bytes"), std::string::npos);
    EXPECT_EQ(result.error().message.find("s3cret"), std::string::npos);
  }
}

TEST(RunShell, kills_every_process_of_the_group_when_it_gives_up) {
  const TemporaryDirectory folder;
  const auto fifo = folder.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const Descriptor reader(::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));

  // The grandchild keeps the FIFO open for as long as it lives.
  const auto result = run("exec 3>" + fifo.string() + "; sleep 1000 & yes",
                          {.timeout = 60s, .max_output_bytes = kMaxOutput});

  ASSERT_FALSE(result);
  pollfd wait{.fd = reader.get(), .events = POLLIN, .revents = 0};
  ASSERT_EQ(::poll(&wait, 1, 10'000), 1) << "a process of the group still lives";
  EXPECT_NE(wait.revents & POLLHUP, 0);
}

TEST(RunShell, ends_the_command_and_its_children_when_this_process_is_killed) {
  for (const int signal : {SIGKILL, SIGTERM, SIGHUP}) {
    Lifetime lifetime;
    const std::string command =
        "exec 3>" + lifetime.path() + "; echo begun >&3; sleep 1000 & sleep 1000";
    const pid_t process = ::fork();
    if (process == 0) {
      (void)run(command);
      ::_exit(0);
    }
    ASSERT_TRUE(lifetime.begun()) << signal;

    ::kill(process, signal);
    ::waitpid(process, nullptr, 0);

    EXPECT_TRUE(lifetime.ended()) << "something still lives after signal " << signal;
  }
}

TEST(RunShell, leaves_alone_what_a_successful_command_has_left_running) {
  Lifetime lifetime;
  const std::string go = lifetime.path() + ".go";
  ASSERT_EQ(::mkfifo(go.c_str(), 0600), 0);
  const Descriptor gate(::open(go.c_str(), O_RDWR | O_CLOEXEC));

  const auto result =
      run("(read -r _ <" + go + "; echo alive >&3) >/dev/null 2>&1 3>" + lifetime.path() + " &");
  ASSERT_EQ(::write(gate.get(), "\n", 1), 1);

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(lifetime.begun());
}

TEST(RunShell, kills_a_command_that_takes_too_long) {
  const auto started = std::chrono::steady_clock::now();

  const auto result = run("sleep 1000", {.timeout = 50ms, .max_output_bytes = kMaxOutput});

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::authentication_error);
  EXPECT_NE(result.error().message.find("50 ms"), std::string::npos) << result.error().message;
  EXPECT_LT(std::chrono::steady_clock::now() - started, 30s);
}

TEST(RunShell, does_not_start_when_it_is_cancelled_already) {
  const TemporaryDirectory folder;
  const auto file = folder.path() / "made";
  std::stop_source stop;
  stop.request_stop();

  const auto result = run_shell_command("touch " + file.string(), {}, stop.get_token());

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::cancelled);
  EXPECT_FALSE(std::filesystem::exists(file));
}

}  // namespace
}  // namespace llm::port
