// Requests that Bedrock was reported to refuse or to accept (tests/cases): each is judged by lint,
// sent to the strict local Bedrock without lint, and repaired.

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <llm/bedrock/lint.hpp>
#include <llm/bedrock/models.hpp>
#include <llm/llm.hpp>
#include <llm/local/server.hpp>
#include <llm/request_json.hpp>

#include "json/reader.hpp"
#include "tests/support/client_options.hpp"
#include "tests/support/source_directory.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm::bedrock {
namespace {

using test_support::file_content;
using test_support::options_at;

/// A row of a case's table.
struct Row {
  std::string name;
  std::string request;  ///< JSON in the form of docs/json.md.
  Api api = Api::automatic;
  std::string lint;     ///< The rule that refuses it; empty: none does.
  std::string refusal;  ///< Part of the error without lint; empty: it is accepted.
};

std::string name_of(std::string text) {
  std::ranges::replace_if(text, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return text;
}

std::vector<Row> rows() {
  std::vector<Row> rows;
  for (const std::string folder :
       {"forced-tool-choice", "budget-tokens-on-4-6", "thinking-off", "structured-output-schema",
        "tool-result-json", "mistral-tool-call-ids"}) {
    const auto path = test_support::source_directory() / "tests/cases" / folder;
    json::Parser parser;
    const auto table = parser.parse(file_content(path / "expected.json"));
    if (!table) throw std::runtime_error(folder + " has no table");
    for (const json::Value row : table->elements()) {
      const std::string file = row["request"].text_or_empty();
      const std::string api = row["api"].text_or_empty();
      rows.push_back({.name = name_of(folder + "_" + file.substr(0, file.size() - 5) + "_" + api),
                      .request = file_content(path / file),
                      .api = api == "invoke" ? Api::invoke : Api::converse,
                      .lint = row["lint"].text_or_empty(),
                      .refusal = row["refusal"].text_or_empty()});
    }
  }
  return rows;
}

class ReportedCases : public ::testing::TestWithParam<Row> {
 protected:
  void SetUp() override {
    auto server = local::Server::start();
    ASSERT_TRUE(server);
    server_.emplace(std::move(*server));
    auto request = chat_request_from_json(GetParam().request);
    ASSERT_TRUE(request);
    request_ = std::move(*request);
  }

  Result<ChatResponse> send(const ChatRequest& request, Lint level) {
    Options options = options_at(server_->url());
    options.model = request.model;
    options.api = GetParam().api;
    options.lint = level;
    const auto client = create_client(options);
    if (!client) return std::unexpected(client.error());
    return client->chat_completion(request);
  }

  ChatRequest request_;

 private:
  std::optional<local::Server> server_;
};

TEST_P(ReportedCases, are_judged_by_lint) {
  const auto report = lint(request_, {.api = GetParam().api});

  ASSERT_TRUE(report);
  EXPECT_EQ(report->clean(), GetParam().lint.empty()) << to_json(*report);
  if (GetParam().lint.empty()) return;
  const auto found = std::ranges::find(report->findings, GetParam().lint, &LintFinding::rule);
  EXPECT_NE(found, report->findings.end()) << to_json(*report);
}

TEST_P(ReportedCases, are_accepted_or_refused_without_lint) {
  const auto sent = send(request_, Lint::off);

  EXPECT_EQ(sent.has_value(), GetParam().refusal.empty())
      << (sent ? "accepted" : sent.error().message);
  if (sent) return;
  EXPECT_TRUE(sent.error().message.contains(GetParam().refusal)) << sent.error().message;
}

TEST_P(ReportedCases, are_accepted_once_repaired_if_they_can_be_encoded) {
  const auto sent = send(request_, Lint::repair);

  if (GetParam().lint == "cannot_encode") {
    EXPECT_FALSE(sent);
    return;
  }
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_TRUE(GetParam().lint.empty() || !sent->warnings.empty());
}

INSTANTIATE_TEST_SUITE_P(Tables, ReportedCases, ::testing::ValuesIn(rows()),
                         [](const auto& row) { return row.param.name; });

class EmbeddingProfiles : public ::testing::TestWithParam<std::string> {};

TEST_P(EmbeddingProfiles, return_a_vector) {
  auto server = local::Server::start();
  ASSERT_TRUE(server);
  Options options = options_at(server->url());
  options.model = GetParam();
  if (GetParam().starts_with("eu.")) options.region = "eu-west-1";

  const auto vectors =
      create_client(options)->embed({.inputs = {"hi"}, .input_type = "search_query"});

  ASSERT_TRUE(vectors) << vectors.error().message;
  EXPECT_FALSE(vectors->embeddings.empty());
}

INSTANTIATE_TEST_SUITE_P(CohereEmbedV4, EmbeddingProfiles,
                         ::testing::Values("us.cohere.embed-v4:0", "eu.cohere.embed-v4:0",
                                           "global.cohere.embed-v4:0"),
                         [](const auto& row) { return name_of(row.param); });

TEST(EmbeddingProfile, is_the_id_to_call_from_another_region) {
  EXPECT_EQ(callable_id("cohere.embed-v4:0", "eu-central-1"), "eu.cohere.embed-v4:0");
}

}  // namespace
}  // namespace llm::bedrock
