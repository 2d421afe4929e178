// The strict local Bedrock refuses what the lint rules predict, with the refusal that the rule
// quotes.

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/bedrock/lint.hpp>
#include <llm/llm.hpp>
#include <llm/local/server.hpp>

#include "base/percent.hpp"
#include "json/reader.hpp"
#include "local/http/testing/raw_socket.hpp"
#include "tests/support/client_options.hpp"

namespace llm {
namespace {

const std::string kClaude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const std::string kNova = "us.amazon.nova-2-lite-v1:0";

struct Case {
  std::string rule;
  std::string model;
  ChatRequest request;
};

bool is_word(std::string_view text, std::size_t at) {
  return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
}

// Whether `message` contains the refusal, in which a separate N matches any text.
bool contains_refusal(std::string_view message, std::string_view refusal) {
  std::size_t from = 0;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= refusal.size(); ++at) {
    const bool is_end = at == refusal.size();
    const bool is_gap = !is_end && refusal[at] == 'N' && !is_word(refusal, at + 1) &&
                        (at == 0 || !is_word(refusal, at - 1));
    if (!is_end && !is_gap) continue;
    const std::size_t found = message.find(refusal.substr(begin, at - begin), from);
    if (found == std::string_view::npos) return false;
    from = found + (at - begin);
    begin = at + 1;
  }
  return true;
}

Message calling(std::string id) {
  return {Role::assistant, {ToolCallContent{.id = std::move(id), .name = "look"}}};
}

Tool look(std::string schema) {
  return {.name = "look", .parameters = Json::from_valid_text(std::move(schema))};
}

std::vector<Case> cases() {
  const Tool tool = look(R"({"type":"object"})");
  const Message question = Message::user("a");
  const VideoContent video{.source = S3Location{"s3://bucket/film.mp4"}, .format = "mp4"};
  const DocumentContent document{.source = "a", .media_type = "text/plain", .name = "a.txt"};
  Tool strict = tool;
  strict.strict = true;
  const ResponseFormat limited{
      .schema = Json::from_valid_text(
          R"({"type":"object","properties":{"a":{"type":"array","maxItems":3}},)"
          R"("additionalProperties":false})")};
  DocumentContent good_document = document;
  good_document.name = "a";
  return {
      {"first_message_role", kNova, {.messages = {Message::assistant("a"), question}}},
      {"last_message_role",
       "us.anthropic.claude-sonnet-4-6",
       {.messages = {question, Message::assistant("b")}}},
      {"system_messages",
       "amazon.titan-text-express-v1",
       {.messages = {Message::system("s"), question}}},
      {"blank_text", kNova, {.messages = {Message::user(" ")}}},
      {"tools_missing",
       kNova,
       {.messages = {question, calling("1"), Message::tool_result("1", "b")}}},
      {"tool_schema_type", kNova, {.messages = {question}, .tools = {look("{}")}}},
      {"tool_choice_name",
       kNova,
       {.messages = {question},
        .tools = {tool},
        .tool_choice = {.kind = ToolChoice::Kind::one, .name = "other"}}},
      {"tool_result_missing",
       kNova,
       {.messages = {question, calling("1"), Message::user("b")}, .tools = {tool}}},
      {"tool_result_unasked",
       kNova,
       {.messages = {Message::tool_result("1", "b")}, .tools = {tool}}},
      {"tool_result_video",
       kNova,
       {.messages = {question,
                     calling("1"),
                     {Role::tool, {ToolResultContent{.tool_call_id = "1", .content = {video}}}}},
        .tools = {tool}}},
      {"media_kind", kClaude, {.messages = {{Role::user, {TextContent{"a"}, video}}}}},
      {"s3_source",
       kClaude,
       {.messages = {{Role::user,
                      {TextContent{"a"},
                       ImageContent{.source = S3Location{"s3://bucket/photo.png"}}}}}}},
      {"document_name", kNova, {.messages = {{Role::user, {TextContent{"a"}, document}}}}},
      {"document_text", kNova, {.messages = {{Role::user, {good_document}}}}},
      {"temperature_or_top_p", kClaude, {.messages = {question}, .temperature = 0.5, .top_p = 0.5}},
      {"no_sampling", "us.anthropic.claude-opus-4-7", {.messages = {question}, .temperature = 0.5}},
      {"thinking_off",
       "us.anthropic.claude-fable-5",
       {.messages = {question}, .reasoning = Reasoning{.enabled = false}}},
      {"effort",
       "us.anthropic.claude-opus-4-5-20251101-v1:0",
       {.messages = {question},
        .max_tokens = 2000,
        .reasoning = Reasoning{.budget_tokens = 1024, .effort = "max"}}},
      {"thinking_tool_choice",
       kClaude,
       {.messages = {question},
        .max_tokens = 2000,
        .tools = {tool},
        .tool_choice = {.kind = ToolChoice::Kind::any},
        .reasoning = Reasoning{.budget_tokens = 1024}}},
      {"tool_choice_kind",
       "us.anthropic.claude-opus-5-5",
       {.messages = {question}, .tools = {tool}, .tool_choice = {.kind = ToolChoice::Kind::any}}},
      {"strict_tools", "us.anthropic.claude-opus-5-5", {.messages = {question}, .tools = {strict}}},
      {"schema_open", kClaude, {.messages = {question}, .tools = {strict}}},
      {"schema_keywords", kClaude, {.messages = {question}, .response_format = limited}},
      {"document_support",
       "us.amazon.nova-micro-v1:0",
       {.messages = {{Role::user, {TextContent{"a"}, good_document}}}}},
      {"max_tokens_limit", kNova, {.messages = {question}, .max_tokens = 10'000'000}},
  };
}

TEST(LintAgainstLocal, predicts_the_refusals_of_the_local_bedrock) {
  const auto server = local::Server::start();
  ASSERT_TRUE(server);
  bedrock::Options options =
      test_support::options_at(server->url(), {.api = bedrock::Api::converse});

  for (const Case& test : cases()) {
    options.model = test.model;
    options.lint = bedrock::Lint::off;
    const auto sent = bedrock::create_client(options)->chat_completion(test.request);
    options.lint = bedrock::Lint::refuse;
    const auto refused = bedrock::create_client(options)->chat_completion(test.request);

    const auto rule = std::ranges::find(bedrock::lint_rules(), test.rule, &bedrock::LintRule::id);
    ASSERT_NE(rule, bedrock::lint_rules().end()) << test.rule;
    ASSERT_FALSE(sent) << test.rule;
    EXPECT_EQ(sent.error().status_code, 400) << test.rule;
    EXPECT_TRUE(contains_refusal(sent.error().message, rule->refusal))
        << test.rule << ": " << sent.error().message;
    ASSERT_FALSE(refused) << test.rule;
    EXPECT_EQ(refused.error().attempts, 0) << test.rule;
    EXPECT_NE(refused.error().message.find("(" + test.rule + ")"), std::string::npos)
        << refused.error().message;
  }
}

/// A body of Converse that breaks a rule.
struct Violation {
  std::string rule{};  ///< Also the name of the test.
  std::string model{};
  std::string body{};

