#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"

namespace llm::local {

/// What an embedding model replies.
struct Embedding {
  std::string body{};
  std::int64_t prompt_tokens = 0;
};

/// Checks the body of an embedding model and answers it with vectors that depend on the content
/// alone. `seed` makes the id of the reply. Requires: model.embeds().
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

/// How long the vectors are to be: `wanted`, or the model's default when it is absent; 0 when the
/// model has no such length.
[[nodiscard]] std::size_t vector_size(const json::Value& wanted, const Model& model);

/// `{pointer}: {value} is not a valid enum value` unless `value` is absent or one of `choices`,
/// which stand apart by blanks.
[[nodiscard]] std::string choice_violation(const json::Value& value, std::string_view pointer,
                                           std::string_view choices);

/// Refuses a text that is longer than the model reads, as Titan does.
/// Source: reported refusals, "Max input tokens: 8192, request input token count: 9279 ".
[[nodiscard]] Checked<void> check_context(std::int64_t tokens, const Model& model);

}  // namespace llm::local
