#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bedrock/codec/converse/test_support.hpp"
#include "bedrock/codec/structured_output.hpp"

namespace llm::bedrock {
namespace {

using testing::ask;
using testing::has_warning;
using ::testing::HasSubstr;
using testing::model_with;
using testing::unknown_model;

constexpr ModelFacts kClaude{.base_id = "anthropic.claude",
                             .provider = "Anthropic",
                             .wire_format = WireFormat::claude_messages,
                             .tools = Support::yes,
                             .vision = Support::yes,
                             .reasoning = Support::yes};
constexpr ModelFacts kNova{.base_id = "amazon.nova", .provider = "Amazon"};
constexpr ModelFacts kPlain{.base_id = "vendor.plain",
                            .provider = "Vendor",
                            .tools = Support::no,
                            .vision = Support::no,
                            .streaming = Support::no,
                            .reasoning = Support::no,
                            .prompt_caching = Support::no};

const std::string kPng = "\x89PNG\r\n\x1A\n";

Tool tool(std::string name) {
  return {.name = std::move(name), .description = "d", .parameters = Json::empty_object()};
}

Result<WireRequest> encode(const ChatRequest& request, const ModelFacts& facts = kClaude,
                           Delivery delivery = Delivery::buffered) {
  return testing::encode(converse_codec(), request, model_with(facts), delivery);
}

// The body without the messages, as sorted JSON.
std::string options_of(const ChatRequest& request, const ModelFacts& facts = kClaude,
                       Delivery delivery = Delivery::buffered) {
  const auto wire = encode(request, facts, delivery);
  if (!wire) return wire.error().message;
  json::Parser parser;
  const auto root = parser.parse(wire->body);
  if (!root) return "no JSON";
  json::Writer writer;
  writer.begin_object();
  for (const auto [key, value] : root->members()) {
    if (key != "messages") value.write_to(writer.key(key));
  }
  writer.end_object();
  return testing::sorted(writer.view());
}

Error error_of(const Result<WireRequest>& wire) {
  EXPECT_FALSE(wire);
  return wire ? Error{} : wire.error();
}

TEST(ConverseRequest, names_its_operation_and_headers) {
  const auto buffered = encode(ask("Hi"));
  const auto streaming = encode(ask("Hi"), kClaude, Delivery::streaming);

  ASSERT_TRUE(buffered && streaming);
  EXPECT_EQ(buffered->operation, Operation::converse);
  EXPECT_EQ(buffered->headers[0].value, "application/json");
  EXPECT_EQ(buffered->headers[1].value, "application/json");
  EXPECT_EQ(buffered->body, R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}]})");
  EXPECT_TRUE(buffered->warnings.empty());
  EXPECT_EQ(streaming->operation, Operation::converse_stream);
  EXPECT_EQ(streaming->headers[1].value, "application/vnd.amazon.eventstream");
  EXPECT_EQ(streaming->body, buffered->body);
}

TEST(ConverseRequest, joins_neighbours_and_sets_system_apart) {
  ChatRequest request{.messages = {Message::system("Be brief."), Message::user("a"),
                                   Message::user("b"), Message::assistant("c"),
                                   Message::tool_result("t", "d", ToolStatus::error)}};
  request.messages[0].content.emplace_back(CachePoint{"5m"});
  request.messages[0].content.emplace_back(GuardContent{TextContent{"g"}, {"query"}});

  const auto wire = encode(request);

  ASSERT_TRUE(wire) << wire.error().message;
  EXPECT_EQ(wire->body,
            R"({"messages":[{"role":"user","content":[{"text":"a"},{"text":"b"}]},)"
            R"({"role":"assistant","content":[{"text":"c"}]},)"
            R"({"role":"user","content":[{"toolResult":{"toolUseId":"t","content":[{"text":"d"}],)"
            R"("status":"error"}}]}],)"
            R"("system":[{"text":"Be brief."},{"cachePoint":{"type":"default","ttl":"5m"}},)"
            R"({"guardContent":{"text":{"text":"g","qualifiers":["query"]}}}]})");
}

