// `bedrock local` as a script runs it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "local/http/testing/raw_socket.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/terminal_session.hpp"

namespace llm {
namespace {

using local::test::RawSocket;
using test_support::Finished;
using test_support::TerminalSession;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class LocalCommandTest : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& content) {
    test_support::write_file(home_.path() / name, content);
    return (home_.path() / name).string();
  }

  /// Runs a command that ends by itself.
  Finished local(std::vector<std::string> words) {
    words.insert(words.begin(), {BEDROCK_COMMAND, "local"});
    return test_support::run({.words = std::move(words), .environment = environment()});
  }

  /// Starts a server and sets `port_`.
  std::unique_ptr<TerminalSession> serve(std::vector<std::string> words) {
    words.insert(words.begin(), {BEDROCK_COMMAND, "local"});
    auto session = std::make_unique<TerminalSession>(std::move(words), environment());
    EXPECT_TRUE(session->shows("listening on http://127.0.0.1:")) << session->screen();
    port_ = static_cast<std::uint16_t>(std::stoi(session->screen()));
    return session;
  }

  std::map<std::string, std::string> environment() {
    auto variables = variables_;
    variables["HOME"] = home_.path().string();
    variables["TMPDIR"] = home_.path().string();
    return variables;
  }

  /// The self-signed certificates of servers that run.
  std::vector<std::string> certificates() {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(home_.path())) {
      if (entry.path().filename() == "certificate.pem") found.push_back(entry.path().string());
    }
    return found;
  }

  test_support::TemporaryDirectory home_;
  std::map<std::string, std::string> variables_;
  std::uint16_t port_ = 0;
};

std::string post(const std::string& operation) {
  const std::string body = R"({"inputText":"Why?"})";
  return "POST /model/amazon.titan-text-lite-v1/" + operation +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

/// The first line of the reply to a request with an API key.
std::string status_line_for(std::uint16_t port, const std::string& api_key) {
  RawSocket socket(port);
  socket.send("GET /foundation-models HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
              api_key + "\r\n\r\n");
  return socket.read_until("\r\n");
}

TEST_F(LocalCommandTest, follows_a_script_and_ends_on_sigterm_with_streams_open) {
  const std::string script =
      file("script.json", R"({"rules":[{"fault":{"kind":"stall","after_events":1}}]})");
  const auto session = serve({"--no-auth", "--script", script});
  std::vector<std::unique_ptr<RawSocket>> streams;
  for (int i = 0; i < 50; ++i) {
    streams.push_back(std::make_unique<RawSocket>(port_));
    streams.back()->send(post("invoke-with-response-stream"));
    EXPECT_THAT(streams.back()->read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
  }

  session->signal(SIGTERM);

  EXPECT_EQ(session->wait(), 0);
  for (const auto& stream : streams) {
    const std::string rest = stream->read_to_end();
    EXPECT_THAT(rest, Not(HasSubstr("\r\n0\r\n")));
  }
}

TEST_F(LocalCommandTest, names_the_script_that_it_cannot_use) {
  const std::string bad = file("bad.json", R"({"rules":[{"fault":{"kind":"boom"}}]})");

  const Finished wrong = local({"--script", bad});
  const Finished missing = local({"--script", "/nowhere/script.json"});

  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.errors, HasSubstr("rules[0].fault.kind must be one of exception"));
  EXPECT_THAT(wrong.errors, HasSubstr(bad));
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.errors, HasSubstr("/nowhere/script.json"));
}

