#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <llm/chat.hpp>
#include <llm/json.hpp>
#include <llm/message.hpp>

namespace llm {

/// What is embedded: a text (UTF-8, not empty), or an image if the model supports vision.
using EmbeddingInput = std::variant<std::string, ImageContent>;

/// Asks for one vector per input. Vectors from different models, or of different dimensions, cannot
/// be compared.
struct EmbeddingRequest {
  std::string model{};  ///< Empty: the client's model.
  std::vector<EmbeddingInput> inputs{};
  /// Purpose of the vectors: `search_document` for stored texts, `search_query` for queries,
  /// `classification`, `clustering`, or the model's own word. Required by Cohere and Nova; Titan
  /// makes no difference.
  std::string input_type{};
  std::optional<int> dimensions{};  ///< Length of each vector; unset: the model's default.
  std::optional<bool> normalize{};  ///< Scale vectors to length 1; unset: the model's default.
  std::string truncate{};           ///< Where to truncate over-long text: `start` or `end`;
                                    ///< `none` or empty: refuse it.
  std::optional<int> max_tokens{};  ///< Longest text in tokens; unset: the model's limit.
  Json extra_fields{};              ///< JSON object merged into the native request.
};

/// What came with the vectors.
struct EmbeddingDetails {
  std::vector<std::string> request_ids{};                    ///< One per request.
  std::optional<std::chrono::milliseconds> model_latency{};  ///< Of all requests together.
  int attempts = 0;                                          ///< Requests sent, including retries.
  std::optional<double> cost_usd{};  ///< Computed from the catalogue's price; unset: unknown.
  friend bool operator==(const EmbeddingDetails&, const EmbeddingDetails&) = default;
};

/// The response to an EmbeddingRequest.
struct EmbeddingResponse {
  std::string model{};                            ///< The id that was called.
  std::vector<std::vector<double>> embeddings{};  ///< One per input, in the same order.
  Usage usage{};  ///< Of all requests together; nothing is generated.
  std::vector<Warning> warnings{};
  EmbeddingDetails details{};
  friend bool operator==(const EmbeddingResponse&, const EmbeddingResponse&) = default;
};

/// The response as one line of JSON; docs/json.md has an example.
[[nodiscard]] std::string to_json(const EmbeddingResponse& response);

}  // namespace llm
