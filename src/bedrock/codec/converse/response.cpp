#include "bedrock/codec/converse/response.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "aws/protocol/service_error.hpp"
#include "bedrock/codec/block_table.hpp"
#include "bedrock/codec/conversation.hpp"
#include "bedrock/codec/converse/content.hpp"
#include "bedrock/codec/converse/converse.hpp"
#include "bedrock/codec/response.hpp"
#include "bedrock/codec/structured_output.hpp"
#include "bedrock/codec/unknown_members.hpp"
#include "llm/tool_arguments.hpp"

namespace llm::bedrock {
namespace {

struct StopRow {
  std::string_view stop_reason;
  FinishReason reason;
};
// botocore, StopReason of bedrock-runtime.
constexpr std::array<StopRow, 7> kStops{{
    {"end_turn", FinishReason::stop},
    {"stop_sequence", FinishReason::stop},
    {"max_tokens", FinishReason::length},
    {"model_context_window_exceeded", FinishReason::length},
    {"tool_use", FinishReason::tool_calls},
    {"guardrail_intervened", FinishReason::content_filter},
    {"content_filtered", FinishReason::content_filter},
}};

Json json_or_null(const json::Value& value) { return value.exists() ? json_of(value) : Json(); }

Result<void> read_message(const json::Value& message, ChatResponse& response) {
  Choice& choice = response.choices.front();
  for (const json::Value block : message["content"].elements()) {
    auto content = read_content_block(block);
    if (!content) return std::unexpected(content.error());
    if (is_structured_output(block["toolUse"])) response.details.structured_output = "tool";
    if (!is_empty_content(*content)) choice.message.content.push_back(std::move(*content));
  }
  return {};
}

Result<void> read_stop(const json::Value& root, ChatResponse& response) {
  const auto stop_reason = root["stopReason"].string();
  if (!stop_reason) {
    return std::unexpected(malformed_converse_response("It has no stop reason."));
  }
  const auto reason = converse_finish_reason(*stop_reason);
  if (!reason) return std::unexpected(reason.error());
  Choice& choice = response.choices.front();
  choice.stop_reason = *stop_reason;
  choice.finish_reason = finish_reason_of(*reason, response.details.structured_output,
                                          !choice.message.tool_calls().empty());
  return {};
}

}  // namespace

Result<FinishReason> converse_finish_reason(std::string_view stop_reason) {
  if (stop_reason == "malformed_model_output" || stop_reason == "malformed_tool_use") {
    Error error = make_error(ErrorCode::model_error,
                             "The model's output was malformed (" + std::string(stop_reason) + ").",
                             "Send the request again.");
    error.service_code = stop_reason;
    return std::unexpected(std::move(error));
  }
  const auto row = std::ranges::find(kStops, stop_reason, &StopRow::stop_reason);
  return row == kStops.end() ? FinishReason::unknown : row->reason;
}

Usage read_converse_usage(const json::Value& usage) {
  Usage counts{.prompt_tokens = count_of(usage["inputTokens"]),
               .completion_tokens = count_of(usage["outputTokens"]),
               .total_tokens = count_of(usage["totalTokens"]),
               .cache_read_tokens = count_of(usage["cacheReadInputTokens"]),
               .cache_write_tokens = count_of(usage["cacheWriteInputTokens"])};
  for (const json::Value detail : usage["cacheDetails"].elements()) {
    const auto tokens = count_of(detail["inputTokens"]);
    if (tokens) counts.cache_write_tokens_by_ttl[detail["ttl"].text_or_empty()] += *tokens;
  }
  return counts;
}

void read_converse_details(const json::Value& root, ResponseDetails& details) {
  const auto milliseconds = count_of(root["metrics"]["latencyMs"]);
  if (milliseconds) details.model_latency = std::chrono::milliseconds(*milliseconds);
  details.trace = json_or_null(root["trace"]);
  details.service_tier = root["serviceTier"]["type"].text_or_empty();
  details.latency = root["performanceConfig"]["latency"].text_or_empty();
}

Json read_extra_fields(const json::Value& root) {
  return json_or_null(root["additionalModelResponseFields"]);
}

Error malformed_converse_response(std::string_view detail) {
  return malformed_response("Converse", detail);
}

Result<ChatResponse> decode_converse(const HttpResponseHead& head, std::string_view body) {
  json::Parser parser;
  const auto root = parser.parse(body, json::LoneSurrogates::replace);
  if (!root)
    return std::unexpected(
        malformed_converse_response("The body cannot be parsed. " + root.error().message));
  const json::Value message = (*root)["output"]["message"];
  if (!message["content"].is_array()) {
    return std::unexpected(malformed_converse_response("It has no message."));
  }
  if (message["content"].size() > kMaxContentBlocks) {
    return std::unexpected(malformed_converse_response("It has more than 10000 content blocks."));
  }

  ChatResponse response;
  response.choices.emplace_back().message.role = Role::assistant;
  if (const auto read = read_message(message, response); !read) {
    return std::unexpected(read.error());
  }
  if (const auto read = read_stop(*root, response); !read) return std::unexpected(read.error());
  response.usage = read_converse_usage((*root)["usage"]);
  read_converse_details(*root, response.details);
  response.details.extra_fields = read_extra_fields(*root);
  response.details.request_id = aws::request_id(head);
  response.id = response.details.request_id;
  warn_of_arguments(response.choices.front().message, response.warnings);
  warn_of_replaced(parser.has_replaced(), response.warnings);
  return response;
}

}  // namespace llm::bedrock
