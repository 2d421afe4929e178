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

/// What a vector is made of: a text (UTF-8, not empty), or an image where the model sees.
using EmbeddingInput = std::variant<std::string, ImageContent>;

/// Asks for one vector for each input. Vectors of different models, or of different dimensions,
/// cannot be compared.
struct EmbeddingRequest {
  std::string model{};  ///< Empty: the client's.
  std::vector<EmbeddingInput> inputs{};
  /// What the vectors are for: `search_document` for what is stored, `search_query` for what is
  /// asked, `classification`, `clustering`, or the model's own word. Cohere and Nova must be told;
  /// Titan knows no difference.
  std::string input_type{};
  std::optional<int> dimensions{};  ///< Length of a vector; unset: the model's default.
  std::optional<bool> normalize{};  ///< Scale vectors to length 1; unset: the model's default.
  std::string truncate{};           ///< A text that is too long: cut off its `start` or `end`;
                                    ///< `none` or empty: refuse it.
  std::optional<int> max_tokens{};  ///< A text is too long beyond this; unset: the model's limit.
  Json extra_fields{};              ///< Object merged into the model's own request.
};

/// What came with the vectors.
struct EmbeddingDetails {
  std::vector<std::string> request_ids{};                    ///< One for each call.
  std::optional<std::chrono::milliseconds> model_latency{};  ///< Of all calls together.
  int attempts = 0;                  ///< Requests sent for all calls, retries included.
  std::optional<double> cost_usd{};  ///< From the catalogue's price; unset: unknown.
  friend bool operator==(const EmbeddingDetails&, const EmbeddingDetails&) = default;
};

/// The vectors of an EmbeddingRequest.
struct EmbeddingResponse {
  std::string model{};                            ///< The id that was called.
  std::vector<std::vector<double>> embeddings{};  ///< One for each input, in its order.
  Usage usage{};                                  ///< Of all calls; nothing is generated.
  std::vector<Warning> warnings{};
  EmbeddingDetails details{};
  friend bool operator==(const EmbeddingResponse&, const EmbeddingResponse&) = default;
};

/// The response as one line of JSON; docs/json.md shows one.
[[nodiscard]] std::string to_json(const EmbeddingResponse& response);

}  // namespace llm
