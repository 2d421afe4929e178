// Every recorded Converse exchange; what is expected is worked out here from the recorded JSON,
// without our codecs.
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "aws/protocol/service_error.hpp"
#include "bedrock/call/service_errors.hpp"
#include "bedrock/codec/converse/test_support.hpp"
#include "json/reader.hpp"
#include "tests/support/recorded.hpp"

namespace llm::bedrock {
namespace {

constexpr int kExchanges = 144;
constexpr int kAcceptedResponses = 121;
constexpr int kAcceptedStreams = 16;

// The expected values of a recorded response.
struct Expected {
  std::string text;
  std::string stop_reason;
  std::vector<std::vector<std::string>> calls;  // id, name, minified arguments
  Usage usage;
};

FinishReason meaning_of(const std::string& stop_reason) {
  static const std::map<std::string, FinishReason> meanings = {
      {"end_turn", FinishReason::stop},
      {"max_tokens", FinishReason::length},
      {"tool_use", FinishReason::tool_calls},
      {"guardrail_intervened", FinishReason::content_filter},
      {"stop_sequence", FinishReason::stop},
  };
  return meanings.at(stop_reason);
}

Usage usage_of(const json::Value& usage) {
  Usage expected{.prompt_tokens = usage["inputTokens"].integer(),
                 .completion_tokens = usage["outputTokens"].integer(),
                 .total_tokens = usage["totalTokens"].integer(),
                 .cache_read_tokens = usage["cacheReadInputTokens"].integer(),
                 .cache_write_tokens = usage["cacheWriteInputTokens"].integer()};
  for (const json::Value detail : usage["cacheDetails"].elements()) {
    expected.cache_write_tokens_by_ttl[detail["ttl"].text_or_empty()] =
        detail["inputTokens"].integer().value_or(-1);
  }
  return expected;
}

Expected expect_whole(const json::Value& body) {
  Expected expected{.text = {},
                    .stop_reason = body["stopReason"].text_or_empty(),
                    .calls = {},
                    .usage = usage_of(body["usage"])};
  for (const json::Value block : body["output"]["message"]["content"].elements()) {
    expected.text += block["text"].text_or_empty();
    for (const json::Value part : block["citationsContent"]["content"].elements()) {
      expected.text += part["text"].text_or_empty();
    }
    const json::Value call = block["toolUse"];
    if (!call.exists()) continue;
    expected.calls.push_back(
        {call["toolUseId"].text_or_empty(), call["name"].text_or_empty(), call["input"].to_text()});
  }
  return expected;
}

std::string minified(std::string_view text) {
  if (text.empty()) return "{}";
  json::Parser parser;
  const auto root = parser.parse(text);
  return root ? root->to_text() : "no JSON: " + std::string(text);
}

Expected expect_stream(const json::Value& frames) {
  Expected expected;
  std::map<std::int64_t, std::vector<std::string>> calls;
  for (const json::Value frame : frames.elements()) {
    json::Parser parser;
    const auto payload = parser.parse(frame["payload"].text_or_empty());
    EXPECT_TRUE(payload);
    if (!payload) continue;
    const json::Value event = *payload;
    const auto index = event["contentBlockIndex"].integer().value_or(-1);
    if (const json::Value call = event["start"]["toolUse"]; call.exists()) {
      calls[index] = {call["toolUseId"].text_or_empty(), call["name"].text_or_empty(), ""};
    }
    expected.text += event["delta"]["text"].text_or_empty();
    if (const auto input = event["delta"]["toolUse"]["input"].string()) calls[index][2] += *input;
    if (event["stopReason"].is_string()) expected.stop_reason = event["stopReason"].text_or_empty();
    if (event["usage"].exists()) expected.usage = usage_of(event["usage"]);
  }
  for (auto& [index, call] : calls) {
    call[2] = minified(call[2]);
    expected.calls.push_back(call);
  }
  return expected;
}

void check(const std::string& id, const Result<ChatResponse>& response, const Expected& expected) {
  ASSERT_TRUE(response) << id << ": " << response.error().message;
  ASSERT_EQ(response->choices.size(), 1U) << id;
  const Choice& choice = response->choices[0];
  EXPECT_EQ(choice.message.text(), expected.text) << id;
  EXPECT_EQ(choice.stop_reason, expected.stop_reason) << id;
  EXPECT_EQ(choice.finish_reason, meaning_of(expected.stop_reason)) << id;
  EXPECT_EQ(response->usage, expected.usage) << id;
  EXPECT_TRUE(response->details.model_latency.has_value()) << id;
  EXPECT_TRUE(response->warnings.empty()) << id << ": " << response->warnings[0].message;
  std::vector<std::vector<std::string>> calls;
  for (const auto& call : choice.message.tool_calls()) {
    calls.push_back({call.id, call.name, minified(call.arguments.text())});
  }
  EXPECT_EQ(calls, expected.calls) << id;
}

std::vector<testing::Frame> frames_of(const json::Value& frames) {
  std::vector<testing::Frame> out;
  for (const json::Value frame : frames.elements()) {
    out.push_back(
        {frame["headers"][":event-type"].text_or_empty(), frame["payload"].text_or_empty()});
  }
  return out;
}

// Runs over the recorded exchanges by Converse; false: there are none.
bool for_each_exchange(const std::function<void(const json::Value&)>& visit) {
  const auto count = test_support::for_each_recorded({"converse", "converse-stream"}, visit);
  EXPECT_EQ(count.value_or(kExchanges), kExchanges);
  return count.has_value();
}

constexpr std::string_view kSkipped = "BEDROCK_RECORDED is not set: 144 recorded exchanges skipped";

TEST(RecordedConverse, decodes_every_accepted_exchange) {
  int responses = 0;
  int streams = 0;

  const bool found = for_each_exchange([&](const json::Value& exchange) {
    if (exchange["status"].integer() != 200) return;
    const std::string id = exchange["id"].text_or_empty();
    if (const json::Value frames = exchange["frames"]; frames.exists()) {
      ++streams;
      const auto events = testing::events_of(converse_codec(), testing::framed(frames_of(frames)));
      check(id, testing::collected(events), expect_stream(frames));
      return;
    }
    ++responses;
    const json::Value body = exchange["response"];
    check(id, converse_codec().decode({.status = 200}, body.to_text()), expect_whole(body));
  });
  if (!found) GTEST_SKIP() << kSkipped;

  EXPECT_EQ(responses, kAcceptedResponses);
  EXPECT_EQ(streams, kAcceptedStreams);
}

TEST(RecordedConverse, never_accepts_a_truncated_stream) {
  const bool found = for_each_exchange([&](const json::Value& exchange) {
    if (!exchange["frames"].exists()) return;
    const std::string id = exchange["id"].text_or_empty();
    auto frames = frames_of(exchange["frames"]);
    ASSERT_EQ(frames.back().event, "metadata") << id;

    frames.pop_back();
    const auto without_metadata = testing::events_of(converse_codec(), testing::framed(frames));
    ASSERT_TRUE(without_metadata.back().is_done()) << id;
    EXPECT_TRUE(without_metadata.back().done().usage.empty()) << id;
    EXPECT_TRUE(testing::has_warning(without_metadata.back().done().warnings, "no_metadata")) << id;

    while (!frames.empty()) {
      frames.pop_back();
      const auto events = testing::events_of(converse_codec(), testing::framed(frames));
      ASSERT_TRUE(events.back().is_error()) << id << " cut to " << frames.size();
      EXPECT_EQ(events.back().error().code, ErrorCode::stream_error) << id;
    }
  });
  if (!found) GTEST_SKIP() << kSkipped;
}

// Recorded requests that we say differently, and why.
const std::map<std::string_view, std::string_view>& differing_requests() {
  static const std::map<std::string_view, std::string_view> requests = {
      {"2062d3e9b703", "two user messages in a row, which are joined"},
  };
  return requests;
}

// Without members that are set to nothing, at the top and in inferenceConfig.
void write_set_members(const json::Value& object, json::Writer& writer) {
  writer.begin_object();
  for (const auto [key, value] : object.members()) {
    const bool is_empty = (value.is_object() || value.is_array()) && value.size() == 0;
    if (is_empty) continue;
    writer.key(key);
    if (key == "inferenceConfig") {
      write_set_members(value, writer);
    } else {
      value.write_to(writer);
    }
  }
  writer.end_object();
}

std::string as_recorded(const json::Value& request) {
  json::Writer writer;
  write_set_members(request, writer);
  return testing::sorted(writer.view());
}

// The facts of the model in the catalogue; for structured output those that the service has shown.
ModelFacts facts_for(const ModelId& model, const ChatRequest& request) {
  ModelFacts facts = model.facts == nullptr ? ModelFacts{} : *model.facts;
  if (request.response_format) facts.takes.schema_converse = Support::yes;
  return facts;
}

TEST(RecordedConverse, encodes_every_request_as_it_was_sent) {
  int same = 0;

  const bool found = for_each_exchange([&](const json::Value& exchange) {
    const std::string id = exchange["id"].text_or_empty();
    const json::Value recorded = exchange["request"];
    ChatRequest request = testing::request_of(recorded);
    request.model = exchange["model"].text_or_empty();
    auto model = parse_model_id(request.model);
    ASSERT_TRUE(model) << id;
    const ModelFacts facts = facts_for(*model, request);
    model->facts = &facts;
    const bool is_stream = exchange["form"].string() == "converse-stream";

    const auto wire = testing::encode(converse_codec(), request, *model,
                                      is_stream ? Delivery::streaming : Delivery::buffered);

    ASSERT_TRUE(wire) << id << ": " << wire.error().message;
    const std::string body = testing::sorted(wire->body);
    const std::string expected = as_recorded(recorded);
    same += body == expected ? 1 : 0;
    if (!differing_requests().contains(id)) {
      EXPECT_EQ(body.substr(0, 2000), expected.substr(0, 2000)) << id;
    }
  });
  if (!found) GTEST_SKIP() << kSkipped;

  EXPECT_EQ(same, kExchanges - static_cast<int>(differing_requests().size()));
}

TEST(RecordedConverse, gives_every_refusal_a_code) {
  const std::map<std::string, ErrorCode> codes = {
      {"07aa2166a1cd", ErrorCode::model_not_found},
      {"a114670e6883", ErrorCode::model_not_found},
      {"de5a84a847c1", ErrorCode::model_not_found},
      {"2345ee96042f", ErrorCode::invalid_request_error},
      {"93554206f32b", ErrorCode::invalid_request_error},
      {"97ff05253b08", ErrorCode::invalid_request_error},
      {"fe58d3047556", ErrorCode::invalid_request_error},
  };
  std::size_t refusals = 0;

  const bool found = for_each_exchange([&](const json::Value& exchange) {
    if (exchange["status"].integer() == 200) return;
    ++refusals;
    const std::string id = exchange["id"].text_or_empty();
    const HttpResponseHead head = test_support::head_of(exchange);
    const auto model = parse_model_id(exchange["model"].text_or_empty());
    ASSERT_TRUE(model) << id;

    const Error error = to_error(aws::read_json_error(head, exchange["response"].to_text(), {}),
                                 {.operation = "Converse", .region = {}, .model = &*model});

    EXPECT_EQ(error.code, codes.at(id)) << id;
  });
  if (!found) GTEST_SKIP() << kSkipped;

  EXPECT_EQ(refusals, codes.size());
}

}  // namespace
}  // namespace llm::bedrock
