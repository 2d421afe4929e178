// The command as a person or a script runs it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include <llm/local/server.hpp>

#include "json/reader.hpp"
#include "tests/support/command.hpp"
#include "tests/support/command_fixture.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/source_directory.hpp"

namespace llm {
namespace {

using test_support::CommandTest;
using test_support::Finished;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(CommandTest, prints_a_completion_of_the_local_bedrock) {
  const Finished done = bedrock({"--local", "Why is the sky blue?"});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_THAT(done.output, HasSubstr("local Bedrock"));
  EXPECT_THAT(done.output, HasSubstr("Why is the sky blue?"));
  EXPECT_EQ(done.errors, "");
}

TEST_F(CommandTest, takes_a_command_word_as_the_first_argument_only) {
  const Finished done = bedrock({"--local", "models"});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_THAT(done.output, HasSubstr("\"models\""));
}

TEST_F(CommandTest, names_unexpected_words_in_their_order) {
  const Finished two = bedrock({"local", "--nosuch", "10"});
  const Finished one = bedrock({"local", "--nosuch"});

  EXPECT_EQ(two.exit_code, 2);
  EXPECT_THAT(two.errors, HasSubstr("The following arguments were not expected: --nosuch 10."));
  EXPECT_THAT(one.errors, HasSubstr("The following argument was not expected: --nosuch."));
}

TEST_F(CommandTest, drops_the_line_ends_of_a_piped_prompt) {
  const Finished done = bedrock({"--local", "Summarise."}, "a\r\nb\r\n\r\n");

  EXPECT_THAT(done.output, HasSubstr("a\r\nb\n\nSummarise."));
}

TEST_F(CommandTest, reports_a_clock_in_step_with_the_service) {
  const Finished done = bedrock({"doctor", "--local"});

  EXPECT_THAT(done.output, HasSubstr("clock      in step\n"));
}

TEST_F(CommandTest, embeds_with_an_option_that_the_model_follows_anyway) {
  const Finished done = bedrock({"embed", "--local", "-m", "cohere.embed-multilingual-v3",
                                 "--input-type", "search_query", "--no-normalize", "x"});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
}

TEST_F(CommandTest, puts_standard_input_before_the_words) {
  const Finished done = bedrock({"--local", "Summarise."}, "a long text\n");

  EXPECT_THAT(done.output, HasSubstr("a long text\n\nSummarise."));
}

TEST_F(CommandTest, prints_the_whole_response_as_one_json_object) {
  const Finished done = bedrock({"--local", "--json", "hello"});

  EXPECT_EQ(done.exit_code, 0);
  json::Parser parser;
  const auto value = parser.parse(done.output);
  ASSERT_TRUE(value) << done.output;
  for (const std::string_view member : {"id", "model", "text", "choices", "usage"}) {
    EXPECT_TRUE((*value)[member].exists()) << member;
  }
  for (const json::Value choice : (*value)["choices"].elements()) {
    EXPECT_EQ(choice["finish_reason"].string(), "stop");
    EXPECT_EQ(choice["message"]["role"].string(), "assistant");
  }
  EXPECT_GT((*value)["usage"]["total_tokens"].integer().value_or(0), 0);
}

TEST_F(CommandTest, prints_one_event_per_line) {
  const Finished done = bedrock({"--local", "--stream-json", "hello"});

  EXPECT_EQ(done.exit_code, 0);
  std::string last;
  std::size_t lines = 0;
  std::istringstream output(done.output);
  for (std::string line; std::getline(output, line); ++lines) {
    json::Parser parser;
    ASSERT_TRUE(parser.parse(line)) << line;
    last = line;
  }
  EXPECT_GT(lines, 3U);
  EXPECT_THAT(last, StartsWith(R"({"type":"done")"));
}

TEST_F(CommandTest, warns_that_a_completion_was_cut_off) {
  const Finished done = bedrock({"--local", "--max-tokens", "3", "Tell me everything"});

  EXPECT_EQ(done.exit_code, 0);
  EXPECT_THAT(done.errors, HasSubstr("warning: The completion was cut off at --max-tokens 3."));
}

TEST_F(CommandTest, asks_for_as_many_tokens_as_help_says) {
  const test_support::RawServer server(test_support::always_respond(test_support::http_response(
      R"({"__type":"ValidationException","message":"No."})", "400 Bad Request")));
  variables_ = {{"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "b"}};
  const auto request_of = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"--endpoint-url", server.url(""), "--region", "us-east-1", "x"});
    EXPECT_EQ(bedrock(words).exit_code, 4);
    return server.requests().back();
  };
  const std::string haiku = "us.anthropic.claude-haiku-4-5-20251001-v1:0";

