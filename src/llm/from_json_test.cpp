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
using ::testing::StartsWith;

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
          .extra_response_fields = {"/stop_sequence"},
          .project = "search"};
}

Message every_content() {
  const ToolResultContent result{
      .tool_call_id = "t1",
      .content = {TextContent{"a"}, json(R"({"hits":2})"), ImageContent{.source = "i"},
                  DocumentContent{.source = "d"}, VideoContent{.source = "v"},
                  SearchResultContent{.source = "s"}},
      .status = ToolStatus::error,
      .type = "x"};
  return {
      Role::assistant,
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
       ToolAdditionContent{{.type = "t", .name = "f", .server_name = "s"}},
       ToolRemovalContent{{.name = "f"}}, UnknownContent{"converse", json(R"({"h":{}})"), true}}};
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

TEST(ChatRequestJson, reads_other_documents_and_arguments_back) {
  const Message message{
      Role::assistant,
      {DocumentContent{.name = "p", .passages = {"a", "b"}},
       DocumentContent{.name = "q", .passages = {"a"}, .as_text = true},
       DocumentContent{.source = "t", .media_type = "text/plain", .as_text = true},
       ToolCallContent{.id = "t2", .name = "f", .arguments = json(R"("Oslo")")},
       ToolCallContent{.id = "t3", .name = "f", .arguments = json("null")},
       ToolResultContent{.tool_call_id = "t4", .content = {json("null")}}}};

  const auto request = chat_request_from_json(to_json(ChatRequest{.messages = {message}}));

  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->messages, std::vector{message});
}

TEST(ChatRequestJson, reads_a_system_tool_back) {
  const ChatRequest request{.tools = {{.name = "nova_code_interpreter", .system = true}}};

  const auto read = chat_request_from_json(to_json(request));

  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->tools, request.tools);
}

TEST(ChatRequestJson, leaves_unset_what_is_left_out_or_null) {
  const auto empty = chat_request_from_json("{}");
  const auto null = chat_request_from_json(R"({"model":null,"messages":[],"reasoning":null})");

  ASSERT_TRUE(empty && null);
  EXPECT_EQ(to_json(*empty), to_json(ChatRequest{}));
  EXPECT_EQ(to_json(*null), to_json(ChatRequest{}));
}

struct WrongRequest {
  std::string name;
  std::string text;
  std::string message;  ///< Its beginning.
  std::string advice;   ///< Its beginning; empty: there is none.
};

class ChatRequestJsonError : public testing::TestWithParam<WrongRequest> {};

TEST_P(ChatRequestJsonError, names_the_member_that_is_wrong) {
  const WrongRequest& row = GetParam();

  const auto request = chat_request_from_json(row.text);

  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(request.error().message, StartsWith(row.message));
  EXPECT_THAT(request.error().advice, StartsWith(row.advice));
  EXPECT_EQ(request.error().advice.empty(), row.advice.empty());
}

