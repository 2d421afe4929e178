#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kNova = "amazon.nova-lite-v1:0";
constexpr std::string_view kHello = R"({"role":"user","content":[{"text":"Hello"}]})";
constexpr std::string_view kTools =
    R"("toolConfig":{"tools":[{"toolSpec":{"name":"get_weather","inputSchema":{"json":)"
    R"({"type":"object","required":["city"],"properties":{"city":{"type":"string"}}}}}}]})";
constexpr std::string_view kWeather =
    R"({"role":"user","content":[{"text":"Please get weather for Oslo"}]})";

/// A body with these messages and members; `more` is without surrounding commas.
std::string body(std::string_view messages, std::string_view more = "") {
  return R"({"messages":[)" + std::string(messages) + "]" + (more.empty() ? "" : ",") +
         std::string(more) + "}";
}

Reply converse(std::string_view model, std::string_view body) {
  return test::handle(test::open_service(), test::model_request(model, "converse", body));
}

Reply converse_stream(std::string_view model, std::string_view body) {
  return test::handle(test::open_service(), test::model_request(model, "converse-stream", body));
}

/// A body that a model refuses with this message.
struct Row {
  std::string name{};
  std::string_view model{};
  std::string body{};
  std::string message{};

  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
};

TEST(Converse, sorts_keys_at_every_level) {
  const Reply reply = converse(kNova, body(kHello));

  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(
      reply.body,
      ::testing::MatchesRegex(
          R"(\{"metrics":\{"latencyMs":[0-9]+\},"output":\{"message":\{"content")"
          R"(:\[\{"text":".*Hello.*"\}\],"role":"assistant"\}\},"stopReason":")"
          R"(end_turn","usage":\{"cacheReadInputTokenCount":0,"cacheReadInputTokens":0,)"
          R"("cacheWriteInputTokenCount":0,"cacheWriteInputTokens":0,"inputTokens":[0-9]+,"outputTokens":[0-9]+,)"
          R"("totalTokens":[0-9]+\}\})"));
  const Document response(reply.body);
  const json::Value usage = response["usage"];
  EXPECT_EQ(*usage["totalTokens"].integer(),
            *usage["inputTokens"].integer() + *usage["outputTokens"].integer());
}

TEST(Converse, sends_no_headers_of_bedrock) {
  for (const Reply& reply : {converse(kNova, body(kHello)), converse_stream(kNova, body(kHello))}) {
    for (const HttpHeader& header : reply.headers) {
      EXPECT_THAT(header.name, ::testing::Not(StartsWith("X-Amzn-Bedrock"))) << header.name;
    }
  }
}

TEST(Converse, calls_the_tool_that_the_question_names) {
  const Reply reply = converse(kNova, body(kWeather, kTools));

  const Document response(reply.body);
  EXPECT_EQ(response["stopReason"].string(), "tool_use") << reply.body;
  const json::Value call = test::element(response["output"]["message"]["content"], 1)["toolUse"];
  EXPECT_EQ(call["name"].string(), "get_weather");
  EXPECT_TRUE(call["input"]["city"].is_string());
  EXPECT_THAT(call["toolUseId"].text_or_empty(), StartsWith("tooluse_"));
}

TEST(Converse, calls_a_tool_when_the_choice_demands_it) {
  for (const std::string_view choice : {R"({"any":{}})", R"({"tool":{"name":"get_weather"}})"}) {
    std::string tools(kTools);
    tools.insert(tools.size() - 1, R"(,"toolChoice":)" + std::string(choice));

    const Reply reply = converse(kNova, body(kHello, tools));

    EXPECT_EQ(Document(reply.body)["stopReason"].string(), "tool_use") << reply.body;
  }
}

TEST(Converse, quotes_what_a_tool_replied) {
  const Reply reply = converse(
      kNova, body(std::string(kWeather) +
                      R"(,{"role":"assistant","content":[{"toolUse":{"toolUseId":"a","name":)"
                      R"("get_weather","input":{}}}]},{"role":"user","content":[{"toolResult":)"
                      R"({"toolUseId":"a","content":[{"json":{"degrees":7}}]}}]})",
                  kTools));

  EXPECT_THAT(reply.body, HasSubstr("The tool get_weather replied"));
  EXPECT_THAT(reply.body, HasSubstr(R"({\"degrees\":7})"));
}

