// How the command treats unusual arguments, input and output.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/command.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/terminal_session.hpp"

namespace llm {
namespace {

using test_support::Finished;
using ::testing::HasSubstr;

constexpr int kPipeBytes = 4096;

/// The command, writing to a pipe of one page, which the first byte makes full for poll(2).
class Piped {
 public:
  Piped(std::vector<std::string> words, int write_flags) {
    EXPECT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0);
    EXPECT_GE(::fcntl(ends_[1], F_SETPIPE_SZ, kPipeBytes), kPipeBytes);
    EXPECT_EQ(::fcntl(ends_[1], F_SETFL, write_flags), 0);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, ends_[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    words.insert(words.begin(), BEDROCK_COMMAND);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::array<char*, 1> environment{};
    EXPECT_EQ(::posix_spawn(&process_, arguments[0], &actions, nullptr, arguments.data(),
                            environment.data()),
              0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends_[1]);
  }
  Piped(const Piped&) = delete;
  Piped& operator=(const Piped&) = delete;
  ~Piped() { ::close(ends_[0]); }

  void await_full_pipe() const {
    int waiting = 0;
    while (::ioctl(ends_[0], FIONREAD, &waiting) == 0 && waiting == 0) ::sched_yield();
  }

  void interrupt() const { ::kill(process_, SIGINT); }

