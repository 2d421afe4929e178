// Lines end with LF or CRLF: `bedrock embed` sends neither end, and no empty line.
#include <gtest/gtest.h>

#include <string>

#include "json/reader.hpp"
#include "tests/support/case_reply.hpp"
#include "tests/support/command.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm {
namespace {

constexpr auto kFolder = "embed-lines-with-crlf";

/// Three texts each, as many as the reply has embeddings.
struct Lines {
  std::string name;
  std::string input;
  std::string texts;
};

class EmbedLines : public ::testing::TestWithParam<Lines> {};

TEST_P(EmbedLines, are_sent_without_their_ends) {
  const test_support::TemporaryDirectory home;
  test_support::RawServer server(test_support::always_respond(
      test_support::http_response(test_support::case_reply(kFolder, "reply.json").body.front())));

  const test_support::Finished done = test_support::run(
      {.words = {BEDROCK_COMMAND, "embed", "--endpoint-url", server.url(""), "-m",
                 "cohere.embed-v4:0", "--input-type", "search_document", "--region", "us-east-1"},
       .environment = {{"HOME", home.path().string()},
                       {"AWS_ACCESS_KEY_ID", "a"},
                       {"AWS_SECRET_ACCESS_KEY", "b"},
                       {"AWS_EC2_METADATA_DISABLED", "true"}},
       .input = GetParam().input});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  ASSERT_EQ(server.requests().size(), 1U);
  const std::string request = server.requests().front();
  json::Parser parser;
  const auto root = parser.parse(request.substr(request.find("\r\n\r\n") + 4));
  ASSERT_TRUE(root);
  EXPECT_EQ((*root)["texts"].to_text(), GetParam().texts);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, EmbedLines,
    ::testing::Values(Lines{"crlf", test_support::case_file(kFolder, "lines.txt"),
                            R"(["first line","second line","third line"])"},
                      Lines{"lf", "a\n\nb\nc", R"(["a","b","c"])"},
                      Lines{"mixed", "a\r\nb\nc\r\n", R"(["a","b","c"])"},
                      Lines{"carriage_return_inside", "a\rb\r\nc\r\nd\r\n", R"(["a\rb","c","d"])"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace llm