  friend void PrintTo(const Violation& row, std::ostream* out) { *out << row.rule; }
};

std::string conversation(const std::string& content, const std::string& more = "") {
  return R"({"messages":[{"role":"user","content":[)" + content + "]}" + more + "}";
}
std::string with(const std::string& members) { return "]," + members; }

std::string repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) {
    std::string one = text;
    if (const auto at = one.find('#'); at != std::string::npos)
      one.replace(at, 1, std::to_string(i));
    all += (i > 0 ? "," : "") + one;
  }
  return all;
}

std::vector<Violation> violations() {
  const std::string text = R"({"text":"a"})";
  const std::string point = R"({"cachePoint":{"type":"default"}})";
  const std::string document =
      R"({"document":{"format":"txt","name":"n#","source":{"bytes":"aGk="}}})";
  const std::string tool_use = R"({"toolUse":{"toolUseId":"1","name":"t","input":{}}})";
  const std::string tools =
      R"("toolConfig":{"tools":[{"toolSpec":{"name":"t","inputSchema":{"json":{"type":"object"}}}}]})";
  const std::string budget =
      R"("additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":2000}})";
  const auto assistant = [&](const std::string& content, const std::string& more = "") {
    return conversation(text, R"(,{"role":"assistant","content":[)" + content + "]}" + more);
  };
  return {
      {"cache_points", kClaude, conversation(repeated(text + "," + point, 5), "]")},
      {"cache_ttl_order", kClaude,
       conversation(
           text + "," + point + "," + text + R"(,{"cachePoint":{"type":"default","ttl":"1h"}})",
           "]")},
      {"cache_after_reasoning", kClaude,
       assistant(R"({"reasoningContent":{"redactedContent":"aGk="}},)" + point + "," + text, "]")},
      {"cache_after_document", kClaude,
       conversation(text + "," + repeated(document, 1) + "," + point, "]")},
      {"document_names_unique", kNova,
       conversation(text + R"(,{"document":{"format":"txt","name":"n","source":{"bytes":"aGk="}}},)"
                           R"({"document":{"format":"txt","name":"n","source":{"bytes":"aGk="}}})",
                    "]")},
      {"document_count", kNova, conversation(text + "," + repeated(document, 6), "]")},
      {"metadata", kNova, conversation(text, with(R"("requestMetadata":{"a?":"b"})"))},
      {"response_fields", kNova,
       conversation(text, with(R"("additionalModelResponseFieldPaths":["a"])"))},
      {"thinking_budget", kClaude,
       conversation(text, with(R"("inferenceConfig":{"maxTokens":1500},)" + budget))},
      {"thinking_sampling", kClaude,
       conversation(text,
                    with(R"("inferenceConfig":{"maxTokens":3000,"temperature":0.5},)" + budget))},
      {"reasoning_signature", kClaude,
       assistant(R"({"reasoningContent":{"reasoningText":{"text":"a"}}},)" + text, "]")},
      {"reasoning_signature_foreign", kNova,
       assistant(R"({"reasoningContent":{"reasoningText":{"text":"a","signature":"b"}}},)" + text,
                 "]")},
      {"trailing_space", kClaude, assistant(R"({"text":"b "})", "]")},
      {"stop_sequence_blank", kClaude,
       conversation(text, with(R"("inferenceConfig":{"stopSequences":["\n"]})"))},
      {"tool_name", kNova,
       conversation(
           text,
           with(
               R"("toolConfig":{"tools":[{"toolSpec":{"name":"t.","inputSchema":{"json":{}}}}]})"))},
      {"tool_schema_union", kClaude,
       conversation(text, with(R"("toolConfig":{"tools":[{"toolSpec":{"name":"t","inputSchema":)"
                               R"({"json":{"type":"object","anyOf":[]}}}}]})"))},
      {"tool_block_role", kClaude, conversation(tool_use, with(tools))},
      {"tool_call_ids_unique", kClaude, assistant(tool_use + "," + tool_use, with(tools))},
  };
}