TEST(Converse, obeys_max_tokens_and_stop_sequences) {
  const Document cut(converse(kNova, body(kHello, R"("inferenceConfig":{"maxTokens":3})")).body);
  const Document stopped(
      converse(kNova, body(kHello, R"("inferenceConfig":{"stopSequences":["Bedrock"]})")).body);

  EXPECT_EQ(cut["stopReason"].string(), "max_tokens");
  EXPECT_EQ(cut["usage"]["outputTokens"].integer(), 3);
  EXPECT_EQ(stopped["stopReason"].string(), "stop_sequence");
  EXPECT_EQ(test::element(stopped["output"]["message"]["content"], 0)["text"].string(),
            "This is the local ");
}

TEST(Converse, reasons_with_a_signature_when_asked) {
  const Reply reply =
      converse("us.anthropic.claude-sonnet-4-5-20250929-v1:0",
               body(kHello, R"("additionalModelRequestFields":{"thinking":{"type":"enabled",)"
                            R"("budget_tokens":1024}})"));

  const Document response(reply.body);
  const json::Value content = response["output"]["message"]["content"];
  const json::Value reasoning = test::element(content, 0)["reasoningContent"]["reasoningText"];
  EXPECT_THAT(reasoning["text"].text_or_empty(), HasSubstr("Reasoning was requested"))
      << reply.body;
  EXPECT_FALSE(reasoning["signature"].text_or_empty().empty());
  EXPECT_TRUE(test::element(content, 1)["text"].is_string());
}

TEST(Converse, streams_the_events_of_a_tool_call_in_order) {
  const Reply reply = converse_stream(kNova, body(kWeather, kTools));

  const std::vector<test::Event> events = test::events_of(reply);
  std::vector<std::string> names;
  std::string arguments;
  std::vector<std::string> fragments;
  for (const test::Event& event : events) {
    ASSERT_EQ(event.headers.at(0).first, ":event-type");
    EXPECT_EQ(event.headers.at(2).second, "event");
    const std::string& name = event.headers.at(0).second;
    if (names.empty() || names.back() != name) names.push_back(name);
    const Document payload(event.payload);
    EXPECT_GE(payload["p"].text_or_empty().size(), 2U) << event.payload;
    const json::Value input = payload["delta"]["toolUse"]["input"];
    if (input.is_string()) fragments.push_back(input.text_or_empty());
    arguments += input.text_or_empty();
  }
  EXPECT_EQ(names, (std::vector<std::string>{
                       "messageStart", "contentBlockDelta", "contentBlockStop", "contentBlockStart",
                       "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"}));
  EXPECT_EQ(fragments.at(0), "");
  EXPECT_TRUE(Document(arguments)["city"].is_string()) << arguments;
  EXPECT_THAT(events.back().payload, StartsWith(R"({"metrics":{"latencyMs":)"));
}

TEST(Converse, streams_the_text_of_a_buffered_response) {
  const Document buffered(converse(kNova, body(kHello)).body);
  std::string streamed;
  for (const test::Event& event : test::events_of(converse_stream(kNova, body(kHello)))) {
    streamed += Document(event.payload)["delta"]["text"].text_or_empty();
  }

  EXPECT_EQ(test::element(buffered["output"]["message"]["content"], 0)["text"].string(), streamed);
}

std::vector<Row> model_refusals() {
  return {
      {"unknown_model", "does-not-exist", body(kHello),
       "The provided model identifier is invalid."},
      {"unknown_profile", "us.amazon.nova-micro-v1:O", body(kHello),
       "The provided model identifier is invalid."},
      {"no_on_demand_throughput", "amazon.nova-2-lite-v1:0", body(kHello),
       "Invocation of model ID amazon.nova-2-lite-v1:0 with on-demand throughput isn\u2019t "
       "supported. Retry your request with the ID or ARN of an inference profile that contains "
       "this model."},
      {"embedding_model", "amazon.titan-embed-text-v2:0", body(kHello),
       "This action doesn't support the model that you provided. Try again with a supported text "
       "or chat model."},
  };
}