INSTANTIATE_TEST_SUITE_P(
    ChatRequestJson, ChatRequestJsonError,
    testing::ValuesIn(std::vector<WrongRequest>{
        {"array", R"([])", R"(The text must be a JSON object.)", ""},
        {"no_json", R"({)", R"(The request cannot be parsed. )", ""},
        {"unknown_member", R"({"mesages":[]})", R"(mesages is not a known member.)",
         "The members are model, messages, max_tokens,"},
        {"member_that_occurs_twice", R"({"top_p":0.5,"top_k":1,"top_p":0.9})",
         R"(top_p occurs twice.)", ""},
        {"name_that_occurs_twice", R"({"metadata":{"a":"1","a":"2"}})",
         R"(metadata.a occurs twice.)", ""},
        {"fraction_for_a_count", R"({"max_tokens":1.5})", R"(max_tokens must be a whole number.)",
         ""},
        {"count_beyond_32_bits", R"({"max_tokens":3000000000})",
         R"(max_tokens must be a whole number.)", ""},
        {"string_for_a_number", R"({"top_p":"x"})", R"(top_p must be a number.)", ""},
        {"string_for_an_array", R"({"stop_sequences":"x"})",
         R"(stop_sequences must be an array of strings.)", ""},
        {"number_for_a_string", R"({"metadata":{"a":1}})",
         R"(metadata must be an object of strings.)", ""},
        {"array_for_an_object", R"({"extra_fields":[]})", R"(extra_fields must be a JSON object.)",
         ""},
        {"unknown_nested_member", R"({"reasoning":{"budget":1}})",
         R"(reasoning.budget is not a known member.)",
         "The members are budget_tokens, effort, enabled."},
        {"number_for_a_flag", R"({"reasoning":{"enabled":1}})",
         R"(reasoning.enabled must be true or false.)", ""},
        {"unknown_tool_choice", R"({"tool_choice":{"kind":"maybe"}})",
         R"(tool_choice.kind must be one of "auto", "any", "one", "none".)", ""},
        {"tool_without_a_name", R"({"tools":[{}]})", R"(tools[0].name is missing.)", ""},
        {"messages_that_are_no_array", R"({"messages":{}})", R"(messages must be an array.)", ""},
        {"message_without_a_role", R"({"messages":[{"content":"a"}]})",
         R"(messages[0].role is missing.)", ""},
        {"unknown_role", R"({"messages":[{"role":"bot","content":"a"}]})",
         R"(messages[0].role must be one of "system", "user", "assistant", "tool".)", ""},
        {"message_without_content", R"({"messages":[{"role":"user"}]})",
         R"(messages[0].content must be a string or an array of content blocks.)", ""},
        {"number_for_a_block", R"({"messages":[{"role":"user","content":[1]}]})",
         R"(messages[0].content[0] must be a JSON object.)", ""},
        {"unknown_block", R"({"messages":[{"role":"user","content":[{"type":"x"}]}]})",
         R"(messages[0].content[0].type must be one of "text", )", ""},
        {"unknown_member_of_a_block",
         R"({"messages":[{"role":"user","content":[{"type":"text","txt":"a"}]}]})",
         R"(messages[0].content[0].txt is not a known member.)",
         "The members are type, text, unknown."},
        {"image_without_data", R"({"messages":[{"role":"user","content":[{"type":"image"}]}]})",
         R"(messages[0].content[0].data is missing.)", "Set either data or s3."},
        {"image_with_data_and_s3",
         R"({"messages":[{"role":"user","content":[{"type":"image","data":"","s3":{"uri":"a"}}]}]})",
         R"(messages[0].content[0].data and s3 exclude each other.)", "Set either data or s3."},
        {"data_that_is_not_base64",
         R"({"messages":[{"role":"user","content":[{"type":"image","data":"?"}]}]})",
         R"(messages[0].content[0].data must be base64 with padding.)", ""},
        {"unknown_member_of_a_location",
         R"({"messages":[{"role":"user","content":[{"type":"image","s3":{"url":"a"}}]}]})",
         R"(messages[0].content[0].s3.url is not a known member.)",
         "The members are uri, bucket_owner."},
        {"unknown_status",
         R"({"messages":[{"role":"tool","content":[{"type":"tool_result","status":"ok"}]}]})",
         R"(messages[0].content[0].status must be "success" or "error".)", ""},
        {"guard_in_a_tool_result",
         R"({"messages":[{"role":"tool","content":[{"type":"tool_result","content":[{"type":"guard"}]}]}]})",
         R"(messages[0].content[0].content[0])", ""},
        {"cache_point_in_a_tool_result",
         R"({"messages":[{"role":"tool","content":[{"type":"tool_result","content":[{"type":"cache_point"}]}]}]})",
         R"(messages[0].content[0].content[0].type is not supported in a tool result.)",
         "Use text, json, image, document, video or search_result."},
        {"tool_calls_without_content",
         R"({"messages":[{"role":"assistant","content":"a","tool_calls":[{}]}]})",
         R"(messages[0].tool_calls has calls that content lacks.)",
         "Add them to content as blocks of type tool_call."},
    }),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace llm