  EXPECT_THAT(request_of({"-m", haiku}), HasSubstr(R"("max_tokens":8192)"));
  EXPECT_THAT(request_of({"-m", haiku, "--reasoning", "2000"}),
              AllOf(HasSubstr(R"("max_tokens":10192)"), HasSubstr(R"("budget_tokens":2000)")));
  EXPECT_THAT(request_of({"-m", haiku, "--max-tokens", "max"}), HasSubstr(R"("max_tokens":64000)"));
  EXPECT_THAT(request_of({"-m", haiku, "--max-tokens", "9"}), HasSubstr(R"("max_tokens":9)"));
  EXPECT_THAT(request_of({"-m", "amazon.titan-text-lite-v1"}), HasSubstr(R"("maxTokenCount":4096)"))
      << "more than the model can write";
  EXPECT_THAT(request_of({"-m", "acme.unknown-v1:0"}), Not(HasSubstr("maxTokens")))
      << "its maximum is not known";
}

TEST_F(CommandTest, counts_the_tokens_of_a_prompt) {
  const Finished text = bedrock({"count", "--local", "Why is the sky blue?"});
  const Finished longer = bedrock({"count", "--local", "-s", "Be brief."}, "Why is the sky blue?");
  const Finished json = bedrock({"count", "--local", "--json", "Why is the sky blue?"});

  EXPECT_EQ(text.exit_code, 0) << text.errors;
  EXPECT_GT(std::stoi(text.output), 0);
  EXPECT_GT(std::stoi(longer.output), std::stoi(text.output));
  json::Parser parser;
  const auto value = parser.parse(json.output);
  ASSERT_TRUE(value) << json.output << json.errors;
  EXPECT_EQ((*value)["prompt_tokens"].integer(), std::stoi(text.output));
}

TEST_F(CommandTest, embeds_each_text_or_line) {
  const std::string model = "amazon.titan-embed-text-v2:0";
  const std::vector<std::string> words = {"embed", "--local", "-m", model, "--dimensions", "256"};
  auto named = words;
  named.insert(named.end(), {"the sky", "a river"});

  const Finished piped = bedrock(words, "the sky\n\na river\n");
  const Finished given = bedrock(named);

  EXPECT_EQ(piped.exit_code, 0) << piped.errors;
  EXPECT_EQ(given.output, piped.output);
  std::istringstream output(piped.output);
  std::size_t lines = 0;
  for (std::string line; std::getline(output, line); ++lines) {
    json::Parser parser;
    const auto vector = parser.parse(line);
    ASSERT_TRUE(vector) << line;
    EXPECT_EQ(vector->size(), 256U);
  }
  EXPECT_EQ(lines, 2U);
}

TEST_F(CommandTest, asks_for_the_embedding_model) {
  const Finished done = bedrock({"embed", "--local", "--json", "the sky"});

  EXPECT_EQ(done.exit_code, 2);
  EXPECT_EQ(done.output, "");
  EXPECT_THAT(done.errors, HasSubstr("configuration_error"));
  EXPECT_THAT(done.errors, HasSubstr("--model"));
}

TEST_F(CommandTest, prints_tool_calls_as_lines_of_json) {
  const std::string tools = file(
      "tools.json",
      R"([{"name":"get_weather","description":"Weather of a city","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}])");

  const Finished done = bedrock({"--local", "--tools", tools, "Use get_weather"});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_THAT(done.output, HasSubstr(R"({"type":"tool_call",)"));
  EXPECT_THAT(done.output, HasSubstr(R"("name":"get_weather")"));
}

