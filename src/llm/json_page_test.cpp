// Keeps docs/json.md true: what it shows is what the code prints and reads.

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <llm/chat.hpp>
#include <llm/embedding.hpp>
#include <llm/health.hpp>
#include <llm/model.hpp>
#include <llm/stream.hpp>
#include <llm/token_count.hpp>
#include <llm/tool.hpp>

#include "base/text.hpp"
#include "base/time.hpp"
#include "json/reader.hpp"
#include "tests/support/json_page.hpp"

namespace llm {
namespace {

using test_support::example_under;
using test_support::examples_under;
using test_support::minified;

constexpr auto kRequestId = "3b8c2c8e-0000-4000-8000-000000000001";

ChatResponse response() {
  const ToolCallContent call{.id = "tooluse_1",
                             .name = "get_weather",
                             .arguments = Json::from_valid_text(R"({"city":"Oslo"})")};
  Choice choice{.finish_reason = FinishReason::tool_calls, .stop_reason = "tool_use"};
  choice.message = {.role = Role::assistant,
                    .content = {ReasoningContent{"Light scatters.", "c2lnbmVk"},
                                TextContent{"The sky is blue."}, call}};
  return {.id = "msg_01",
          .model = "anthropic.claude-3-5-sonnet-20241022-v2:0",
          .choices = {choice},
          .usage = {.prompt_tokens = 12,
                    .completion_tokens = 34,
                    .total_tokens = 46,
                    .cache_read_tokens = 0},
          .warnings = {{"model_legacy", "The model is in its legacy phase."}},
          .details = {.request_id = kRequestId,
                      .model_latency = std::chrono::milliseconds(850),
                      .cost_usd = 0.000546}};
}

std::vector<Content> every_content() {
  return {
      TextContent{"Hello"},
      ImageContent{.source = "image", .media_type = "image/png"},
      DocumentContent{.source = S3Location{"s3://bucket/report.pdf", "123456789012"},
                      .media_type = "application/pdf",
                      .name = "report",
                      .citations = true},
      VideoContent{.source = S3Location{"s3://bucket/film.mp4"}, .format = "mp4"},
      AudioContent{.source = "sound", .format = "wav"},
      ToolCallContent{.id = "t1",
                      .name = "search",
                      .type = "server_tool_use",
                      .unknown = {"claude_messages", Json::from_valid_text(R"({"caller":{}})")}},
      ToolResultContent{.tool_call_id = "t1",
                        .content = {TextContent{"found"}, Json::from_valid_text(R"({"hits":2})")},
                        .status = ToolStatus::success},
      ReasoningContent{.text = "Let me think."},
      RedactedReasoningContent{"c2VjcmV0"},
      CitationsContent{"As the report says.", {Json::from_valid_text(R"({"title":"report"})")}},
      SearchResultContent{
          .source = "https://example.com/", .title = "Example", .content = {"A paragraph."}},
      CachePoint{"1h"},
      GuardContent{.content = TextContent{"Is this so?"}, .qualifiers = {"query"}},
      ToolAdditionContent{{.name = "search", .server_name = "docs"}},
      ToolRemovalContent{{.name = "search"}},
      UnknownContent{"converse", Json::from_valid_text(R"({"hologram":{}})")},
  };
}

Error throttled() {
  Error error = make_error(ErrorCode::rate_limit_error,
                           "Too many requests, please wait before trying again.");
  error.status_code = 429;
  error.service_code = "ThrottlingException";
  error.request_id = kRequestId;
  error.attempts = 3;
  error.retryable = true;
  return error;
}

std::vector<StreamEvent> every_event() {
  const Done done{
      .finish_reason = FinishReason::stop,
      .stop_reason = "end_turn",
      .usage = {.prompt_tokens = 12, .completion_tokens = 34, .total_tokens = 46},
      .id = "msg_01",
      .model = "amazon.nova-lite-v1:0",
      .details = {.request_id = kRequestId, .model_latency = std::chrono::milliseconds(850)}};
  return {
      Delta{0, ReasoningDelta{"Light "}},
      Delta{0, ReasoningSignatureDelta{"c2lnbmVk"}},
      Delta{1, RedactedReasoningDelta{"c2VjcmV0"}},
      Delta{2, TextDelta{"The sky "}},
      Delta{2, CitationDelta{Json::from_valid_text(R"({"title":"report"})")}},
      Delta{2, BlockStop{}},
      Delta{3, ToolCallStart{.id = "tooluse_1", .name = "get_weather"}},
      Delta{3, ToolCallDelta{R"({"city":)"}},
      Delta{4, ToolResultStart{"t1", ToolStatus::success, "web_search_tool_result"}},
      Delta{4, ToolResultDelta{{Json::from_valid_text(R"({"hits":2})")}}},
      Delta{5, BlockDelta{ImageContent{.source = "image", .media_type = "image/png"}}},
      done,
      throttled(),
  };
}

TEST(JsonPage, shows_a_response_as_it_is_printed) {
  EXPECT_EQ(to_json(response()), minified(example_under("Response")));
}

TEST(JsonPage, shows_every_content_block_as_it_is_printed) {
  const std::string example = example_under("Content blocks");
  json::Parser parser;
  const auto shown = parser.parse(example);
  ASSERT_TRUE(shown);
  ASSERT_EQ(shown->size(), std::variant_size_v<Content>);

  auto block = shown->elements().begin();
  for (const Content& content : every_content()) {
    const ChatResponse one{.choices = {{.message = {.content = {content}}}}};
    const std::string printed = to_json(one);

    EXPECT_NE(printed.find("\"content\":[" + (*block).to_text() + "]"), std::string::npos)
        << (*block).to_text() << '\n'
        << printed;
    ++block;
  }
}

TEST(JsonPage, shows_every_stream_event_as_it_is_printed) {
  const std::string example = example_under("Stream events");
  const auto lines = base::split(base::trim(example), '\n');
  const auto events = every_event();
  ASSERT_EQ(lines.size(), events.size());

  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(to_json(events[i]), lines[i]);
}

TEST(JsonPage, shows_an_error_as_it_is_printed) {
  const Error error = make_error(ErrorCode::configuration_error, "Profile \"dev\" has no region.",
                                 "Set AWS_REGION or add \"region\" to ~/.aws/config.");

  EXPECT_EQ(to_json(error), minified(example_under("Error")));
}

TEST(JsonPage, shows_a_token_count_as_it_is_printed) {
  const TokenCount count{.prompt_tokens = 18,
                         .model = "anthropic.claude-haiku-4-5-20251001-v1:0",
                         .request_id = kRequestId};

  EXPECT_EQ(to_json(count), minified(example_under("Token count")));
}

TEST(JsonPage, shows_embeddings_as_they_are_printed) {
  EmbeddingResponse response{.model = "amazon.titan-embed-text-v2:0",
                             .embeddings = {{0.25, -0.5}, {0.125, 1}},
                             .usage = {.prompt_tokens = 9, .total_tokens = 9}};
  response.details = {.request_ids = {kRequestId, "3b8c2c8e-0000-4000-8000-000000000002"},
                      .model_latency = std::chrono::milliseconds(150),
                      .attempts = 2,
                      .cost_usd = 1.8e-7};

  EXPECT_EQ(to_json(response), minified(example_under("Embeddings")));
}

TEST(JsonPage, shows_a_cost_that_is_not_a_finite_number_as_unknown) {
  EmbeddingResponse response;
  for (const double cost : {std::numeric_limits<double>::infinity(),
                            -std::numeric_limits<double>::infinity(), std::nan("")}) {
    response.details.cost_usd = cost;

    EXPECT_TRUE(to_json(response).contains(R"("cost_usd":null)")) << to_json(response);
  }
}

TEST(JsonPage, shows_tools_as_they_are_read) {
  const Tool expected{.name = "get_weather",
                      .description = "Returns the weather of a city.",
                      .parameters = Json::from_valid_text(
                          R"({"type":"object","properties":{"city":{"type":"string"}}})"),
                      .strict = true};
  const auto examples = examples_under("Tools");
  const Tool own{.name = "nova_code_interpreter", .system = true};
  const std::vector<Tool> shown = {expected, expected, expected, own};
  ASSERT_EQ(examples.size(), shown.size());

  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto tools = tools_from_json(examples[i]);

    ASSERT_TRUE(tools) << tools.error().message;
    EXPECT_EQ(*tools, std::vector{shown[i]}) << examples[i];
  }
}

TEST(JsonPage, shows_a_health_report_as_it_is_printed) {
  HealthReport report{.checked_at = *base::parse_rfc3339("2026-01-02T03:04:05Z")};
  report.checks = {{.name = "reachable",
                    .status = HealthStatus::pass,
                    .duration = std::chrono::milliseconds(42),
                    .message = "bedrock-runtime.us-east-1.amazonaws.com responds."},
                   {.name = "credentials",
                    .status = HealthStatus::fail,
                    .duration = std::chrono::milliseconds(3),
                    .message = "The credentials of profile \"dev\" have expired.",
                    .advice = "Run `aws sso login --profile dev`.",
                    .error = ErrorCode::authentication_error}};

  EXPECT_EQ(to_json(report), minified(example_under("Health")));
}

TEST(JsonPage, shows_a_model_as_it_is_printed) {
  const ModelInfo model{.id = "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
                        .base_id = "anthropic.claude-3-5-sonnet-20241022-v2:0",
                        .provider = "Anthropic",
                        .name = "Claude 3.5 Sonnet v2",
                        .api = "invoke",
                        .wire_format = "claude_messages",
                        .mode = "chat",
                        .context_window = 200'000,
                        .max_output_tokens = 8192,
                        .tools = Support::yes,
                        .vision = Support::yes,
                        .streaming = Support::yes,
                        .reasoning = Support::no,
                        .input_modalities = {"text", "image"},
                        .profile_prefixes = {"us", "apac"},
                        .price = {.input = 3, .output = 15, .cache_read = 0.3},
                        .lifecycle = Lifecycle::legacy,
                        .end_of_life = "2026-03-01",
                        .sources = {"Bedrock User Guide"}};

  EXPECT_EQ(to_json(model), minified(example_under("Model")));
}

}  // namespace
}  // namespace llm
