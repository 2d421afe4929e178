// The command on a terminal.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>

#include <llm/local/server.hpp>

#include "tests/support/raw_server.hpp"
#include "tests/support/source_directory.hpp"
#include "tests/support/sts_responses.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/terminal_session.hpp"

namespace llm {
namespace {

using test_support::TerminalSession;

class ConversationTest : public ::testing::Test {
 protected:
  std::map<std::string, std::string> environment() {
    return {{"HOME", home_.path().string()},
            {"TERM", "xterm"},
            {"AWS_ACCESS_KEY_ID", "local"},
            {"AWS_SECRET_ACCESS_KEY", "local"},
            {"AWS_EC2_METADATA_DISABLED", "true"}};
  }

  test_support::TemporaryDirectory home_;
};

TEST_F(ConversationTest, takes_turns_until_ctrl_d) {
  TerminalSession session({BEDROCK_COMMAND, "--local"}, environment());

  ASSERT_TRUE(session.shows("> ")) << session.screen();
  session.type("First question\r");
  EXPECT_TRUE(session.shows("You asked: \"First question\"")) << session.screen();
  ASSERT_TRUE(session.shows("> "));
  session.type("Second question\r");
  EXPECT_TRUE(session.shows("You asked: \"Second question\"")) << session.screen();
  ASSERT_TRUE(session.shows("> "));
  session.type("\x04");

  EXPECT_EQ(session.wait(), 0);
}

TEST_F(ConversationTest, drops_a_line_on_ctrl_c_and_continues) {
  TerminalSession session({BEDROCK_COMMAND, "--local"}, environment());

  ASSERT_TRUE(session.shows("> "));
  session.type("never mind");
  ASSERT_TRUE(session.shows("never mind"));
  session.type("\x03");
  ASSERT_TRUE(session.shows("> ")) << session.screen();
  session.type("Instead this\r");
  EXPECT_TRUE(session.shows("You asked: \"Instead this\"")) << session.screen();
  ASSERT_TRUE(session.shows("> "));
  session.type("\x04");

  EXPECT_EQ(session.wait(), 0);
}

TEST_F(ConversationTest, is_stopped_by_ctrl_z_and_resumes_where_it_was) {
  TerminalSession session(
      {"/bin/bash", "-mc", BEDROCK_COMMAND " --local; echo stopped; fg >/dev/null"}, environment());

  ASSERT_TRUE(session.shows("> "));
  session.type("Half a question");
  ASSERT_TRUE(session.shows("Half a question"));
  session.type("\x1A");
  ASSERT_TRUE(session.shows("stopped")) << session.screen();
  ASSERT_TRUE(session.shows("Half a question")) << session.screen();
  session.type(" and the rest\r");
  EXPECT_TRUE(session.shows("You asked: \"Half a question and the rest\"")) << session.screen();
  ASSERT_TRUE(session.shows("> "));
  session.type("\x04");

  EXPECT_EQ(session.wait(), 0);
}

TEST_F(ConversationTest, cancels_a_response_on_ctrl_c_and_not_the_program) {
  const test_support::RawServer silent(
      test_support::Script{test_support::read_request(), test_support::await_close()});
  TerminalSession session({BEDROCK_COMMAND, "--endpoint-url", silent.url("")}, environment());

  ASSERT_TRUE(session.shows("> "));
  session.type("A question without an answer\r");
  ASSERT_TRUE(silent.await_requests(1));
  session.type("\x03");
  EXPECT_TRUE(session.shows("cancelled")) << session.screen();
  ASSERT_TRUE(session.shows("> ")) << session.screen();
  session.type("\x04");

  EXPECT_EQ(session.wait(), 0);
}

TEST_F(ConversationTest, ends_a_single_question_on_ctrl_c_with_130) {
  const test_support::RawServer silent(
      test_support::Script{test_support::read_request(), test_support::await_close()});
  TerminalSession session({BEDROCK_COMMAND, "--endpoint-url", silent.url(""), "x"}, environment());

  ASSERT_TRUE(silent.await_requests(1));
  session.type("\x03");

  EXPECT_TRUE(session.shows("cancelled")) << session.screen();
  EXPECT_EQ(session.wait(), 130);
}

TEST_F(ConversationTest, asks_for_the_code_that_a_profile_requires) {
  const test_support::RawServer sts(test_support::always_respond(
      test_support::http_response(test_support::sts_error("AccessDenied", "no"), "403 Forbidden")));
  std::filesystem::create_directory(home_.path() / ".aws");
  test_support::write_file(home_.path() / ".aws" / "config",
                           "[profile admin]\nrole_arn = arn:aws:iam::123456789012:role/admin\n"
                           "credential_source = Environment\nregion = eu-west-1\n"
                           "mfa_serial = arn:aws:iam::123456789012:mfa/me\n");
  auto variables = environment();
  variables["AWS_ENDPOINT_URL_STS"] = sts.url("");

  TerminalSession session({BEDROCK_COMMAND, "--profile", "admin", "Hello"}, variables);
  ASSERT_TRUE(session.shows("MFA code of arn:aws:iam::123456789012:mfa/me: ")) << session.screen();
  session.type("123456\x16\r\r");  // Ctrl-V: the first \r arrives as it is.

  EXPECT_EQ(session.wait(), 3) << session.screen();
  ASSERT_EQ(sts.requests().size(), 1U);
  EXPECT_THAT(sts.requests().front(), ::testing::HasSubstr("TokenCode=123456"));
  EXPECT_THAT(sts.requests().front(), ::testing::Not(::testing::HasSubstr("%0D")));
}

TEST_F(ConversationTest, keeps_an_attachment_until_a_call_succeeds) {
  const test_support::RawServer throttled(test_support::always_respond(test_support::http_response(
      R"({"__type":"ThrottlingException","message":"Too many requests"})",
      "429 Too Many Requests")));
  auto variables = environment();
  variables["AWS_MAX_ATTEMPTS"] = "1";
  const std::string image = test_support::source_directory() / "tests/data/two_by_one.png";
  TerminalSession session({BEDROCK_COMMAND, "--endpoint-url", throttled.url(""), "-a", image},
                          variables);

  for (const std::string_view question : {"First\r", "Second\r"}) {
    ASSERT_TRUE(session.shows("> ")) << session.screen();
    session.type(question);
    ASSERT_TRUE(session.shows("rate_limit_error")) << session.screen();
  }

  ASSERT_EQ(throttled.requests().size(), 2U);
  EXPECT_THAT(throttled.requests().back(), ::testing::HasSubstr("image/png"));
}

TEST_F(ConversationTest, sends_typed_text_in_the_c_locale_too) {
  auto variables = environment();
  variables["LC_ALL"] = "C";
  TerminalSession session({BEDROCK_COMMAND, "--local"}, variables);

  ASSERT_TRUE(session.shows("> "));
  session.type("say café now\r");

  EXPECT_TRUE(session.shows("You asked: \"say café now\"")) << session.screen();
}

TEST_F(ConversationTest, shows_the_control_characters_of_a_completion) {
  // U+009B is ESC [ in one character.
  TerminalSession session({BEDROCK_COMMAND, "--local", "a\u009b31mb\x1b[1mc"}, environment());

  EXPECT_TRUE(session.shows("a^[[31mb^[[1mc")) << session.screen();
}

TEST_F(ConversationTest, uses_colour_only_where_it_is_wanted) {
  for (const auto& [name, value] : std::map<std::string, std::string>{
           {"NO_COLOR", "1"}, {"TERM", "dumb"}, {"COLOURED", "yes"}}) {
    auto variables = environment();
    variables[name] = value;
    TerminalSession session({BEDROCK_COMMAND, "--region", "", "x"}, variables);

    EXPECT_EQ(session.wait(), 2);
    EXPECT_EQ(session.screen().find("\033[") != std::string::npos, name == "COLOURED") << name;
  }
}

TEST_F(ConversationTest, begins_the_text_on_a_new_line_after_reasoning) {
  auto script = local::parse_script(
      R"({"rules": [{"match": {"prompt": "x"},
                     "completion": {"text": "out", "reasoning": "thinking hard"}}]})");
  ASSERT_TRUE(script) << script.error().message;
  const auto server = local::Server::start({.script = std::move(*script)});
  ASSERT_TRUE(server);
  TerminalSession session({BEDROCK_COMMAND, "--endpoint-url", server->url(), "x"}, environment());

  EXPECT_EQ(session.wait(), 0);
  EXPECT_THAT(session.screen(), ::testing::ContainsRegex("hard[^o]*\n[^o]*out"))
      << session.screen();
}

