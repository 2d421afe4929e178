#include "local/formats/embeddings/embeddings.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace llm::local {

Checked<Embedding> embed(const json::Value& body, const Model& model, std::string_view seed) {
  switch (model.wire_format) {
    case WireFormat::titan_image_embedding:
      return embed_with_titan_image(body, model);
    case WireFormat::cohere_embedding:
      return embed_with_cohere(body, model, seed);
    case WireFormat::nova_embedding:
      return embed_with_nova(body, model);
    default:
      return embed_with_titan(body, model);
  }
}

std::size_t vector_size(const json::Value& requested, const Model& model) {
  const std::string text = requested.exists() ? requested.to_text() : std::string();
  for (const std::string_view size : base::split(model.vector_sizes, ' ')) {
    if (text.empty() || text == size) return std::stoul(std::string(size));
  }
  return 0;
}

std::string choice_violation(const json::Value& value, std::string_view pointer,
                             std::string_view choices) {
  if (!value.exists()) return {};
  const std::string text = value.is_string() ? value.text_or_empty() : value.to_text();
  if (std::ranges::count(base::split(choices, ' '), text) > 0) return {};
  return std::string(pointer) + ": " + text + " is not a valid enum value";
}

bool asks_for_type(const json::Value& types, std::string_view name) {
  if (types.size() == 0) return name == "float";
  for (const json::Value type : types.elements()) {
    if (type.string() == name) return true;
  }
  return false;
}

Checked<void> check_context(std::int64_t tokens, const Model& model) {
  if (tokens <= model.context_tokens) return {};
  return invalid("400 Bad Request: Too many input tokens. Max input tokens: " +
                 std::to_string(model.context_tokens) +
                 ", request input token count: " + std::to_string(tokens) + " ");
}

}  // namespace llm::local