TEST_F(LocalCommandTest, accepts_api_keys_from_a_file_and_from_the_environment) {
  variables_["BEDROCK_LOCAL_API_KEY"] = "ABSKenvironment";
  const std::string credentials = file("credentials", "[x]\naws_bearer_token_bedrock = ABSKfile\n");
  const auto session = serve({"--credentials-file", credentials});

  EXPECT_THAT(status_line_for(port_, "ABSKfile"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(status_line_for(port_, "ABSKenvironment"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(status_line_for(port_, "ABSKother"), StartsWith("HTTP/1.1 403 "));
}

TEST_F(LocalCommandTest, refuses_half_of_a_key_pair_without_showing_it) {
  const Finished file_done =
      local({"--credentials-file", file("credentials", "[x]\naws_secret_access_key = hidden\n")});
  variables_["BEDROCK_LOCAL_SECRET_ACCESS_KEY"] = "hidden";
  const Finished environment_done = local({});

  for (const Finished* done : {&file_done, &environment_done}) {
    EXPECT_EQ(done->exit_code, 2);
    EXPECT_THAT(done->errors, Not(HasSubstr("hidden")));
  }
  EXPECT_THAT(file_done.errors, HasSubstr("section \"x\" has an aws_secret_access_key without an "
                                          "aws_access_key_id."));
  EXPECT_THAT(environment_done.errors, HasSubstr("BEDROCK_LOCAL_ACCESS_KEY_ID"));
}

TEST_F(LocalCommandTest, serves_tls_with_a_certificate_that_clients_can_trust) {
  auto session = std::make_unique<TerminalSession>(
      std::vector<std::string>{BEDROCK_COMMAND, "local", "--tls", "--head-delay", "0"},
      environment());
  ASSERT_TRUE(session->shows("listening on https://127.0.0.1:")) << session->screen();
  const std::string port = std::to_string(std::stoi(session->screen()));
  ASSERT_TRUE(session->shows("AWS_CA_BUNDLE="));
  const auto files = certificates();
  ASSERT_EQ(files.size(), 1U);
  const auto ask = [&](const std::string& bundle) {
    variables_ = {{"AWS_CA_BUNDLE", bundle},
                  {"AWS_ACCESS_KEY_ID", "local"},
                  {"AWS_SECRET_ACCESS_KEY", "local"},
                  {"AWS_REGION", "us-east-1"}};
    return test_support::run({.words = {BEDROCK_COMMAND, "chat", "-m", "amazon.nova-micro-v1:0",
                                        "--endpoint-url", "https://127.0.0.1:" + port, "Hi"},
                              .environment = environment()});
  };

  const Finished trusting = ask(files.front());
  const Finished other = ask("/etc/ssl/certs/ca-certificates.crt");
  session->signal(SIGTERM);

  EXPECT_EQ(trusting.exit_code, 0) << trusting.errors;
  EXPECT_THAT(trusting.output, HasSubstr("local Bedrock"));
  EXPECT_NE(other.exit_code, 0);
  EXPECT_EQ(session->wait(), 0);
  EXPECT_TRUE(certificates().empty());
}

TEST_F(LocalCommandTest, accepts_the_api_keys_that_the_command_makes) {
  const auto session = serve({});
  variables_ = {{"AWS_ACCESS_KEY_ID", "local"}, {"AWS_SECRET_ACCESS_KEY", "local"}};
  const auto make = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {BEDROCK_COMMAND, "api-key"});
    return test_support::run({.words = std::move(words), .environment = environment()});
  };

  const Finished made = make({"--region", "us-east-1", "--expires", "1h"});
  const Finished too_long = make({"--region", "us-east-1", "--expires", "13h"});
  const Finished without_unit = make({"--region", "us-east-1", "--expires", "60"});
  const Finished without_region = make({});

  EXPECT_EQ(made.exit_code, 0) << made.errors;
  EXPECT_THAT(made.output, StartsWith("bedrock-api-key-"));
  const std::string key = made.output.substr(0, made.output.find('\n'));
  EXPECT_THAT(status_line_for(port_, key), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(too_long.exit_code, 2);
  EXPECT_THAT(too_long.errors, HasSubstr("12 hours"));
  EXPECT_EQ(without_unit.exit_code, 2);
  EXPECT_EQ(without_region.exit_code, 2);
  EXPECT_THAT(without_region.errors, HasSubstr("No region is set."));
  EXPECT_THAT(made.errors, Not(HasSubstr("bedrock-api-key-")));
}

TEST_F(LocalCommandTest, refuses_two_certificates) {
  const Finished done = local({"--tls", "--tls-cert", "x.pem"});

  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.errors, HasSubstr("--tls excludes --tls-cert"));
}

TEST_F(LocalCommandTest, refuses_a_long_delay) {
  const Finished done = local({"--head-delay", "60001"});

  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.errors, HasSubstr("--head-delay: Value 60001 not in range"));
}

TEST_F(LocalCommandTest, refuses_an_invalid_address) {
  const Finished done = local({"--address", "example.com"});

  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.errors, HasSubstr("\"example.com\""));
}

}  // namespace
}  // namespace llm