TEST_F(ConversationTest, goes_on_after_a_completion_that_was_cut_off) {
  auto script = local::parse_script(
      R"({"rules": [{"match": {"prompt": "story"},
                     "completion": {"text": "Once", "stop_reason": "max_tokens"}}]})");
  ASSERT_TRUE(script) << script.error().message;
  const auto server = local::Server::start({.script = std::move(*script)});
  ASSERT_TRUE(server);
  TerminalSession session({BEDROCK_COMMAND, "--endpoint-url", server->url()}, environment());

  ASSERT_TRUE(session.shows("> ")) << session.screen();
  session.type("A story\r");
  EXPECT_TRUE(session.shows("cut off at 8192 tokens")) << session.screen();
  EXPECT_TRUE(session.shows("--max-tokens")) << session.screen();
  ASSERT_TRUE(session.shows("> "));
  session.type("Go on\r");
  EXPECT_TRUE(session.shows("You asked: \"Go on\"")) << session.screen();
  ASSERT_TRUE(session.shows("> "));
  session.type("\x04");

  EXPECT_EQ(session.wait(), 0);
}

TEST_F(ConversationTest, local_prints_where_it_listens_and_ends_on_sigterm) {
  TerminalSession session({BEDROCK_COMMAND, "local", "--port", "0"}, environment());

  ASSERT_TRUE(session.shows("listening on http://127.0.0.1:")) << session.screen();
  session.signal(SIGTERM);

  EXPECT_EQ(session.wait(), 0);
}

}  // namespace
}  // namespace llm
