#include "bedrock/codec/response.hpp"

#include <charconv>
#include <string>

#include "aws/protocol/service_error.hpp"

namespace llm::bedrock {
namespace {

// Larger counts are not plausible; four of these can be added without overflow.
constexpr std::int64_t kMaxCount = std::int64_t{1} << 53;

constexpr std::string_view kGuardrailAction = "amazon-bedrock-guardrailAction";
constexpr std::string_view kIntervened = "INTERVENED";

std::optional<std::int64_t> plausible(std::optional<std::int64_t> number) {
  return number && *number >= 0 && *number <= kMaxCount ? number : std::nullopt;
}

std::optional<std::int64_t> count_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return plausible(number);
}

void take(std::optional<std::int64_t> found, std::optional<std::int64_t>& into) {
  if (found) into = found;
}

}  // namespace

std::optional<std::int64_t> count_of(const json::Value& value) {
  return plausible(value.integer());
}

void InvocationNotes::read_head(const HttpResponseHead& head) {
  take(count_in(head.header("X-Amzn-Bedrock-Input-Token-Count")), input_tokens);
  take(count_in(head.header("X-Amzn-Bedrock-Output-Token-Count")), output_tokens);
  take(count_in(head.header("X-Amzn-Bedrock-Cache-Read-Input-Token-Count")), cache_read_tokens);
  take(count_in(head.header("X-Amzn-Bedrock-Cache-Write-Input-Token-Count")), cache_write_tokens);
  const auto milliseconds = count_in(head.header("X-Amzn-Bedrock-Invocation-Latency"));
  if (milliseconds) latency = std::chrono::milliseconds(*milliseconds);
}

void InvocationNotes::read_body(const json::Value& body) {
  for (const auto& [name, value] : body.members()) {
    if (!name.starts_with("amazon-bedrock-")) continue;  // most chunks have none
    if (name == kGuardrailAction) {
      guardrail_intervened = guardrail_intervened || value.string() == kIntervened;
    } else if (name == "amazon-bedrock-trace" && !value.is_null()) {
      trace = Json::from_valid_text(value.to_text());
    } else if (name == "amazon-bedrock-invocationMetrics") {
      read_metrics(value);
    }
  }
}

bool InvocationNotes::is_intervention(const json::Value& body) {
  return body[kGuardrailAction].string() == kIntervened;
}

void InvocationNotes::read_metrics(const json::Value& metrics) {
  take(count_of(metrics["inputTokenCount"]), input_tokens);
  take(count_of(metrics["outputTokenCount"]), output_tokens);
  take(count_of(metrics["cacheReadInputTokenCount"]), cache_read_tokens);
  take(count_of(metrics["cacheWriteInputTokenCount"]), cache_write_tokens);
  const auto milliseconds = count_of(metrics["invocationLatency"]);
  if (milliseconds) latency = std::chrono::milliseconds(*milliseconds);
}

void InvocationNotes::complete(Usage& usage) const {
  if (!usage.prompt_tokens) usage.prompt_tokens = input_tokens;
  if (!usage.completion_tokens) usage.completion_tokens = output_tokens;
  if (!usage.cache_read_tokens) usage.cache_read_tokens = cache_read_tokens;
  if (!usage.cache_write_tokens) usage.cache_write_tokens = cache_write_tokens;
  if (!usage.prompt_tokens || !usage.completion_tokens) return;
  usage.total_tokens = *usage.prompt_tokens + *usage.completion_tokens +
                       usage.cache_read_tokens.value_or(0) + usage.cache_write_tokens.value_or(0);
}

FinishReason InvocationNotes::finish_reason(FinishReason reason) const {
  return guardrail_intervened ? FinishReason::content_filter : reason;
}

void fill_details(const HttpResponseHead& head, const InvocationNotes& notes,
                  ChatResponse& response) {
  ResponseDetails& details = response.details;
  details.request_id = aws::request_id(head);
  details.service_tier = head.header("X-Amzn-Bedrock-Service-Tier");
  details.latency = head.header("X-Amzn-Bedrock-PerformanceConfig-Latency");
  details.model_latency = notes.latency;
  details.trace = notes.trace;
  if (response.id.empty()) response.id = details.request_id;
}

void warn_of_replaced(bool has_replaced, std::vector<Warning>& warnings) {
  if (!has_replaced) return;
  warnings.push_back(
      {"lone_surrogate",
       "The response contained half a character (a lone UTF-16 surrogate), which was "
       "replaced by U+FFFD."});
}

Error malformed_response(std::string_view format, std::string_view detail) {
  return make_error(ErrorCode::model_error, "The response is not a valid " + std::string(format) +
                                                " response. " + std::string(detail));
}

}  // namespace llm::bedrock
