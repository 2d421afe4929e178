#include "llm/to_json.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

namespace llm::to_json_parts {

void write_text_or_null(std::string_view text, json::Writer& writer) {
  if (text.empty()) {
    writer.null();
    return;
  }
  writer.string(text);
}

void write_strings(const std::vector<std::string>& strings, json::Writer& writer) {
  writer.begin_array();
  for (const std::string& string : strings) writer.string(string);
  writer.end_array();
}

void write_usage(const Usage& usage, json::Writer& writer) {
  writer.begin_object();
  write_optional(usage.prompt_tokens, writer.key("prompt_tokens"));
  write_optional(usage.completion_tokens, writer.key("completion_tokens"));
  write_optional(usage.total_tokens, writer.key("total_tokens"));
  write_optional(usage.cache_read_tokens, writer.key("cache_read_tokens"));
  write_optional(usage.cache_write_tokens, writer.key("cache_write_tokens"));
  writer.key("cache_write_tokens_by_ttl").begin_object();
  for (const auto& [ttl, tokens] : usage.cache_write_tokens_by_ttl) {
    writer.key(ttl).integer(tokens);
  }
  writer.end_object();
  writer.end_object();
}

void write_dollars(std::optional<double> dollars, json::Writer& writer) {
  if (!dollars || !std::isfinite(*dollars)) {
    writer.null();
    return;
  }
  // Prices are per million tokens with at most 6 decimals, so 12 decimals print every cost exactly.
  // A number too large for the buffer is not a cost.
  constexpr int kDecimals = 12;
  std::array<char, 64> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), *dollars,
                                          std::chars_format::fixed, kDecimals);
  if (error != std::errc()) {
    writer.number(*dollars);
    return;
  }
  std::string_view text(digits.data(), end);
  text.remove_suffix(text.size() - 1 - text.find_last_not_of('0'));
  if (text.ends_with('.')) text.remove_suffix(1);
  writer.raw(text);
}

void write_warnings(const std::vector<Warning>& warnings, json::Writer& writer) {
  writer.begin_array();
  for (const Warning& warning : warnings) {
    writer.begin_object().member("id", warning.id).member("message", warning.message).end_object();
  }
  writer.end_array();
}

void write_details(const ResponseDetails& details, json::Writer& writer) {
  std::optional<std::int64_t> latency_ms;
  if (details.model_latency) latency_ms = details.model_latency->count();

  writer.begin_object();
  write_text_or_null(details.request_id, writer.key("request_id"));
  write_optional(latency_ms, writer.key("model_latency_ms"));
  writer.key("attempts").integer(details.attempts);
  write_text_or_null(details.service_tier, writer.key("service_tier"));
  write_text_or_null(details.latency, writer.key("latency"));
  write_text_or_null(details.structured_output, writer.key("structured_output"));
  writer.key("extra_fields").raw(details.extra_fields);
  writer.key("trace").raw(details.trace);
  write_dollars(details.cost_usd, writer.key("cost_usd"));
  writer.end_object();
}

void write_error(const Error& error, json::Writer& writer) {
  std::optional<int> status;
  if (error.status_code != 0) status = error.status_code;

  writer.begin_object().member("code", to_string(error.code));
  writer.member("type", error.type.empty() ? error_type(error.code) : error.type);
  writer.member("message", error.message);
  write_text_or_null(error.advice, writer.key("advice"));
  write_optional(status, writer.key("status_code"));
  write_text_or_null(error.service_code, writer.key("service_code"));
  write_text_or_null(error.request_id, writer.key("request_id"));
  writer.key("attempts").integer(error.attempts);
  writer.key("retryable").boolean(error.retryable);
  writer.end_object();
}

}  // namespace llm::to_json_parts