TEST_F(CommandTest, sends_an_attached_image) {
  const Finished done =
      bedrock({"--local", "-a", test_support::source_directory() / "tests/data/two_by_one.png",
               "What is this?"});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_THAT(done.output, HasSubstr("image/png"));
}

struct BadUse {
  std::string name;
  std::vector<std::string> words;  ///< {folder} stands for the folder with the files of the test.
  int exit_code;
  std::string message;
};

void PrintTo(const BadUse& row, std::ostream* out) { *out << row.name; }

class BadUseTest : public CommandTest, public ::testing::WithParamInterface<BadUse> {};

TEST_P(BadUseTest, ends_with_one_error_and_its_exit_code) {
  file("not-an-image.png", "hello");
  file("broken.json", "{nonsense");
  file("tools.json", R"([{"name":"f","parameters":{"type":"object"}}])");
  std::vector<std::string> words = GetParam().words;
  for (std::string& word : words) {
    if (word.starts_with("{folder}")) word.replace(0, 8, home_.path().string());
  }

  const Finished done = bedrock(words);

  EXPECT_EQ(done.exit_code, GetParam().exit_code) << done.errors;
  EXPECT_THAT(done.errors, HasSubstr(GetParam().message));
  // The message is one line, and the advice, if any, an indented second one.
  EXPECT_THAT(done.errors, ::testing::MatchesRegex("bedrock: [^\n]*\\([a-z_]*\\)\n(  [^\n]*\n)?"));
  EXPECT_EQ(done.output, "");
}

INSTANTIATE_TEST_SUITE_P(
    Command, BadUseTest,
    ::testing::Values(
        BadUse{"unknown_option", {"--colour", "x"}, 2, "--colour"},
        BadUse{"no_prompt", {"--local"}, 2, "The prompt is missing."},
        BadUse{"missing_attachment", {"--local", "-a", "/nonexistent", "x"}, 2, "/nonexistent"},
        BadUse{"not_an_image",
               {"--local", "-a", "{folder}/not-an-image.png", "x"},
               2,
               "not-an-image.png"},
        BadUse{"not_json", {"--local", "--tools", "{folder}/broken.json", "x"}, 2, "broken.json: "},
        BadUse{"bad_region", {"--region", "x@evil.example", "x"}, 2, "--region"},
        BadUse{"bad_endpoint", {"--endpoint-url", "ftp://x", "x"}, 2, "endpoint"},
        BadUse{"missing_profile", {"--profile", "nobody", "x"}, 2, "nobody"},
        BadUse{"no_credentials", {"x"}, 3, "AWS_ACCESS_KEY_ID"},
        BadUse{"missing_certificate", {"local", "--tls-cert", "/nonexistent"}, 2, "/nonexistent"},
        BadUse{"private_key_alone", {"local", "--tls-key", "{folder}/tools.json"}, 2, "--tls-cert"},
        BadUse{"temperature", {"--local", "-t", "7", "x"}, 4, "temperature"},
        BadUse{"model_without_tools",
               {"--local", "-m", "amazon.titan-text-express-v1", "--tools", "{folder}/tools.json",
                "x"},
               4,
               "amazon.titan-text-express-v1"}),
    [](const auto& row) { return row.param.name; });

TEST_F(CommandTest, prints_advice_on_a_line_of_its_own) {
  const Finished done = bedrock({"--local"});

  EXPECT_EQ(done.errors,
            "bedrock: The prompt is missing. (configuration_error)\n"
            "  Pass one as an argument, or pipe it in.\n");
  EXPECT_THAT(bedrock({"--local", "--json"}).errors,
              HasSubstr(R"("advice":"Pass one as an argument, or pipe it in.")"));
}

TEST_F(CommandTest, prints_an_error_as_one_line_of_json_under_json) {
  for (const std::string format : {"--json", "--stream-json"}) {
    const Finished done = bedrock({format, "x"});

    EXPECT_EQ(done.exit_code, 3);
    EXPECT_THAT(done.errors, StartsWith(R"({"error":{"code":"authentication_error")"));
    EXPECT_EQ(std::count(done.errors.begin(), done.errors.end(), '\n'), 1);
  }
}

