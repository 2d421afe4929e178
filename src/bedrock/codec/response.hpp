#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include <llm/chat.hpp>
#include <llm/json.hpp>
#include <llm/transport.hpp>

#include "json/reader.hpp"

namespace llm::bedrock {

/// A number of tokens or milliseconds; nullopt when it is absent, negative or beyond belief.
[[nodiscard]] std::optional<std::int64_t> count_of(const json::Value& value);

/// What Bedrock adds to the answer of any InvokeModel family: in the headers of a whole answer and
/// in `amazon-bedrock-*` members of a body or chunk.
struct InvocationNotes {
  std::optional<std::int64_t> input_tokens{};
  std::optional<std::int64_t> output_tokens{};
  std::optional<std::int64_t> cache_read_tokens{};
  std::optional<std::int64_t> cache_write_tokens{};
  std::optional<std::chrono::milliseconds> latency{};
  bool guardrail_intervened = false;
  Json trace{};

  /// Takes the `X-Amzn-Bedrock-*` headers.
  void read_head(const HttpResponseHead& head);
  /// Takes the `amazon-bedrock-*` members.
  void read_body(const json::Value& body);
  /// Takes the members of `amazon-bedrock-invocationMetrics`.
  void read_metrics(const json::Value& metrics);

  /// What the model did not report is taken from these notes; then the total is worked out: input,
  /// output and what was read from and written to a cache, as Converse counts it (recorded).
  void complete(Usage& usage) const;
  /// `content_filter` when a guardrail intervened, else `reason`.
  [[nodiscard]] FinishReason finish_reason(FinishReason reason) const;
};

/// Fills what every whole answer has: request id (also as id when the model gave none), latency,
/// tier and trace.
void fill_details(const HttpResponseHead& head, const InvocationNotes& notes,
                  ChatResponse& response);

/// model_error: the answer to InvokeModel is not what `form` says.
[[nodiscard]] Error malformed_response(std::string_view form, std::string_view what);

}  // namespace llm::bedrock
