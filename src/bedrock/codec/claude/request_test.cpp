#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "bedrock/codec/claude/test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::ask;
using testing::block_of;
using testing::encode;
using testing::expect_refused;
using testing::has_warning;
using ::testing::HasSubstr;
using testing::kSomeClaude;
using testing::rest_of;

// The signature of a PNG and its header chunk with a size.
std::string png(int side) {
  std::string bytes("\x89PNG\r\n\x1A\n\x00\x00\x00\x0DIHDR", 16);
  for (int count = 0; count < 2; ++count) {
    bytes += std::string("\0\0", 2);
    bytes += static_cast<char>(side >> 8);
    bytes += static_cast<char>(side & 0xFF);
  }
  return bytes + std::string("\x08\x02\x00\x00\x00", 5);
}

TEST(ClaudeMessagesRequest, writes_a_complete_conversation) {
  ChatRequest request{
      .messages = {Message::system("Be brief."),
                   Message::user("Weather?"),
                   {Role::assistant,
                    {ReasoningContent{"Think", "sig"}, RedactedReasoningContent{"ZGF0YQ=="},
                     TextContent{"Let me see."},
                     ToolCallContent{.id = "t1",
                                     .name = "weather",
                                     .arguments = Json::from_valid_text(R"({"city":"Rome"})")}}},
                   Message::tool_result("t1", "Sunny", ToolStatus::success)},
      .max_tokens = 100,
      .temperature = 0.5,
      .top_p = 0.9,
      .tools = {{.name = "weather",
                 .description = "Tells it",
                 .parameters = Json::from_valid_text(R"({"type":"object"})"),
                 .strict = true}},
      .top_k = 40,
      .stop_sequences = {"END"}};

  const auto wire = encode(request);

  ASSERT_TRUE(wire) << wire.error().message;
  EXPECT_EQ(
      wire->body,
      R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":100,)"
      R"("system":[{"type":"text","text":"Be brief."}],"messages":[)"
      R"({"role":"user","content":[{"type":"text","text":"Weather?"}]},)"
      R"({"role":"assistant","content":[{"type":"thinking","thinking":"Think","signature":"sig"},)"
      R"({"type":"redacted_thinking","data":"ZGF0YQ=="},{"type":"text","text":"Let me see."},)"
      R"({"type":"tool_use","id":"t1","name":"weather","input":{"city":"Rome"}}]},)"
      R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t1",)"
      R"("content":[{"type":"text","text":"Sunny"}],"is_error":false}]}],)"
      R"("tools":[{"name":"weather","description":"Tells it","input_schema":{"type":"object"},)"
      R"("strict":true}],"stop_sequences":["END"],"temperature":0.5,"top_p":0.9,"top_k":40})");
  EXPECT_TRUE(wire->warnings.empty());
  EXPECT_EQ(wire->structured_output, "");
}

TEST(ClaudeMessagesRequest, writes_each_kind_of_block) {
  EXPECT_EQ(block_of(ImageContent{.source = png(9)}),
            R"({"type":"image","source":{"type":"base64","media_type":"image/png",)"
            R"("data":"iVBORw0KGgoAAAANSUhEUgAAAAkAAAAJCAIAAAA="}})");
  EXPECT_EQ(
      block_of(DocumentContent{
          .source = "%PDF-1.7", .name = "Report", .context = "last year's", .citations = true}),
      R"({"type":"document","source":{"type":"base64","media_type":"application/pdf",)"
      R"("data":"JVBERi0xLjc="},"title":"Report","context":"last year's",)"
      R"("citations":{"enabled":true}})");
  EXPECT_EQ(block_of(DocumentContent{.source = "Hi", .media_type = "text/plain"}),
            R"({"type":"document","source":{"type":"text","media_type":"text/plain",)"
            R"("data":"Hi"}})");
  EXPECT_EQ(block_of(DocumentContent{.citations = true, .passages = {"a", "b"}}),
            R"({"type":"document","source":{"type":"content","content":[)"
            R"({"type":"text","text":"a"},{"type":"text","text":"b"}]},)"
            R"("citations":{"enabled":true}})");
  EXPECT_EQ(block_of(SearchResultContent{"https://a", "A", {"x", "y"}, true}),
            R"({"type":"search_result","source":"https://a","title":"A","content":[)"
            R"({"type":"text","text":"x"},{"type":"text","text":"y"}],)"
            R"("citations":{"enabled":true}})");
  EXPECT_EQ(block_of(UnknownContent{"claude_messages", Json::from_valid_text(R"({"type":"new"})")}),
            R"({"type":"new"})");
  EXPECT_EQ(block_of(CitationsContent{"said", {Json::from_valid_text(R"({"type":"page"})")}}),
            R"({"type":"text","text":"said","citations":[{"type":"page"}]})");
}