TEST_F(CommandTest, calls_a_given_endpoint_with_the_users_own_credentials) {
  const auto server = local::Server::start();
  ASSERT_TRUE(server);
  variables_ = {{"AWS_ACCESS_KEY_ID", "local"}, {"AWS_SECRET_ACCESS_KEY", "local"}};

  EXPECT_EQ(bedrock({"--endpoint-url", server->url(), "x"}).exit_code, 0);

  variables_["AWS_SECRET_ACCESS_KEY"] = "wrong-and-secret";
  const Finished refused = bedrock({"--endpoint-url", server->url(), "x"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.errors, HasSubstr("InvalidSignatureException"));
  EXPECT_THAT(refused.errors, ::testing::Not(HasSubstr("wrong-and-secret")));
}

TEST_F(CommandTest, has_exit_codes_for_throttling_and_broken_servers) {
  variables_ = {
      {"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "b"}, {"AWS_MAX_ATTEMPTS", "1"}};
  const test_support::RawServer throttled(test_support::always_respond(test_support::http_response(
      R"({"__type":"ThrottlingException","message":"Too many requests"})",
      "429 Too Many Requests")));
  const test_support::RawServer broken(test_support::always_respond(
      test_support::http_response("<html>", "503 Service Unavailable")));
  const test_support::RawServer garbage(
      test_support::always_respond(test_support::http_response("no event stream")));

  const Finished refused = bedrock({"--endpoint-url", throttled.url(""), "x"});
  EXPECT_EQ(refused.exit_code, 5);
  EXPECT_THAT(refused.errors, Not(HasSubstr("max_tokens"))) << "it had a limit";
  EXPECT_THAT(bedrock({"--endpoint-url", throttled.url(""), "--max-tokens", "max", "x"}).errors,
              HasSubstr("Set max_tokens: without it, Bedrock reserves the model's maximum"));
  EXPECT_EQ(bedrock({"--endpoint-url", broken.url(""), "x"}).exit_code, 6);
  EXPECT_EQ(bedrock({"--endpoint-url", garbage.url(""), "x"}).exit_code, 8);
}

TEST_F(CommandTest, lists_models_with_the_ids_to_call) {
  const Finished done = bedrock({"models", "haiku-4-5", "--region", "eu-west-1"});

  EXPECT_EQ(done.exit_code, 0);
  EXPECT_THAT(done.output, HasSubstr("eu.anthropic.claude-haiku-4-5-20251001-v1:0"));
}

TEST_F(CommandTest, prints_its_version_and_its_help) {
  EXPECT_THAT(bedrock({"--version"}).output, StartsWith("bedrock "));
  EXPECT_THAT(bedrock({"--help"}).output, HasSubstr("doctor"));
  EXPECT_THAT(bedrock({"chat", "--help"}).output, HasSubstr("--max-tokens"));
}

TEST_F(CommandTest, examines_the_local_bedrock) {
  const Finished done = bedrock({"doctor", "--local", "--json"});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  json::Parser parser;
  const auto value = parser.parse(done.output);
  ASSERT_TRUE(value) << done.output;
  EXPECT_EQ((*value)["health"]["healthy"].boolean(), true);
}

TEST_F(CommandTest, reports_a_full_disk) {
  const Finished done = test_support::run(
      {.words = {"/bin/sh", "-c", std::string(BEDROCK_COMMAND) + " --local x >/dev/full"},
       .environment = {{"HOME", home_.path().string()}}});

  EXPECT_EQ(done.exit_code, 1);
  EXPECT_THAT(done.errors, HasSubstr("standard output"));
}

TEST_F(CommandTest, ends_quietly_when_its_reader_has_gone_away) {
  const Finished done = test_support::run(
      {.words = {"/bin/sh", "-c",
                 "{ " + std::string(BEDROCK_COMMAND) + " --local x; echo $? >&2; } | :"},
       .environment = {{"HOME", home_.path().string()}}});

  EXPECT_EQ(done.errors, "0\n");
}

}  // namespace
}  // namespace llm
