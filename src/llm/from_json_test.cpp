#include "llm/from_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <llm/request_json.hpp>

#include "tests/support/json_page.hpp"

namespace llm {
namespace {

using test_support::examples_under;
using test_support::minified;
using ::testing::HasSubstr;

Json json(std::string text) { return Json::from_valid_text(std::move(text)); }

// Every member is set.
ChatRequest whole_request() {
  return {.model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
          .messages = {Message::system("Be brief."), Message::user("Weather in Oslo?")},
          .max_tokens = 1000,
          .temperature = 0.5,
          .top_p = 0.25,
          .tools = {{.name = "get_weather",
                     .description = "Returns the weather of a city.",
                     .parameters = json(R"({"type":"object"})"),
                     .strict = true}},
          .tool_choice = {.kind = ToolChoice::Kind::one,
                          .name = "get_weather",
                          .parallel_calls = false},
          .top_k = 50,
          .stop_sequences = {"END"},
          .response_format = ResponseFormat{.schema = json(R"({"type":"object"})"),
                                            .name = "weather",
                                            .description = "The weather."},
          .reasoning = Reasoning{.budget_tokens = 2048, .effort = "high"},
          .guardrail =
              Guardrail{.id = "g1", .version = "DRAFT", .trace = "enabled", .stream_mode = "sync"},
          .service_tier = "flex",
          .latency = "optimized",
          .metadata = {{"team", "search"}},
          .prompt_variables = {{"city", "Oslo"}},
          .extra_fields = json(R"({"anthropic_beta":["b"]})"),
          .extra_response_fields = {"/stop_sequence"}};
}

Message every_content() {
  const ToolResultContent result{
      .tool_call_id = "t1",
      .content = {TextContent{"a"}, json(R"({"hits":2})"), ImageContent{.source = "i"},
                  DocumentContent{.source = "d"}, VideoContent{.source = "v"},
                  SearchResultContent{.source = "s"}},
      .status = ToolStatus::error,
      .type = "x"};
  return {Role::assistant,
          {TextContent{"Hello", {"converse", json(R"({"x":1})")}},
           ImageContent{.source = std::string("\0\xff", 2), .media_type = "image/png"},
           DocumentContent{.source = S3Location{"s3://b/k", "123456789012"},
                           .media_type = "application/pdf",
                           .name = "n",
                           .context = "c",
                           .citations = true},
           VideoContent{.source = S3Location{"s3://b/k"}, .format = "mp4"},
           AudioContent{.source = "sound", .format = "wav"},
           ToolCallContent{.id = "t1",
                           .name = "f",
                           .arguments = json(R"({"a":[1]})"),
                           .type = "x",
                           .unknown = {"claude_messages", json(R"({"caller":{}})")}},
           result, ReasoningContent{"r", "s"}, RedactedReasoningContent{"ZGF0YQ=="},
           CitationsContent{"c", {json(R"({"title":"t"})")}},
           SearchResultContent{.source = "u", .title = "t", .content = {"p"}, .citations = true},
           CachePoint{"1h"}, GuardContent{.content = TextContent{"g"}, .qualifiers = {"query"}},
           UnknownContent{"converse", json(R"({"h":{}})")}}};
}

TEST(ChatRequestJson, is_shown_on_the_page_as_it_is_printed_and_read) {
  const auto examples = examples_under("Request");
  ASSERT_EQ(examples.size(), 2U);

  EXPECT_EQ(to_json(whole_request()), minified(examples[0]));
  const auto brief = chat_request_from_json(examples[1]);
  ASSERT_TRUE(brief) << brief.error().message;
  EXPECT_EQ(brief->messages,
            (std::vector{Message::system("Be brief."), Message::user("Weather in Oslo?")}));
  EXPECT_EQ(brief->tool_choice.kind, ToolChoice::Kind::unspecified);
}

TEST(ChatRequestJson, reads_every_member_back) {
  const std::string text = to_json(whole_request());

  const auto request = chat_request_from_json(text);

  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(to_json(*request), text);
  EXPECT_EQ(request->reasoning->budget_tokens, 2048);
  EXPECT_EQ(request->tools, whole_request().tools);
}

TEST(ChatRequestJson, reads_every_kind_of_content_back) {
  const ChatRequest request{.messages = {every_content(), {Role::tool, {CachePoint{}}}}};
  ASSERT_EQ(every_content().content.size(), std::variant_size_v<Content>);

  const auto read = chat_request_from_json(to_json(request));

  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->messages, request.messages);
}

TEST(ChatRequestJson, reads_a_tool_of_the_services_own_back) {
  const ChatRequest request{.tools = {{.name = "nova_code_interpreter", .system = true}}};

  const auto read = chat_request_from_json(to_json(request));

  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->tools, request.tools);
}

