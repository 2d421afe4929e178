#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"

namespace llm::local {

/// The response of an embedding model.
struct Embedding {
  std::string body{};
  std::int64_t prompt_tokens = 0;
};

/// Checks the body for an embedding model and makes vectors that depend on the content only. The id
/// of the response derives from `seed`. Requires: model.embeds().
[[nodiscard]] Checked<Embedding> embed(const json::Value& body, const Model& model,
                                       std::string_view seed);

/// The same, one family each.
/// Source: Bedrock User Guide, "Amazon Titan Embeddings", "Cohere Embed models" and "Nova
/// Multimodal Embeddings"; recorded exchanges.
[[nodiscard]] Checked<Embedding> embed_with_titan(const json::Value& body, const Model& model);
[[nodiscard]] Checked<Embedding> embed_with_titan_image(const json::Value& body,
                                                        const Model& model);
[[nodiscard]] Checked<Embedding> embed_with_cohere(const json::Value& body, const Model& model,
                                                   std::string_view seed);
[[nodiscard]] Checked<Embedding> embed_with_nova(const json::Value& body, const Model& model);

/// The dimensions of the vectors: `requested`, or the model's default when that is absent; 0 when
/// the model does not support them.
[[nodiscard]] std::size_t vector_size(const json::Value& requested, const Model& model);

/// `{pointer}: {value} is not a valid enum value` unless `value` is absent or one of `choices`,
/// which are separated by spaces.
[[nodiscard]] std::string choice_violation(const json::Value& value, std::string_view pointer,
                                           std::string_view choices);

/// Whether a list of embedding types has this one. Without a list, or with an empty one, the type
/// is `float`.
[[nodiscard]] bool asks_for_type(const json::Value& types, std::string_view name);

/// Refuses a text that exceeds the model's context, as Titan does.
/// Source: reported refusals, "Max input tokens: 8192, request input token count: 9279 ".
[[nodiscard]] Checked<void> check_context(std::int64_t tokens, const Model& model);

}  // namespace llm::local