class ConverseRefusals : public ::testing::TestWithParam<Row> {};

TEST_P(ConverseRefusals, are_in_the_words_of_bedrock) {
  const Row& row = GetParam();
  const Reply reply = converse(row.model, row.body);

  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(test::message_of(reply), row.message);
  EXPECT_THAT(std::string(test::header(reply, "x-amzn-ErrorType")),
              StartsWith("ValidationException:"));
}

INSTANTIATE_TEST_SUITE_P(Model, ConverseRefusals, ::testing::ValuesIn(model_refusals()),
                         test::RowName{});

TEST(Converse, serves_these_models_only_here) {
  for (const std::string_view model : {"openai.gpt-5.4", "us.xai.grok-4.6"}) {
    EXPECT_EQ(converse(model, body(kHello)).status, 200) << model;

    const Reply native = test::invoke(model, "{}");
    EXPECT_EQ(native.status, 400) << model;
    EXPECT_THAT(test::message_of(native), HasSubstr("through Converse and ConverseStream only"));
  }
}

std::vector<Row> feature_refusals() {
  const std::string system = body(kHello, R"("system":[{"text":"Be brief"}])");
  const std::string image =
      body(R"({"role":"user","content":[{"image":{"format":"png","source":{"bytes":"aGk="}}}]})");
  const std::string video =
      body(R"({"role":"user","content":[{"video":{"format":"mp4","source":{"bytes":"aGk="}}}]})");
  return {
      {"system_prompt", "amazon.titan-text-lite-v1", system,
       "This model doesn't support system messages. Try again without a system message or use a "
       "model that supports system messages."},
      {"tools", "anthropic.claude-v2:1", body(kHello, kTools),
       "This model doesn't support tool use."},
      {"image", "amazon.nova-micro-v1:0", image,
       "This model doesn't support the image content block that you provided. Update the content "
       "block and try again."},
      {"video", test::kHaiku, video,
       "This model doesn't support the video content block that you provided. Update the content "
       "block and try again."},
      {"too_many_tokens", kNova, body(kHello, R"("inferenceConfig":{"maxTokens":10001})"),
       "The maximum tokens you requested exceeds the model limit of 10000. Try again with a "
       "maximum "
       "tokens value that is lower than 10000."},
      {"both_samplings", "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
       body(kHello, R"("inferenceConfig":{"temperature":0.5,"topP":0.5})"),
       "The model returned the following errors: `temperature` and `top_p` cannot both be "
       "specified "
       "for this model. Please use only one."},
  };
}

INSTANTIATE_TEST_SUITE_P(Feature, ConverseRefusals, ::testing::ValuesIn(feature_refusals()),
                         test::RowName{});

/// What Claude itself refuses in members that Converse passes on.
std::vector<Row> claude_refusals() {
  constexpr std::string_view kSonnet = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
  const std::string prefix = "The model returned the following errors: ";
  const auto with = [](std::string_view fields) {
    return body(kHello, R"("additionalModelRequestFields":)" + std::string(fields));
  };
  const auto turn = [](std::string_view block) {
    return body(std::string(kHello) + R"(,{"role":"assistant","content":[)" + std::string(block) +
                R"(,{"text":"b"}]},)" + std::string(kHello));
  };
  return {
      {"unknown_field", kSonnet, with(R"({"foo":1})"),
       prefix + "foo: Extra inputs are not permitted"},
      {"field_type", kSonnet, with(R"({"top_k":"many"})"),
       prefix + test::malformed_message("#/top_k: expected type: Integer, found: String")},
      {"thinking_type", kSonnet, with(R"({"thinking":{"type":"on"}})"),
       prefix +
           "thinking: Input tag 'on' found using 'type' does not match any of the expected tags: "
           "'adaptive', 'disabled', 'enabled'"},
      {"no_thinking_type", kSonnet, with(R"({"thinking":{}})"),
       prefix + "thinking.type: Field required"},
      {"context_management_without_its_beta", kSonnet, with(R"({"context_management":{}})"),
       prefix + "context_management: Extra inputs are not permitted"},
      {"built_in_tool_without_its_beta", kSonnet,
       with(R"({"tools":[{"type":"computer_20250124","name":"computer"}]})"),
       prefix + "tools.0: Input tag 'computer_20250124' found using 'type' does not match any of "
                "the expected tags: 'bash_20250124', 'custom', 'text_editor_20250124', "
                "'text_editor_20250429', 'text_editor_20250728'"},
      {"blank_stop_sequence", kSonnet, body(kHello, R"("inferenceConfig":{"stopSequences":[" "]})"),
       prefix + "stop_sequences: each stop sequence must contain non-whitespace"},
      {"trailing_space", kSonnet,
       body(std::string(kHello) + R"(,{"role":"assistant","content":[{"text":"b "}]})"),
       prefix + "messages: final assistant content cannot end with trailing whitespace"},
      {"unsigned_reasoning", kSonnet,
       turn(R"({"reasoningContent":{"reasoningText":{"text":"x"}}})"),
       prefix + "messages.1.content.0.thinking.signature: Field required"},
      {"wrong_signature", kSonnet,
       turn(R"({"reasoningContent":{"reasoningText":{"text":"x","signature":"y"}}})"),
       prefix + "messages.1.content.0: Invalid `signature` in `thinking` block"},
  };
}