TEST(ChatRequestJson, takes_what_is_left_out_or_null_as_not_set) {
  const auto empty = chat_request_from_json("{}");
  const auto null = chat_request_from_json(R"({"model":null,"messages":[],"reasoning":null})");

  ASSERT_TRUE(empty && null);
  EXPECT_EQ(to_json(*empty), to_json(ChatRequest{}));
  EXPECT_EQ(to_json(*null), to_json(ChatRequest{}));
}

TEST(ChatRequestJson, names_the_member_that_is_wrong) {
  struct Case {
    std::string text;
    std::string part;
  };
  const std::vector<Case> cases = {
      {"[]", "the text must be a JSON object"},
      {"{", "the request is "},
      {R"({"mesages":[]})", "mesages is not a member; there are model, messages, "},
      {R"({"max_tokens":1.5})", "max_tokens must be a whole number"},
      {R"({"max_tokens":3000000000})", "max_tokens must be a whole number"},
      {R"({"top_p":"x"})", "top_p must be a number"},
      {R"({"stop_sequences":"x"})", "stop_sequences must be an array of texts"},
      {R"({"metadata":{"a":1}})", "metadata must be an object of texts"},
      {R"({"extra_fields":[]})", "extra_fields must be a JSON object"},
      {R"({"reasoning":{"budget":1}})", "reasoning.budget is not a member"},
      {R"({"reasoning":{"enabled":1}})", "reasoning.enabled must be true or false"},
      {R"({"tool_choice":{"kind":"maybe"}})", "tool_choice.kind must be one of"},
      {R"({"tools":[{}]})", "tools[0].name is missing"},
      {R"({"messages":{}})", "messages must be an array"},
      {R"({"messages":[{"content":"a"}]})", "messages[0].role is missing"},
      {R"({"messages":[{"role":"bot","content":"a"}]})", "messages[0].role must be one of"},
      {R"({"messages":[{"role":"user"}]})", "messages[0].content must be a text or an array"},
      {R"({"messages":[{"role":"user","content":[1]}]})", "messages[0].content[0] must be"},
      {R"({"messages":[{"role":"user","content":[{"type":"x"}]}]})",
       "messages[0].content[0].type must be one of \"text\""},
      {R"({"messages":[{"role":"user","content":[{"type":"text","txt":"a"}]}]})",
       "messages[0].content[0].txt is not a member; there are type, text"},
      {R"({"messages":[{"role":"user","content":[{"type":"image"}]}]})",
       "messages[0].content[0].data must be there"},
      {R"({"messages":[{"role":"user","content":[{"type":"image","data":"?"}]}]})",
       "messages[0].content[0].data must be base64"},
      {R"({"messages":[{"role":"user","content":[{"type":"image","s3":{"url":"a"}}]}]})",
       "messages[0].content[0].s3.url is not a member"},
      {R"({"messages":[{"role":"tool","content":[{"type":"tool_result","status":"ok"}]}]})",
       "messages[0].content[0].status must be"},
      {R"({"messages":[{"role":"tool","content":[{"type":"tool_result","content":[{"type":"guard"}]}]}]})",
       "messages[0].content[0].content[0]"},
      {R"({"messages":[{"role":"assistant","content":"a","tool_calls":[{}]}]})",
       "messages[0].tool_calls repeats"},
  };
  for (const Case& test : cases) {
    const auto request = chat_request_from_json(test.text);

    ASSERT_FALSE(request) << test.text;
    EXPECT_EQ(request.error().code, ErrorCode::configuration_error) << test.text;
    EXPECT_THAT(request.error().message, HasSubstr(test.part));
  }
}

}  // namespace
}  // namespace llm
