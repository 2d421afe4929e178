#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/json.hpp>
#include <llm/transport.hpp>

#include "json/reader.hpp"

namespace llm::bedrock {

/// A number of tokens or milliseconds; nullopt when it is absent, negative or above 2^53.
[[nodiscard]] std::optional<std::int64_t> count_of(const json::Value& value);

/// What Bedrock itself reports about an InvokeModel response of any family: in the headers of a
/// buffered response and in `amazon-bedrock-*` members of a body or chunk.
struct InvocationNotes {
  std::optional<std::int64_t> input_tokens{};
  std::optional<std::int64_t> output_tokens{};
  std::optional<std::int64_t> cache_read_tokens{};
  std::optional<std::int64_t> cache_write_tokens{};
  std::optional<std::chrono::milliseconds> latency{};
  bool guardrail_intervened = false;
  Json trace{};

  /// Reads the `X-Amzn-Bedrock-*` headers.
  void read_head(const HttpResponseHead& head);
  /// Reads the `amazon-bedrock-*` members.
  void read_body(const json::Value& body);
  /// True when the body or chunk says that a guardrail intervened.
  [[nodiscard]] static bool is_intervention(const json::Value& body);
  /// Reads the members of `amazon-bedrock-invocationMetrics`.
  void read_metrics(const json::Value& metrics);

  /// Fills counts that the model did not report, then computes the total: input, output, cache read
  /// and cache write, as Converse counts it (recorded).
  void complete(Usage& usage) const;
  /// `content_filter` when a guardrail intervened, else `reason`.
  [[nodiscard]] FinishReason finish_reason(FinishReason reason) const;
};

/// Fills what every buffered response has: request id (also used as id if the model gave none),
/// latency, tier and trace.
void fill_details(const HttpResponseHead& head, const InvocationNotes& notes,
                  ChatResponse& response);

/// Warns (`lone_surrogate`) if the parser of a response replaced some.
void warn_of_replaced(bool has_replaced, std::vector<Warning>& warnings);

/// model_error: a buffered response of this wire format cannot be read. `detail` is a sentence.
[[nodiscard, gnu::cold]] Error malformed_response(std::string_view format, std::string_view detail);

}  // namespace llm::bedrock
