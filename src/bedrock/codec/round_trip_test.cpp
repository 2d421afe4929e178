// What a model wrote is sent back to it unchanged.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/base64.hpp"
#include "bedrock/codec/converse/test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::sorted;

// A picture of one black point, made by hand from the PNG specification.
constexpr std::string_view kPng =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+"
    "M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

constexpr std::string_view kClaudeContent = R"([
  {"type":"thinking","thinking":"First the sky.","signature":"RXhhbXBsZS9zaWduYXR1cmU+PQ==","new":1},
  {"type":"redacted_thinking","data":"ZW5jcnlwdGVk+/8="},
  {"type":"text","text":"Let me look.","citations":[{"type":"char_location","cited_text":"blue"}]},
  {"type":"text","text":"And think.","annotations":[{"a":"b"}]},
  {"type":"tool_use","id":"toolu_01A-b","name":"look","input":{"where":"up","n":[1,2.5,null]},
   "caller":{"type":"direct"}},
  {"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"sky"}},
  {"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[{"url":"u"}]}])";

constexpr std::string_view kConverseContent = R"([
  {"reasoningContent":{"reasoningText":{"text":"First the sky.","signature":"RXhhbXBsZS9zaWduYXR1cmU+PQ==","new":1}}},
  {"reasoningContent":{"redactedContent":"ZW5jcnlwdGVk+/8="}},
  {"text":"Let me look."},
  {"citationsContent":{"content":[{"text":"It is blue."}],
    "citations":[{"title":"T","location":{"documentChar":{"documentIndex":0,"start":1,"end":2}}}],"more":true}},
  {"toolUse":{"toolUseId":"tooluse_A-1.b:c","name":"look","input":{"where":"up","n":[1,2.5,null]},"hint":{"x":1}}},
  {"toolUse":{"toolUseId":"t2","name":"run","input":{},"type":"server_tool_use"}},
  {"toolResult":{"toolUseId":"t2","content":[{"text":"x"},{"json":{"exit":1}}],"status":"error","type":"run_result"}},
  {"toolResult":{"toolUseId":"t2","content":[{"text":"x"}],"unheard":"of"}},
  {"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="}}},
  {"hologram":{"depth":3}}])";

/// The content of a response after it became the history of the next request.
std::string content_sent_back(const Codec& codec, std::string_view response,
                              std::string_view first_call) {
  const ModelFacts facts{.base_id = "vendor.thinker-v1", .max_output_tokens = 4096};
  const auto decoded = codec.decode({.status = 200}, response);
  EXPECT_TRUE(decoded) << decoded.error().message;
  if (!decoded) return {};
  ImageContent image;
  EXPECT_TRUE(base::append_base64_decoded(kPng, image.source.emplace<std::string>()));
  ChatRequest next = testing::ask("What do you see?");
  next.messages.front().content.emplace_back(image);
  next.messages.push_back(decoded->choices.front().message);
  next.messages.push_back(Message::tool_result(std::string(first_call), "A bird."));
  next.tools = {{.name = "look", .parameters = Json::from_valid_text(R"({"type":"object"})")}};

  const auto wire = testing::encode(codec, next, testing::model_with(facts), Delivery::buffered);

  EXPECT_TRUE(wire) << wire.error().message;
  if (!wire) return {};
  json::Parser parser;
  const auto root = parser.parse(wire->body);
  std::string sent;
  for (const json::Value message : (*root)["messages"].elements()) {
    if (message["role"].string() == "assistant") sent = sorted(message["content"].to_text());
  }
  return sent;
}

TEST(RoundTrip, preserves_all_of_a_native_claude_response) {
  const std::string response =
      R"({"type":"message","id":"m","role":"assistant","stop_reason":"tool_use",)"
      R"("usage":{"input_tokens":1,"output_tokens":1},"content":)" +
      std::string(kClaudeContent) + "}";

  EXPECT_EQ(content_sent_back(claude_messages_codec(), response, "toolu_01A-b"),
            sorted(kClaudeContent));
}

TEST(RoundTrip, preserves_all_of_a_converse_response) {
  const std::string response = R"({"output":{"message":{"role":"assistant","content":)" +
                               std::string(kConverseContent) +
                               R"(}},"stopReason":"tool_use","metrics":{"latencyMs":1},)"
                               R"("usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}})";

  EXPECT_EQ(content_sent_back(converse_codec(), response, "tooluse_A-1.b:c"),
            sorted(kConverseContent));
}

TEST(RoundTrip, leaves_members_of_text_out_of_a_text_form_with_a_warning) {
  const ModelFacts facts{
      .base_id = "meta.l", .wire_format = WireFormat::llama3, .max_output_tokens = 10};
  const UnknownMembers unknown{.wire_format = "claude_messages",
                               .members = Json::from_valid_text(R"({"x":1})")};
  const Content cases[] = {TextContent{.text = "Hi.", .unknown = unknown},
                           CitationsContent{.text = "Hi.", .unknown = unknown}};
  for (const Content& content : cases) {
    ChatRequest request = testing::ask("Hello");
    request.messages.push_back({.role = Role::assistant, .content = {content}});
    request.messages.push_back(Message::user("Go on"));

    const auto wire =
        testing::encode(llama_codec(), request, testing::model_with(facts), Delivery::buffered);

    ASSERT_TRUE(wire) << wire.error().message;
    EXPECT_TRUE(testing::has_warning(wire->warnings, "unknown_members"));
  }
}

TEST(RoundTrip, sends_members_of_guarded_text_back_or_warns) {
  const auto wire_of = [](std::string format) {
    ChatRequest request = testing::ask("Hello");
    request.messages.front().content = {GuardContent{
        .content = TextContent{.text = "g",
                               .unknown = {.wire_format = std::move(format),
                                           .members = Json::from_valid_text(R"({"x":1})")}}}};
    return testing::encode(converse_codec(), request, testing::unknown_model(), Delivery::buffered);
  };

  const auto own = wire_of("converse");
  const auto foreign = wire_of("claude_messages");

  ASSERT_TRUE(own && foreign);
  EXPECT_NE(own->body.find(R"({"text":"g","x":1})"), std::string::npos) << own->body;
  EXPECT_FALSE(testing::has_warning(own->warnings, "unknown_members"));
  EXPECT_TRUE(testing::has_warning(foreign->warnings, "unknown_members"));
}

TEST(RoundTrip, leaves_members_of_another_form_out_with_a_warning) {
  const ModelFacts facts{.base_id = "vendor.m-v1", .max_output_tokens = 10};
  ChatRequest request = testing::ask("Hello");
  request.messages.push_back({.role = Role::assistant,
                              .content = {TextContent{.text = "Hi.",
                                                      .unknown = {.wire_format = "claude_messages",
                                                                  .members = Json::from_valid_text(
                                                                      R"({"annotations":[]})")}}}});
  request.messages.push_back(Message::user("Go on"));

  const auto wire =
      testing::encode(converse_codec(), request, testing::model_with(facts), Delivery::buffered);

  ASSERT_TRUE(wire) << wire.error().message;
  EXPECT_EQ(wire->body.find("annotations"), std::string::npos);
  EXPECT_TRUE(testing::has_warning(wire->warnings, "unknown_members"));
}

}  // namespace
}  // namespace llm::bedrock