class LintTwin : public ::testing::TestWithParam<Violation> {};

TEST_P(LintTwin, is_refused_by_the_local_bedrock_in_the_words_of_the_rule) {
  const Violation& violation = GetParam();
  local::ServerOptions options;
  options.verify_signatures = false;
  const auto server = local::Server::start(std::move(options));
  ASSERT_TRUE(server);
  local::test::RawSocket socket(server->port());
  socket.send("POST /model/" + base::percent_encode(violation.model) +
              "/converse HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: " +
              std::to_string(violation.body.size()) + "\r\n\r\n" + violation.body);

  const std::string reply = socket.read_to_end();

  const auto rule =
      std::ranges::find(bedrock::lint_rules(), violation.rule, &bedrock::LintRule::id);
  ASSERT_NE(rule, bedrock::lint_rules().end());
  json::Parser parser;
  const auto body = parser.parse(reply.substr(reply.find("\r\n\r\n") + 4));
  ASSERT_TRUE(body) << reply;
  EXPECT_TRUE(reply.starts_with("HTTP/1.1 400 ")) << reply;
  EXPECT_TRUE(contains_refusal((*body)["message"].text_or_empty(), rule->refusal)) << reply;
}

INSTANTIATE_TEST_SUITE_P(All, LintTwin, ::testing::ValuesIn(violations()),
                         [](const auto& row) { return row.param.rule; });

}  // namespace
}  // namespace llm