TEST(ConverseRequest, carries_every_option) {
  ChatRequest request = ask("Hi");
  request.max_tokens = 5;
  request.temperature = 0.5;
  request.top_p = 0.25;
  request.stop_sequences = {"END"};
  request.guardrail = {.id = "g1", .version = "DRAFT", .trace = "enabled", .stream_mode = "async"};
  request.service_tier = "flex";
  request.latency = "optimized";
  request.metadata = {{"team", "a"}};
  request.extra_response_fields = {"/stop_sequence"};

  const std::string common =
      R"("inferenceConfig":{"maxTokens":5,"stopSequences":["END"],"temperature":0.5,"topP":0.25},)"
      R"("performanceConfig":{"latency":"optimized"},"requestMetadata":{"team":"a"},)"
      R"("serviceTier":{"type":"flex"}})";
  EXPECT_EQ(options_of(request),
            R"({"additionalModelResponseFieldPaths":["/stop_sequence"],"guardrailConfig":)"
            R"({"guardrailIdentifier":"g1","guardrailVersion":"DRAFT","trace":"enabled"},)" +
                common);
  EXPECT_EQ(options_of(request, kClaude, Delivery::streaming),
            R"({"additionalModelResponseFieldPaths":["/stop_sequence"],"guardrailConfig":)"
            R"({"guardrailIdentifier":"g1","guardrailVersion":"DRAFT",)"
            R"("streamProcessingMode":"async","trace":"enabled"},)" +
                common);
}

TEST(ConverseRequest, carries_tools_and_choices) {
  ChatRequest request = ask("Hi");
  request.tools = {tool("look")};
  request.tools[0].strict = true;
  const std::string tools =
      R"("tools":[{"toolSpec":{"description":"d","inputSchema":{"json":{}},"name":"look",)"
      R"("strict":true}}]}})";
  const std::vector<std::pair<ToolChoice, std::string>> cases = {
      {{}, ""},
      {{.kind = ToolChoice::Kind::automatic}, R"("toolChoice":{"auto":{}},)"},
      {{.kind = ToolChoice::Kind::any}, R"("toolChoice":{"any":{}},)"},
      {{.kind = ToolChoice::Kind::one, .name = "look"},
       R"("toolChoice":{"tool":{"name":"look"}},)"}};
  for (const auto& [choice, text] : cases) {
    request.tool_choice = choice;

    EXPECT_EQ(options_of(request), R"({"toolConfig":{)" + text + tools);
  }
}

TEST(ConverseRequest, leaves_tools_out_when_none_may_be_called) {
  ChatRequest request = ask("Hi");
  request.tools = {tool("look")};
  request.tool_choice.kind = ToolChoice::Kind::none;

  const auto wire = encode(request);

  ASSERT_TRUE(wire);
  EXPECT_THAT(wire->body, ::testing::Not(HasSubstr("toolConfig")));
  EXPECT_TRUE(has_warning(wire->warnings, "tool_choice_none"));
}

TEST(ConverseRequest, sends_tools_that_the_conversation_has_used) {
  ChatRequest request = ask("Hi");
  request.tools = {tool("look")};
  request.tool_choice.kind = ToolChoice::Kind::none;
  request.messages.push_back(
      {.role = Role::assistant, .content = {ToolCallContent{.id = "t", .name = "look"}}});
  request.messages.push_back(Message::tool_result("t", "x"));

  const auto wire = encode(request);

  ASSERT_TRUE(wire);
  EXPECT_THAT(wire->body, HasSubstr(R"("toolConfig":{"tools":[)"));
  EXPECT_THAT(wire->body, ::testing::Not(HasSubstr("toolChoice")));
  EXPECT_TRUE(has_warning(wire->warnings, "tool_choice_none"));
}

TEST(ConverseRequest, puts_a_cache_point_before_everything_after_the_tools) {
  ChatRequest request = ask("Hi");
  request.tools = {tool("look")};
  request.messages[0].content.insert(request.messages[0].content.begin(), CachePoint{});

  EXPECT_THAT(options_of(request), HasSubstr(R"({"cachePoint":{"type":"default"}}]}})"));

  request.tools.clear();
  EXPECT_EQ(error_of(encode(request)).code, ErrorCode::invalid_request_error);
}

TEST(ConverseRequest, writes_a_schema_natively_or_as_a_tool) {
  constexpr ModelFacts native{.base_id = "vendor.native",
                              .takes = {.schema_converse = Support::yes}};
  ChatRequest request = ask("Hi");
  request.response_format = {.schema = *Json::parse(R"({"type":"object"})")};

  EXPECT_EQ(options_of(request, native),
            R"({"outputConfig":{"textFormat":{"structure":{"jsonSchema":{"name":"answer",)"
            R"("schema":"{\"type\":\"object\"}"}},"type":"json_schema"}}})");
  EXPECT_EQ(encode(request, native)->structured_output, "native");
  EXPECT_EQ(options_of(request),
            R"({"toolConfig":{"toolChoice":{"tool":{"name":"structured_answer"}},"tools":)"
            R"([{"toolSpec":{"description":"Call this tool to give your answer.","inputSchema":)"
            R"({"json":{"type":"object"}},"name":"structured_answer"}}]}})");
  EXPECT_EQ(encode(request)->structured_output, "tool");
}

