#include "bedrock/codec/count_tokens.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/base64.hpp"
#include "bedrock/codec/converse/test_support.hpp"
#include "tests/support/recorded.hpp"

namespace llm::bedrock {
namespace {

constexpr int kExchanges = 3;

std::string native_body(const WireRequest& wire) {
  json::Parser parser;
  const auto root = parser.parse(wire.body);
  std::string body;
  EXPECT_TRUE(root && base::append_base64_decoded(
                          (*root)["input"]["invokeModel"]["body"].text_or_empty(), body));
  return body;
}

TEST(CountTokens, sends_a_native_body_as_it_is) {
  const WireRequest wire = encode_count_tokens({.operation = Operation::invoke_model,
                                                .headers = {{"X-Amzn-Bedrock-Trace", "ENABLED"}},
                                                .body = R"({"max_tokens":1})",
                                                .warnings = {{"system_moved", "moved"}}});

  EXPECT_EQ(wire.operation, Operation::count_tokens);
  EXPECT_EQ(wire.headers.size(), 2U);
  EXPECT_EQ(wire.body, R"({"input":{"invokeModel":{"body":"eyJtYXhfdG9rZW5zIjoxfQ=="}}})");
  EXPECT_TRUE(testing::has_warning(wire.warnings, "system_moved"));
}

TEST(CountTokens, sends_of_converse_what_is_counted) {
  const WireRequest wire = encode_count_tokens(
      {.operation = Operation::converse,
       .body = R"({"messages":[{"role":"user","content":[{"text":"x"}]}],)"
               R"("inferenceConfig":{"maxTokens":5},"toolConfig":{"tools":[]},)"
               R"("additionalModelRequestFields":{"top_k":1},"system":[{"text":"s"}],)"
               R"("guardrailConfig":{"guardrailIdentifier":"g"}})"});

  EXPECT_EQ(wire.body,
            R"({"input":{"converse":{"messages":[{"role":"user","content":[{"text":"x"}]}],)"
            R"("system":[{"text":"s"}],"toolConfig":{"tools":[]},)"
            R"("additionalModelRequestFields":{"top_k":1}}}})");
  EXPECT_TRUE(wire.warnings.empty());
}

TEST(CountTokens, warns_when_a_schema_is_not_counted) {
  const auto warned = [](Operation operation, std::string structured_output) {
    const WireRequest wire = encode_count_tokens(
        {.operation = operation, .body = "{}", .structured_output = std::move(structured_output)});
    return testing::has_warning(wire.warnings, "response_format_not_counted");
  };

  EXPECT_TRUE(warned(Operation::converse, "native"));
  EXPECT_FALSE(warned(Operation::converse, "tool"));
  EXPECT_FALSE(warned(Operation::invoke_model, "native"));
}

TEST(CountTokens, refuses_a_response_without_a_number) {
  for (const std::string body : {"", "<html>", "{}", R"({"inputTokens":"3"})",
                                 R"({"inputTokens":-1})", R"({"inputTokens":1.5})"}) {
    const auto tokens = decode_count_tokens(body);

    ASSERT_FALSE(tokens) << body;
    EXPECT_EQ(tokens.error().code, ErrorCode::model_error) << body;
  }
  EXPECT_EQ(decode_count_tokens(R"({"inputTokens":0})"), 0);
}

// A recorded body for Claude as a ChatRequest.
ChatRequest claude_request_of(const json::Value& body) {
  ChatRequest request;
  request.messages.push_back(Message::system(body["system"].text_or_empty()));
  for (const json::Value message : body["messages"].elements()) {
    for (const json::Value block : message["content"].elements()) {
      request.messages.push_back(Message::user(block["text"].text_or_empty()));
    }
  }
  request.max_tokens = static_cast<int>(body["max_tokens"].integer().value_or(0));
  json::Writer extra;
  extra.begin_object();
  for (const char* name : {"anthropic_beta", "metadata"}) body[name].write_to(extra.key(name));
  extra.end_object();
  request.extra_fields = Json::from_valid_text(std::move(extra).take());
  return request;
}

// With the system text as the list of blocks that we write; the format accepts both.
std::string with_system_blocks(const json::Value& body) {
  json::Writer writer;
  writer.begin_object();
  for (const auto [name, member] : body.members()) {
    writer.key(name);
    if (name != "system") {
      member.write_to(writer);
      continue;
    }
    writer.begin_array().begin_object().member("type", "text");
    writer.member("text", member.text_or_empty()).end_object().end_array();
  }
  writer.end_object();
  return std::move(writer).take();
}

void check_native(const std::string& id, const json::Value& recorded, const ModelId& model) {
  std::string body;
  ASSERT_TRUE(base::append_base64_decoded(recorded["body"].text_or_empty(), body)) << id;
  json::Parser parser;
  const auto root = parser.parse(body);
  ASSERT_TRUE(root) << id;

  auto chat =
      testing::encode(claude_messages_codec(), claude_request_of(*root), model, Delivery::buffered);
  ASSERT_TRUE(chat) << id << ": " << chat.error().message;
  const WireRequest wire = encode_count_tokens(std::move(*chat));

  EXPECT_EQ(testing::sorted(native_body(wire)), testing::sorted(with_system_blocks(*root))) << id;
}

void check_converse(const std::string& id, const json::Value& recorded, const ModelId& model) {
  auto chat =
      testing::encode(converse_codec(), testing::request_of(recorded), model, Delivery::buffered);
  ASSERT_TRUE(chat) << id << ": " << chat.error().message;
  const WireRequest wire = encode_count_tokens(std::move(*chat));

  // The recorded requests have an empty list where we write no system member.
  json::Writer expected;
  expected.begin_object().key("input").begin_object().key("converse").begin_object();
  for (const auto [name, member] : recorded.members()) {
    if (member.size() > 0) member.write_to(expected.key(name));
  }
  expected.end_object().end_object().end_object();
  EXPECT_EQ(testing::sorted(wire.body), testing::sorted(expected.view())) << id;
}

TEST(CountTokens, encodes_and_decodes_every_recorded_exchange) {
  const auto count =
      test_support::for_each_recorded({"count-tokens"}, [](const json::Value& exchange) {
        const std::string id = exchange["id"].text_or_empty();
        const auto model = parse_model_id(exchange["model"].text_or_empty());
        ASSERT_TRUE(model) << id;
        const json::Value input = exchange["request"]["input"];
        const json::Value native = input["invokeModel"];
        if (native.exists()) {
          check_native(id, native, *model);
        } else {
          check_converse(id, input["converse"], *model);
        }

        const auto tokens = decode_count_tokens(exchange["response"].to_text());

        ASSERT_TRUE(tokens) << id;
        EXPECT_EQ(*tokens, exchange["response"]["inputTokens"].integer()) << id;
      });
  if (!count) GTEST_SKIP() << "BEDROCK_RECORDED is not set: 3 recorded exchanges skipped";

  EXPECT_EQ(*count, kExchanges);
}

}  // namespace
}  // namespace llm::bedrock
