// Every recorded InvokeModel exchange of a native format, decoded; what is expected is derived
// here from the recorded JSON, without our codecs.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/base64.hpp"
#include "bedrock/codec/native_test_support.hpp"
#include "json/reader.hpp"
#include "tests/support/recorded.hpp"

namespace llm::bedrock {
namespace {

constexpr int kExchanges = 29;

// The expected values of a recorded response.
struct Expected {
  std::string text;
  std::string stop_reason;
  bool intervened = false;
  std::vector<std::string> tool_inputs;  // minified
  std::optional<std::int64_t> input;
  std::optional<std::int64_t> output;
};

const Codec& codec_of(std::string_view format) {
  if (format == "claude_messages") return claude_messages_codec();
  if (format == "claude_text") return claude_text_codec();
  if (format == "titan_text") return titan_text_codec();
  return llama_codec();
}

FinishReason meaning_of(const Expected& expected) {
  static const std::map<std::string, FinishReason> meanings = {
      {"end_turn", FinishReason::stop},     {"stop_sequence", FinishReason::stop},
      {"max_tokens", FinishReason::length}, {"tool_use", FinishReason::tool_calls},
      {"FINISH", FinishReason::stop},       {"LENGTH", FinishReason::length},
      {"stop", FinishReason::stop},         {"length", FinishReason::length},
  };
  return expected.intervened ? FinishReason::content_filter : meanings.at(expected.stop_reason);
}

void set(std::optional<std::int64_t>& count, const json::Value& value) {
  if (const auto number = value.integer()) count = number;
}

std::string minified(std::string_view text) {
  json::Parser parser;
  const auto root = parser.parse(text);
  return root ? root->to_text() : "no JSON: " + std::string(text);
}

Expected expect_buffered(std::string_view format, const json::Value& body,
                         const HttpResponseHead& head) {
  Expected expected;
  expected.intervened = body["amazon-bedrock-guardrailAction"].text_or_empty() == "INTERVENED";
  if (format == "claude_messages") {
    for (const json::Value block : body["content"].elements()) {
      expected.text += block["text"].text_or_empty();
      if (block["input"].exists()) expected.tool_inputs.push_back(block["input"].to_text());
    }
    expected.stop_reason = body["stop_reason"].text_or_empty();
    set(expected.input, body["usage"]["input_tokens"]);
    set(expected.output, body["usage"]["output_tokens"]);
  } else if (format == "claude_text") {
    expected.text = body["completion"].text_or_empty();
    expected.stop_reason = body["stop_reason"].text_or_empty();
    expected.input = std::stoll(std::string(head.header("x-amzn-bedrock-input-token-count")));
    expected.output = std::stoll(std::string(head.header("x-amzn-bedrock-output-token-count")));
  } else if (format == "titan_text") {
    set(expected.input, body["inputTextTokenCount"]);
    for (const json::Value result : body["results"].elements()) {
      expected.text += result["outputText"].text_or_empty();
      expected.stop_reason = result["completionReason"].text_or_empty();
      set(expected.output, result["tokenCount"]);
    }
  } else {
    expected.text = body["generation"].text_or_empty();
    expected.stop_reason = body["stop_reason"].text_or_empty();
    set(expected.input, body["prompt_token_count"]);
    set(expected.output, body["generation_token_count"]);
  }
  return expected;
}

void add_chunk(const json::Value& chunk, std::map<std::int64_t, std::string>& inputs,
               Expected& expected) {
  for (const char* name : {"completion", "outputText", "generation"}) {
    expected.text += chunk[name].text_or_empty();
  }
  for (const char* name : {"stop_reason", "completionReason"}) {
    if (chunk[name].is_string()) expected.stop_reason = chunk[name].text_or_empty();
  }
  expected.text += chunk["delta"]["text"].text_or_empty();
  if (chunk["delta"]["stop_reason"].is_string()) {
    expected.stop_reason = chunk["delta"]["stop_reason"].text_or_empty();
  }
  if (chunk["delta"]["partial_json"].is_string()) {
    inputs[chunk["index"].integer().value_or(-1)] += chunk["delta"]["partial_json"].text_or_empty();
  }
  if (chunk["amazon-bedrock-guardrailAction"].text_or_empty() == "INTERVENED") {
    expected.intervened = true;
  }
  const json::Value metrics = chunk["amazon-bedrock-invocationMetrics"];
  if (!expected.input) set(expected.input, metrics["inputTokenCount"]);
  if (!expected.output) set(expected.output, metrics["outputTokenCount"]);
  set(expected.input, chunk["message"]["usage"]["input_tokens"]);
  set(expected.output, chunk["usage"]["output_tokens"]);
}

Expected expect_stream(const json::Value& frames) {
  Expected expected;
  std::map<std::int64_t, std::string> inputs;
  for (const json::Value frame : frames.elements()) {
    json::Parser envelope;
    const auto payload = envelope.parse(frame["payload"].text_or_empty());
    std::string bytes;
    EXPECT_TRUE(payload && base::append_base64_decoded((*payload)["bytes"].text_or_empty(), bytes));
    json::Parser inner;
    const auto chunk = inner.parse(bytes);
    EXPECT_TRUE(chunk);
    if (chunk) add_chunk(*chunk, inputs, expected);
  }
  for (const auto& [index, text] : inputs) expected.tool_inputs.push_back(minified(text));
  return expected;
}

std::string stream_bytes(const json::Value& frames) {
  std::string bytes;
  for (const json::Value frame : frames.elements()) {
    testing::append_frame(frame["headers"][":event-type"].text_or_empty(),
                          frame["payload"].text_or_empty(), bytes);
  }
  return bytes;
}

void check(const std::string& id, const Result<ChatResponse>& response, const Expected& expected) {
  ASSERT_TRUE(response) << id << ": " << response.error().message;
  ASSERT_EQ(response->choices.size(), 1U) << id;
  const Choice& choice = response->choices[0];
  EXPECT_EQ(choice.message.text(), expected.text) << id;
  EXPECT_EQ(choice.stop_reason, expected.stop_reason) << id;
  EXPECT_EQ(choice.finish_reason, meaning_of(expected)) << id;
  EXPECT_TRUE(expected.input && expected.output) << id;
  EXPECT_EQ(response->usage.prompt_tokens, expected.input) << id;
  EXPECT_EQ(response->usage.completion_tokens, expected.output) << id;
  EXPECT_TRUE(response->details.model_latency.has_value()) << id;
  std::vector<std::string> inputs;
  for (const auto& call : choice.message.tool_calls()) {
    inputs.push_back(minified(call.arguments.text()));
  }
  EXPECT_EQ(inputs, expected.tool_inputs) << id;
}

void check_exchange(const json::Value& exchange) {
  const std::string id = exchange["id"].text_or_empty();
  const std::string format = exchange["form"].text_or_empty();
  const HttpResponseHead head = test_support::head_of(exchange);
  const json::Value frames = exchange["frames"];
  if (!frames.exists()) {
    const json::Value body = exchange["response"];
    check(id, codec_of(format).decode(head, body.to_text()), expect_buffered(format, body, head));
    return;
  }
  const auto events = testing::events_of(codec_of(format), stream_bytes(frames));
  check(id, testing::collected(events), expect_stream(frames));
}

TEST(RecordedNative, decodes_every_exchange) {
  const auto count = test_support::for_each_recorded(
      {"claude_messages", "claude_text", "titan_text", "llama"}, check_exchange);
  if (!count) {
    GTEST_SKIP() << "BEDROCK_RECORDED is not set: " << kExchanges << " recorded exchanges skipped";
  }

  EXPECT_EQ(count, kExchanges);
}

}  // namespace
}  // namespace llm::bedrock