TEST(ConverseRequest, asks_for_the_schema_where_a_call_cannot_be_forced) {
  constexpr ModelFacts free{.base_id = "vendor.free",
                            .takes = {.choice_any = Support::no, .choice_tool = Support::no}};
  ChatRequest request = ask("Hi");
  request.response_format = {.schema = *Json::parse(R"({"type":"object"})")};

  const std::string options = options_of(request, free);

  EXPECT_FALSE(options.contains("toolChoice")) << options;
  EXPECT_THAT(options, HasSubstr(R"("name":"structured_answer")"));
  EXPECT_THAT(encode(request, free)->body, HasSubstr(std::string(kStructuredOutputInstruction)));
  EXPECT_EQ(encode(request, free)->warnings.front().id, "structured_output_asked");
  request.tools = {{.name = "f"}};
  request.tool_choice.kind = ToolChoice::Kind::none;
  EXPECT_EQ(error_of(encode(request, free)).code, ErrorCode::unsupported_feature);
}

struct JsonResultRow {
  std::string name;
  std::string json;
  std::string part;
};

class ConverseJsonResults : public ::testing::TestWithParam<JsonResultRow> {};

TEST_P(ConverseJsonResults, are_objects_or_text) {
  ChatRequest request = ask("Hi");
  request.tools = {{.name = "f"}};
  request.messages.push_back({Role::assistant, {ToolCallContent{.id = "t", .name = "f"}}});
  request.messages.push_back(
      {Role::tool,
       {ToolResultContent{.tool_call_id = "t", .content = {*Json::parse(GetParam().json)}}}});

  EXPECT_THAT(encode(request)->body, HasSubstr(R"("content":[)" + GetParam().part + "]"));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ConverseJsonResults,
    ::testing::Values(JsonResultRow{"object", R"({"a":1})", R"({"json":{"a":1}})"},
                      JsonResultRow{"array", "[1,2,3]", R"({"text":"[1,2,3]"})"},
                      JsonResultRow{"number", "42", R"({"text":"42"})"},
                      JsonResultRow{"null", "null", R"({"text":"null"})"},
                      JsonResultRow{"boolean", "true", R"({"text":"true"})"},
                      JsonResultRow{"text", R"("a")", R"({"text":"\"a\""})"}),
    [](const auto& row) { return row.param.name; });

TEST(ConverseRequest, puts_reasoning_where_the_model_has_it) {
  constexpr ModelFacts adaptive{.base_id = "anthropic.adaptive",
                                .provider = "Anthropic",
                                .wire_format = WireFormat::claude_messages,
                                .takes = {.thinking_budget = Support::no}};
  ChatRequest request = ask("Hi");

  request.reasoning = {.budget_tokens = 2048};
  EXPECT_EQ(options_of(request),
            R"({"additionalModelRequestFields":{"thinking":{"budget_tokens":2048,)"
            R"("type":"enabled"}}})");
  EXPECT_EQ(error_of(encode(request, kNova)).code, ErrorCode::unsupported_feature);
  EXPECT_EQ(error_of(encode(request, kPlain)).code, ErrorCode::unsupported_feature);
  request.reasoning = {.effort = "high"};
  EXPECT_EQ(options_of(request, adaptive),
            R"({"additionalModelRequestFields":{"thinking":{"type":"adaptive"}},)"
            R"("outputConfig":{"effort":"high"}})");
  EXPECT_EQ(options_of(request, kNova), R"({"outputConfig":{"effort":"high"}})");
  request.reasoning = {.enabled = false};
  EXPECT_EQ(options_of(request),
            R"({"additionalModelRequestFields":{"thinking":{"type":"disabled"}}})");
  EXPECT_EQ(options_of(request, kPlain), "{}");
  EXPECT_EQ(error_of(encode(request, kNova)).code, ErrorCode::unsupported_feature);
}

TEST(ConverseRequest, puts_top_k_where_the_model_has_it) {
  ChatRequest request = ask("Hi");
  request.top_k = 20;

  EXPECT_EQ(options_of(request), R"({"additionalModelRequestFields":{"top_k":20}})");
  EXPECT_EQ(options_of(request, kNova),
            R"({"additionalModelRequestFields":{"inferenceConfig":{"topK":20}}})");
  const Error error = error_of(encode(request, kPlain));
  EXPECT_EQ(error.code, ErrorCode::unsupported_feature);
  EXPECT_THAT(error.message, HasSubstr("vendor.plain"));
  EXPECT_FALSE(testing::encode(converse_codec(), request, unknown_model(), Delivery::buffered));
}