TEST(ClaudeMessagesRequest, writes_each_kind_of_tool_result_part) {
  EXPECT_EQ(block_of(ToolResultContent{
                .tool_call_id = "t",
                .content = {Json::from_valid_text(R"({"a":1})"), ImageContent{.source = png(9)},
                            DocumentContent{.source = "Hi", .name = "a.txt"},
                            SearchResultContent{"s", "t", {}, false}},
                .status = ToolStatus::error}),
            R"({"type":"tool_result","tool_use_id":"t","content":[)"
            R"({"type":"text","text":"{\"a\":1}"},)"
            R"({"type":"image","source":{"type":"base64","media_type":"image/png",)"
            R"("data":"iVBORw0KGgoAAAANSUhEUgAAAAkAAAAJCAIAAAA="}},)"
            R"({"type":"document","source":{"type":"text","media_type":"text/plain",)"
            R"("data":"Hi"},"title":"a.txt"},)"
            R"({"type":"search_result","source":"s","title":"t","content":[]}],"is_error":true})");
  EXPECT_EQ(block_of(ToolResultContent{.tool_call_id = "t"}),
            R"({"type":"tool_result","tool_use_id":"t"})");
}

TEST(ClaudeMessagesRequest, refuses_blocks_that_the_format_lacks) {
  const Content refused[] = {VideoContent{},
                             AudioContent{},
                             GuardContent{},
                             ImageContent{.source = S3Location{"s3://b/k", ""}},
                             DocumentContent{.source = S3Location{"s3://b/k", ""}},
                             DocumentContent{.source = "PK", .media_type = "application/msword"},
                             UnknownContent{"converse", Json::empty_object()},
                             CitationsContent{"x", {Json::empty_object()}},
                             ToolResultContent{.content = {VideoContent{}}},
                             ToolResultContent{.type = "nova_code_interpreter_result"},
                             ToolCallContent{},
                             ReasoningContent{"x", "sig"}};

  for (const Content& content : refused) {
    expect_refused({.messages = {{Role::user, {TextContent{"a"}, content}}}},
                   ErrorCode::unsupported_feature, "messages[0].content[1]");
    expect_refused({.messages = {{Role::user, {TextContent{"a"}, content}}}},
                   ErrorCode::unsupported_feature, "anthropic.claude-x");
  }
}

TEST(ClaudeMessagesRequest, refuses_reasoning_without_its_signature) {
  expect_refused({.messages = {Message::user("a"), {Role::assistant, {ReasoningContent{"x", ""}}}}},
                 ErrorCode::unsupported_feature, "signature");
}

TEST(ClaudeMessagesRequest, refuses_media_in_an_assistants_message) {
  expect_refused(
      {.messages = {Message::user("a"), {Role::assistant, {ImageContent{.source = png(9)}}}}},
      ErrorCode::unsupported_feature, "user messages only");
}

TEST(ClaudeMessagesRequest, refuses_images_that_are_wrong) {
  struct Case {
    ImageContent image;
    std::string part;
  };
  const Case cases[] = {
      {{.source = "text"}, "not PNG, JPEG, GIF or WebP"},
      {{.source = png(9), .media_type = "image/jpeg"}, "its bytes are image/png"},
  };

  for (const Case& test : cases) {
    expect_refused({.messages = {{Role::user, {test.image}}}}, ErrorCode::configuration_error,
                   test.part);
  }
}

TEST(ClaudeMessagesRequest, accepts_the_jpg_alias) {
  const std::string jpeg = "\xFF\xD8\xFF\xE0";

  EXPECT_TRUE(encode(
      {.messages = {{Role::user, {ImageContent{.source = jpeg, .media_type = "image/jpg"}}}}}));
}

TEST(ClaudeMessagesRequest, refuses_documents_that_are_wrong) {
  const DocumentContent documents[] = {
      {.source = "text", .media_type = "application/pdf"},
      {.source = "\xff", .media_type = "text/plain"},
      {.source = "", .media_type = "text/plain"},
      {.source = "what", .name = "no extension"},
  };

  for (const DocumentContent& document : documents) {
    expect_refused({.messages = {{Role::user, {document}}}}, ErrorCode::configuration_error,
                   "messages[0].content[0]");
  }
}