  std::string read_all() const {
    std::string text;
    std::array<char, kPipeBytes> buffer{};
    for (ssize_t got = 0; (got = ::read(ends_[0], buffer.data(), buffer.size())) > 0;) {
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

  int exit_code() const {
    int status = 0;
    ::waitpid(process_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  std::array<int, 2> ends_{-1, -1};
  pid_t process_ = -1;
};

class CommandStreamsTest : public ::testing::Test {
 protected:
  /// Runs `bedrock` with words and redirections as a shell reads them.
  Finished shell(const std::string& words) {
    return test_support::run(
        {.words = {"/bin/bash", "-c", std::string(BEDROCK_COMMAND) + ' ' + words},
         .environment = {{"HOME", home_.path().string()}, {"AWS_EC2_METADATA_DISABLED", "true"}}});
  }

  test_support::TemporaryDirectory home_;
};

TEST_F(CommandStreamsTest, sends_words_in_brackets_unchanged) {
  for (const std::string words : {"[1,2]", R"(["a","b"])", "[]", "[x]"}) {
    const Finished done = shell("--local -- '" + words + "' and");

    EXPECT_EQ(done.exit_code, 0) << done.errors;
    EXPECT_THAT(done.output, HasSubstr("\"" + words + " and\""));
  }
  const Finished vectors = shell("embed --local -m amazon.titan-embed-text-v2:0 '[a,b]'");
  EXPECT_EQ(std::count(vectors.output.begin(), vectors.output.end(), '\n'), 1) << vectors.errors;
}

TEST_F(CommandStreamsTest, ends_on_ctrl_c_while_nobody_reads_its_output) {
  const Piped command({"--local", "x"}, 0);
  command.await_full_pipe();

  command.interrupt();

  EXPECT_EQ(command.exit_code(), 130);
}

TEST_F(CommandStreamsTest, loses_nothing_when_standard_output_does_not_block) {
  const Piped command({"lint", "--rules"}, O_NONBLOCK);
  command.await_full_pipe();

  const std::string output = command.read_all();

  EXPECT_EQ(command.exit_code(), 0);
  EXPECT_GT(output.size(), 2U * kPipeBytes);
  EXPECT_EQ(output, shell("lint --rules").output);
}

TEST_F(CommandStreamsTest, refuses_folders_and_endless_files_as_input) {
  for (const std::string path : {"/", "/dev/zero", "/nowhere"}) {
    for (const std::string command :
         {"--local x --tools ", "lint ", "local --script ", "local --credentials-file ",
          "lint - < ", "--local < ", "embed --local -m amazon.titan-embed-text-v2:0 < "}) {
      if (path == "/nowhere" && command.ends_with("< ")) continue;  // the shell reports that

      const Finished done = shell(command + path);

      EXPECT_EQ(done.exit_code, 2) << command << path;
      EXPECT_THAT(done.errors, HasSubstr("Cannot read")) << command << path;
    }
  }
}

TEST_F(CommandStreamsTest, reports_why_it_cannot_write) {
  for (const std::string words :
       {"--local x", "models", "embed --local -m amazon.titan-embed-text-v2:0 x", "count --local x",
        "lint --rules", "local", "--help", "lint --help", "--version"}) {
    const Finished full = shell(words + " >/dev/full");
    const Finished closed = shell(words + " <&- >&-");

    EXPECT_EQ(full.exit_code, 1) << words;
    EXPECT_THAT(full.errors, HasSubstr("standard output: No space left")) << words;
    EXPECT_EQ(closed.exit_code, 1) << words;
    EXPECT_THAT(closed.errors, HasSubstr("standard output")) << words;
  }
}

TEST_F(CommandStreamsTest, works_when_standard_input_and_error_are_closed) {
  const Finished done = shell("--local hi <&- 2>&-");

  EXPECT_EQ(done.exit_code, 0);
  EXPECT_THAT(done.output, HasSubstr("\"hi\""));
}

TEST_F(CommandStreamsTest, refuses_options_that_would_silently_have_no_effect) {
  for (const std::string words :
       {"--local --endpoint-url http://127.0.0.1:1 x", "--local --profile p x",
        "models --local --profile p", "--local -m '' x", "--profile '' x", "--region '' --local x",
        "--endpoint-url '' x", "lint --rules --json"}) {
    const Finished done = shell(words);

    EXPECT_EQ(done.exit_code, 2) << words << ": " << done.errors;
  }
}

TEST_F(CommandStreamsTest, names_its_own_options_in_errors) {
  struct Row {
    std::string words;
    std::string message;
  };
  for (const Row& row :
       {Row{"--profile nope x", "(from --profile)"}, Row{"--endpoint-url foo x", "--endpoint-url"},
        Row{"--region 'us east 1' x", "--region"},
        Row{"--endpoint-url http://example.com x", "\n  Use https.\n"}}) {
    const Finished done = shell(row.words);

    EXPECT_EQ(done.exit_code, 2) << row.words;
    EXPECT_THAT(done.errors, HasSubstr(row.message));
    EXPECT_THAT(done.errors, ::testing::Not(HasSubstr("code")));
  }
}

TEST_F(CommandStreamsTest, names_the_local_bedrock_as_source_of_its_settings) {
  const Finished done = shell("--local --debug x");

  EXPECT_THAT(done.errors, HasSubstr("(from --local)"));
  EXPECT_THAT(done.errors, HasSubstr("credentials: the local Bedrock"));
}

TEST_F(CommandStreamsTest, prints_missing_credentials_on_one_line_for_a_log) {
  const Finished done = shell("x");

  EXPECT_EQ(done.exit_code, 3);
  const std::string line = done.errors.substr(0, done.errors.find('\n'));
  EXPECT_THAT(line, HasSubstr(" environment: "));
  EXPECT_THAT(line, HasSubstr(" instance metadata: "));
}

TEST_F(CommandStreamsTest, prints_missing_credentials_one_source_per_line_on_a_terminal) {
  test_support::TerminalSession session(
      {BEDROCK_COMMAND, "x"},
      {{"HOME", home_.path().string()}, {"AWS_EC2_METADATA_DISABLED", "true"}});

  EXPECT_TRUE(session.shows("\n  profile: ")) << session.screen();
  EXPECT_TRUE(session.shows("\n  instance metadata: ")) << session.screen();
  EXPECT_EQ(session.wait(), 3);
}

}  // namespace
}  // namespace llm
