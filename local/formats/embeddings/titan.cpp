#include <array>
#include <span>

#include "base/base64.hpp"
#include "json/writer.hpp"
#include "local/formats/embeddings/embeddings.hpp"
#include "local/frontend/json_schema_errors.hpp"
#include "local/model/tokens.hpp"
#include "local/model/vector.hpp"

namespace llm::local {
namespace {

using json::Value;

constexpr std::size_t kMaxTextBytes = 50'000;  // Bedrock User Guide: characters of `inputText`.

// The first generation accepts the text only.
constexpr std::array kTitanEmbeddingFields{
    Field{"inputText", FieldType::string, true},
    Field{"dimensions", FieldType::integer},
    Field{"normalize", FieldType::boolean},
    Field{"embeddingTypes", FieldType::array},
};

constexpr std::array kTitanImageFields{
    Field{"inputText", FieldType::string},
    Field{"inputImage", FieldType::string},
    Field{"embeddingConfig", FieldType::object},
};
constexpr std::array kTitanImageConfigFields{Field{"outputEmbeddingLength", FieldType::integer}};

std::string text_violation(std::string_view text) {
  if (text.empty()) return "expected minLength: 1, actual: 0";
  if (text.size() <= kMaxTextBytes) return {};
  return "expected maxLength: " + std::to_string(kMaxTextBytes) +
         ", actual: " + std::to_string(text.size());
}

std::string types_violation(const Value& types) {
  std::string wrong;
  std::size_t index = 0;
  for (const Value type : types.elements()) {
    wrong += choice_violation(type, "#/embeddingTypes/" + std::to_string(index++), "float binary");
  }
  return wrong;
}

}  // namespace

Checked<Embedding> embed_with_titan(const Value& body, const Model& model) {
  const bool has_types = model.vector_sizes.contains(' ');
  std::string wrong = violations(body, "#",
                                 has_types ? std::span<const Field>(kTitanEmbeddingFields)
                                           : std::span(kTitanEmbeddingFields).first(1));
  const std::size_t size = vector_size(body["dimensions"], model);
  if (wrong.empty() && size == 0) {
    wrong = choice_violation(body["dimensions"], "#/dimensions", model.vector_sizes);
  }
  wrong += types_violation(body["embeddingTypes"]);
  const std::string text = body["inputText"].text_or_empty();
  if (wrong.empty()) wrong = text_violation(text);
  if (!wrong.empty()) return malformed(wrong);
  const std::int64_t tokens = count_tokens(text);
  if (auto checked = check_context(tokens, model); !checked) {
    return std::unexpected(checked.error());
  }

  const std::vector<double> vector = unit_vector(text, model.id, size);
  json::Writer writer;
  writer.begin_object().key("embedding");
  write_vector(vector, VectorType::floats, writer);
  if (has_types) {
    const Value types = body["embeddingTypes"];
    writer.key("embeddingsByType").begin_object();
    if (asks_for_type(types, "binary")) {
      write_vector(vector, VectorType::bits, writer.key("binary"));
    }
    if (asks_for_type(types, "float")) {
      write_vector(vector, VectorType::floats, writer.key("float"));
    }
    writer.end_object();
  }
  writer.key("inputTextTokenCount").integer(tokens).end_object();
  return Embedding{.body = std::move(writer).take(), .prompt_tokens = tokens};
}

Checked<Embedding> embed_with_titan_image(const Value& body, const Model& model) {
  std::string wrong = violations(body, "#", kTitanImageFields);
  const Value config = body["embeddingConfig"];
  if (config.exists()) wrong += violations(config, "#/embeddingConfig", kTitanImageConfigFields);
  const Value length = config["outputEmbeddingLength"];
  const std::size_t size = vector_size(length, model);
  if (wrong.empty() && size == 0) {
    wrong = choice_violation(length, "#/embeddingConfig/outputEmbeddingLength", model.vector_sizes);
  }
  if (!wrong.empty()) return malformed(wrong);
  const std::string text = body["inputText"].text_or_empty();
  std::string content = text;
  if (text.empty() && !body["inputImage"].exists()) {
    return invalid("Either inputText or inputImage must be provided.");
  }
  if (!base::append_base64_decoded(body["inputImage"].text_or_empty(), content)) {
    return malformed("#/inputImage: is not a well-formed base64 string");
  }
  const std::int64_t tokens = count_tokens(text);
  if (auto checked = check_context(tokens, model); !checked) {
    return std::unexpected(checked.error());
  }

  json::Writer writer;
  writer.begin_object().key("embedding");
  write_vector(unit_vector(content, model.id, size), VectorType::floats, writer);
  writer.key("inputTextTokenCount").integer(tokens).end_object();
  return Embedding{.body = std::move(writer).take(), .prompt_tokens = tokens};
}

}  // namespace llm::local