INSTANTIATE_TEST_SUITE_P(Claude, ConverseRefusals, ::testing::ValuesIn(claude_refusals()),
                         test::RowName{});

/// A request that Bedrock accepts.
struct Accepted {
  std::string name{};
  std::string_view model{};
  std::string body{};

  friend void PrintTo(const Accepted& row, std::ostream* out) { *out << row.name; }
};

class ConverseAccepts : public ::testing::TestWithParam<Accepted> {};

TEST_P(ConverseAccepts, what_bedrock_accepts) {
  const Reply reply = converse(GetParam().model, GetParam().body);

  EXPECT_EQ(reply.status, 200) << reply.body;
}

std::vector<Accepted> accepted() {
  constexpr std::string_view kSonnet = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
  const std::string two_users = std::string(kHello) + "," + std::string(kHello);
  return {
      {"joined_messages_of_titan", "amazon.titan-text-express-v1", body(two_users)},
      {"top_k_of_nova", kNova,
       body(kHello, R"("additionalModelRequestFields":{"inferenceConfig":{"topK":10}})")},
      {"audio", "mistral.voxtral-mini-3b-2507",
       body(R"({"role":"user","content":[{"text":"a"},{"audio":{"format":"wav","source":)"
            R"({"bytes":"aGk="}}}]})")},
      {"built_in_tools", kSonnet,
       body(kHello, R"("additionalModelRequestFields":{"anthropic_beta":[)"
                    R"("computer-use-2025-01-24","context-management-2025-06-27"],)"
                    R"("context_management":{},"tools":[{"type":"computer_20250124",)"
                    R"("name":"computer"},{"type":"memory_20250818","name":"memory"}]})")},
      {"empty_redacted_content", kSonnet,
       body(std::string(kHello) +
            R"(,{"role":"assistant","content":[{"reasoningContent":{"redactedContent":""}},)"
            R"({"text":"b"}]},)" +
            std::string(kHello))},
      {"project", kNova, body(kHello, R"("projectIdentifier":"default")")},
  };
}

INSTANTIATE_TEST_SUITE_P(All, ConverseAccepts, ::testing::ValuesIn(accepted()), test::RowName{});

TEST(Converse, refuses_audio_where_a_model_does) {
  EXPECT_THAT(test::message_of(converse(
                  kNova, body(R"({"role":"user","content":[{"text":"a"},{"audio":{"format":"wav",)"
                              R"("source":{"bytes":"aGk="}}}]})"))),
              HasSubstr("doesn't support the audio content block"));
}

TEST(Converse, refuses_tools_in_streams_where_a_model_does) {
  constexpr std::string_view kModel = "meta.llama3-1-8b-instruct-v1:0";

  const Reply streamed = converse_stream(kModel, body(kHello, kTools));

  EXPECT_EQ(test::message_of(streamed), "This model doesn't support tool use in streaming mode.");
  EXPECT_EQ(converse(kModel, body(kHello, kTools)).status, 200);
}

}  // namespace
}  // namespace llm::local