TEST(ConverseRequest, merges_extra_fields) {
  ChatRequest request = ask("Hi");
  request.top_k = 20;
  request.extra_fields = *Json::parse(R"({"top_k":5,"seed":1})");

  EXPECT_EQ(options_of(request), R"({"additionalModelRequestFields":{"seed":1,"top_k":5}})");
  EXPECT_TRUE(has_warning(encode(request)->warnings, "extra_field_replaces"));
  request.extra_fields = *Json::parse("[1]");
  EXPECT_EQ(error_of(encode(request)).code, ErrorCode::configuration_error);
}

TEST(ConverseRequest, warns_of_a_model_that_is_not_in_the_catalogue) {
  ChatRequest request = ask("Hi");
  request.tools = {tool("look")};
  request.messages[0].content.emplace_back(ImageContent{.source = kPng});

  const auto wire =
      testing::encode(converse_codec(), request, unknown_model(), Delivery::streaming);

  ASSERT_TRUE(wire);
  ASSERT_EQ(wire->warnings.size(), 1U);
  EXPECT_EQ(wire->warnings[0].id, "unknown_model");
  EXPECT_THAT(wire->warnings[0].message, HasSubstr("vendor.unlisted-v1"));
}

TEST(ConverseRequest, refuses_blocks_that_cannot_be_carried) {
  const std::vector<std::pair<Content, std::string>> cases = {
      {ImageContent{.source = kPng}, "does not accept images"},
      {VideoContent{.source = "x", .format = "mp4"}, "does not accept videos"},
      {ToolResultContent{.tool_call_id = "t"}, "does not support tools"},
      {GuardContent{ImageContent{.source = kPng}}, "does not accept images"},
      {UnknownContent{.wire_format = "claude_messages", .block = Json::empty_object()},
       "through Converse"},
      {CitationsContent{.text = "a", .citations = {*Json::parse(R"({"type":"x"})")}},
       "its citations"}};
  for (const auto& [content, what] : cases) {
    ChatRequest request = ask("Hi");
    request.messages[0].content.push_back(content);

    const Error error = error_of(encode(request, kPlain));

    EXPECT_EQ(error.code, ErrorCode::unsupported_feature) << what;
    EXPECT_THAT(error.message, HasSubstr(what));
    EXPECT_THAT(error.message, HasSubstr("messages[0].content[1]"));
    EXPECT_THAT(error.message, HasSubstr("vendor.plain"));
  }
}

TEST(ConverseRequest, refuses_options_that_cannot_be_carried) {
  constexpr ModelFacts no_stream_tools{.base_id = "meta.llama",
                                       .quirks = {.no_stream_tools = true}};
  ChatRequest tools = ask("Hi");
  tools.tools = {tool("look")};
  ChatRequest one_call = tools;
  one_call.tool_choice.parallel_calls = false;
  ChatRequest variables = ask("Hi");
  variables.prompt_variables = {{"a", "b"}};
  const std::vector<std::pair<Result<WireRequest>, std::string>> cases = {
      {encode(tools, kPlain), "does not support tools."},
      {encode(tools, no_stream_tools, Delivery::streaming),
       "does not support tools while streaming."},
      {encode(ask("Hi"), kPlain, Delivery::streaming), "does not support streaming."},
      {encode(one_call), "parallel tool calls"},
      {encode(variables), "prompt_variables"}};
  for (const auto& [wire, what] : cases) {
    const Error error = error_of(wire);

    EXPECT_EQ(error.code, ErrorCode::unsupported_feature) << what;
    EXPECT_THAT(error.message, HasSubstr(what));
  }
  EXPECT_TRUE(encode(tools, no_stream_tools));
}

TEST(ConverseRequest, refuses_members_that_a_prompt_sets_itself) {
  const ModelId prompt{.requested_id = "arn:aws:bedrock:us-east-1:123456789012:prompt/PROMPT12345",
                       .kind = IdKind::prompt};
  ChatRequest request{.prompt_variables = {{"city", "Oslo"}}};

  const auto wire = testing::encode(converse_codec(), request, prompt, Delivery::buffered);

  ASSERT_TRUE(wire) << wire.error().message;
  EXPECT_EQ(wire->body, R"({"promptVariables":{"city":{"text":"Oslo"}}})");

  request.max_tokens = 5;
  request.tools = {tool("look")};
  request.messages = {Message::system("s"), Message::user("u")};
  const Error error =
      error_of(testing::encode(converse_codec(), request, prompt, Delivery::buffered));
  EXPECT_EQ(error.code, ErrorCode::unsupported_feature);
  EXPECT_THAT(error.message, HasSubstr("system messages, max_tokens, tools"));
}

}  // namespace
}  // namespace llm::bedrock
