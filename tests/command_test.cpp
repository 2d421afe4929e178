// The command as a person or a script runs it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <llm/local/server.hpp>

#include "json/reader.hpp"
#include "tests/support/command.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/source_directory.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm {
namespace {

using test_support::Finished;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class CommandTest : public ::testing::Test {
 protected:
  Finished bedrock(std::vector<std::string> words, std::string input = {}) {
    words.insert(words.begin(), BEDROCK_COMMAND);
    std::map<std::string, std::string> environment = {{"HOME", home_.path().string()},
                                                      {"PATH", "/usr/bin:/bin"},
                                                      {"AWS_EC2_METADATA_DISABLED", "true"}};
    environment.insert(variables_.begin(), variables_.end());
    return test_support::run({.words = std::move(words),
                              .environment = std::move(environment),
                              .input = std::move(input)});
  }

  std::string file(const std::string& name, const std::string& content) {
    const auto path = home_.path() / name;
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }

  test_support::TemporaryDirectory home_;
  std::map<std::string, std::string> variables_;
};

TEST_F(CommandTest, answers_from_the_local_bedrock) {
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

TEST_F(CommandTest, puts_what_is_piped_in_before_the_words) {
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

TEST_F(CommandTest, prints_one_event_a_line) {
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

TEST_F(CommandTest, says_on_standard_error_that_an_answer_was_cut) {
  const Finished done = bedrock({"--local", "--max-tokens", "3", "Tell me everything"});

  EXPECT_EQ(done.exit_code, 0);
  EXPECT_THAT(done.errors, HasSubstr("cut at --max-tokens 3"));
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

TEST_F(CommandTest, makes_a_vector_of_each_text_or_line) {
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

TEST_F(CommandTest, asks_which_model_is_to_make_vectors) {
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

TEST_F(CommandTest, looks_at_an_attached_image) {
  const Finished done =
      bedrock({"--local", "-a", test_support::source_directory() / "tests/data/two_by_one.png",
               "What is this?"});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_THAT(done.output, HasSubstr("image/png"));
}

struct BadUse {
  std::string what;
  std::vector<std::string> words;
  int exit_code;
  std::string says;
};

TEST_F(CommandTest, ends_bad_use_with_one_clear_error_and_its_code) {
  const std::string text = file("not-an-image.png", "hello");
  const std::string broken = file("tools.json", "{nonsense");
  const std::vector<BadUse> cases = {
      {"unknown option", {"--colour", "x"}, 2, "--colour"},
      {"nothing to ask", {"--local"}, 2, "Nothing to ask"},
      {"no such file", {"--local", "-a", "/nonexistent", "x"}, 2, "/nonexistent"},
      {"no image", {"--local", "-a", text, "x"}, 2, "not-an-image.png"},
      {"no JSON", {"--local", "--tools", broken, "x"}, 2, "tools.json"},
      {"bad region", {"--region", "x@evil.example", "x"}, 2, "region"},
      {"bad endpoint", {"--endpoint-url", "ftp://x", "x"}, 2, "endpoint"},
      {"no such profile", {"--profile", "nobody", "x"}, 2, "nobody"},
      {"no credentials", {"x"}, 3, "AWS_ACCESS_KEY_ID"},
      {"no certificate", {"local", "--tls-cert", "/nonexistent"}, 2, "/nonexistent"},
      {"a key alone", {"local", "--tls-key", text}, 2, "--tls-cert"},
      {"temperature", {"--local", "-t", "7", "x"}, 4, "temperature"},
      {"tools on a model without",
       {"--local", "-m", "amazon.titan-text-express-v1", "--tools",
        file("good.json", R"([{"name":"f","parameters":{"type":"object"}}])"), "x"},
       4,
       "amazon.titan-text-express-v1"},
  };
  for (const BadUse& row : cases) {
    const Finished done = bedrock(row.words);
    EXPECT_EQ(done.exit_code, row.exit_code) << row.what << ": " << done.errors;
    EXPECT_THAT(done.errors, HasSubstr(row.says)) << row.what;
    EXPECT_THAT(done.errors, StartsWith("bedrock: ")) << row.what;
    EXPECT_EQ(std::count(done.errors.begin(), done.errors.end(), '\n'), 1) << done.errors;
    EXPECT_EQ(done.output, "") << row.what;
  }
}

constexpr auto kHotRequest =
    R"({"model":"amazon.nova-lite-v1:0","messages":[{"role":"user","content":"a"}],)"
    R"("temperature":1.5})";

TEST_F(CommandTest, lints_a_request_without_a_network) {
  const std::string hot = file("hot.json", kHotRequest);
  const std::string wrong = file("wrong.json", R"({"mesages":[]})");
  struct Case {
    std::vector<std::string> words;
    int exit_code;
    std::string says;
  };
  const std::vector<Case> cases = {
      {{"lint", hot},
       4,
       "refused   temperature: The temperature is not from 0 to 1. (temperature_range, "
       "repairable)\n"
       "          Use a number from 0 to 1.\n"},
      {{"lint", "--json", hot}, 4, R"("findings":[{"rule":"temperature_range")"},
      {{"lint", "--off", "temperature_range", hot}, 0, ""},
      {{"lint", "--level", "off", hot}, 0, ""},
      {{"lint", "--level", "repair", hot}, 0, R"("temperature":1,)"},
      {{"lint", "--rules"}, 0, "blank_text"},
      {{"lint", "--off", "no_such_rule", hot}, 2, "no_such_rule"},
      {{"lint", wrong}, 2, "mesages is not a member"},
      {{"lint", "/nonexistent"}, 2, "/nonexistent"},
      {{"lint"}, 2, "No file"},
  };
  for (const Case& row : cases) {
    const Finished done = bedrock(row.words);
    EXPECT_EQ(done.exit_code, row.exit_code) << row.says << ": " << done.errors;
    EXPECT_THAT(done.output + done.errors, HasSubstr(row.says));
  }
  EXPECT_EQ(bedrock({"lint", "-"}, kHotRequest).exit_code, 4);
}

TEST_F(CommandTest, says_what_it_repaired_in_a_chat) {
  const Finished refused = bedrock({"--local", "-t", "7", "x"});
  const Finished repaired = bedrock({"--local", "-t", "7", "--lint", "repair", "x"});

  EXPECT_THAT(refused.errors, HasSubstr("temperature_range"));
  EXPECT_EQ(repaired.exit_code, 0) << repaired.errors;
  EXPECT_THAT(repaired.errors, HasSubstr("temperature was set to the nearest number"));
}

TEST_F(CommandTest, prints_an_error_as_one_line_of_json_under_json) {
  for (const std::string format : {"--json", "--stream-json"}) {
    const Finished done = bedrock({format, "x"});

    EXPECT_EQ(done.exit_code, 3);
    EXPECT_THAT(done.errors, StartsWith(R"({"error":{"code":"authentication_error")"));
    EXPECT_EQ(std::count(done.errors.begin(), done.errors.end(), '\n'), 1);
  }
}

TEST_F(CommandTest, reaches_a_given_endpoint_with_the_users_own_keys) {
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

TEST_F(CommandTest, gives_throttling_and_broken_servers_their_codes) {
  variables_ = {
      {"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "b"}, {"AWS_MAX_ATTEMPTS", "1"}};
  const test_support::RawServer throttled(test_support::answer_always(
      test_support::http_answer(R"({"__type":"ThrottlingException","message":"Too many requests"})",
                                "429 Too Many Requests")));
  const test_support::RawServer broken(
      test_support::answer_always(test_support::http_answer("<html>", "503 Service Unavailable")));
  const test_support::RawServer garbage(
      test_support::answer_always(test_support::http_answer("no event stream")));

  EXPECT_EQ(bedrock({"--endpoint-url", throttled.url(""), "x"}).exit_code, 5);
  EXPECT_EQ(bedrock({"--endpoint-url", broken.url(""), "x"}).exit_code, 6);
  EXPECT_EQ(bedrock({"--endpoint-url", garbage.url(""), "x"}).exit_code, 8);
}

TEST_F(CommandTest, lists_models_with_the_ids_to_call) {
  const Finished done = bedrock({"models", "haiku-4-5", "--region", "eu-west-1"});

  EXPECT_EQ(done.exit_code, 0);
  EXPECT_THAT(done.output, HasSubstr("eu.anthropic.claude-haiku-4-5-20251001-v1:0"));
}

TEST_F(CommandTest, says_its_version_and_what_it_can_do) {
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

TEST_F(CommandTest, tells_a_full_disk) {
  const Finished done = test_support::run(
      {.words = {"/bin/sh", "-c", std::string(BEDROCK_COMMAND) + " --local x >/dev/full"},
       .environment = {{"HOME", home_.path().string()}}});

  EXPECT_EQ(done.exit_code, 1);
  EXPECT_THAT(done.errors, HasSubstr("standard output"));
}

TEST_F(CommandTest, ends_quietly_when_its_reader_goes_away) {
  const Finished done = test_support::run(
      {.words = {"/bin/sh", "-c",
                 "{ " + std::string(BEDROCK_COMMAND) + " --local x; echo $? >&2; } | :"},
       .environment = {{"HOME", home_.path().string()}}});

  EXPECT_EQ(done.errors, "0\n");
}

}  // namespace
}  // namespace llm