TEST(ClaudeMessagesRequest, warns_when_a_document_is_sent_as_plain_text) {
  const auto wire = encode({.messages = {{Role::user, {DocumentContent{"a,b", "", "t.csv"}}}}});

  ASSERT_TRUE(wire);
  EXPECT_TRUE(has_warning(wire->warnings, "document_as_text"));
}

TEST(ClaudeMessagesRequest, refuses_what_the_model_cannot) {
  ModelFacts facts = kSomeClaude;
  facts.tools = Support::no;
  facts.vision = Support::no;
  facts.reasoning = Support::no;
  ChatRequest tools = ask("hi");
  tools.tools = {{.name = "f"}};
  ChatRequest reasoning = ask("hi");
  reasoning.reasoning = Reasoning{.budget_tokens = 2000};
  ChatRequest format = ask("hi");
  format.response_format = ResponseFormat{};
  const ChatRequest result{.messages = {Message::user("a"), Message::tool_result("1", "x")}};
  const ChatRequest image{.messages = {{Role::user, {ImageContent{.source = png(9)}}}}};

  for (const ChatRequest& request : {tools, reasoning, format, result, image}) {
    expect_refused(request, ErrorCode::unsupported_feature, "anthropic.claude-x", facts);
  }
}

TEST(ClaudeMessagesRequest, requires_max_tokens_when_no_limit_is_known) {
  const auto wire = testing::encode(claude_messages_codec(), ask("hi"), testing::unknown_model(),
                                    Delivery::buffered);

  ASSERT_FALSE(wire);
  EXPECT_EQ(wire.error().code, ErrorCode::configuration_error);
  EXPECT_EQ(wire.error().advice, "Set max_tokens.");
}

TEST(ClaudeMessagesRequest, merges_extra_fields) {
  ChatRequest request = ask("hi");
  request.temperature = 0.5;
  request.extra_fields = Json::from_valid_text(R"({"anthropic_beta":["b"],"temperature":1})");

  const auto wire = encode(request);

  ASSERT_TRUE(wire);
  EXPECT_THAT(wire->body, HasSubstr(R"(}],"anthropic_beta":["b"],"temperature":1})"));
  EXPECT_TRUE(has_warning(wire->warnings, "extra_field_replaces"));
}

TEST(ClaudeMessagesRequest, attaches_cache_points_to_the_preceding_block) {
  ChatRequest request{
      .messages = {{Role::system, {CachePoint{"1h"}, TextContent{"s"}, CachePoint{}}},
                   {Role::user, {TextContent{"a"}, CachePoint{"5m"}, TextContent{"b"}}},
                   Message::assistant("c"),
                   {Role::user, {CachePoint{}, TextContent{"d"}}}}};
  request.tools = {{.name = "f"}, {.name = "g"}};

  EXPECT_EQ(
      rest_of(request),
      R"("system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],)"
      R"("messages":[{"role":"user","content":[)"
      R"({"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"5m"}},)"
      R"({"type":"text","text":"b"}]},)"
      R"({"role":"assistant","content":[)"
      R"({"type":"text","text":"c","cache_control":{"type":"ephemeral"}}]},)"
      R"({"role":"user","content":[{"type":"text","text":"d"}]}],)"
      R"("tools":[{"name":"f","input_schema":{"type":"object"}},{"name":"g","input_schema":{"type":"object"},)"
      R"("cache_control":{"type":"ephemeral","ttl":"1h"}}])");
}

TEST(ClaudeMessagesRequest, refuses_cache_points_without_effect) {
  const ChatRequest first{.messages = {{Role::user, {CachePoint{}, TextContent{"a"}}}}};
  const ChatRequest twice{
      .messages = {{Role::user, {TextContent{"a"}, CachePoint{}, CachePoint{}}}}};
  const ChatRequest alone{.messages = {Message::user("a"), {Role::assistant, {CachePoint{}}}}};
  const ChatRequest thought{
      .messages = {Message::user("a"),
                   {Role::assistant, {ReasoningContent{"x", "s"}, CachePoint{}}}}};
  const ChatRequest ttl{.messages = {{Role::user, {TextContent{"a"}, CachePoint{"2h"}}}}};

  expect_refused(first, ErrorCode::invalid_request_error, "nothing before it");
  expect_refused(twice, ErrorCode::invalid_request_error, "messages[0].content[2]");
  expect_refused(alone, ErrorCode::invalid_request_error, "messages[1].content[0]");
  expect_refused(thought, ErrorCode::unsupported_feature, "reasoning");
  expect_refused(ttl, ErrorCode::configuration_error, "ttl");
}

}  // namespace
}  // namespace llm::bedrock
