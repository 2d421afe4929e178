#include <array>
#include <utility>

#include "base/text.hpp"
#include "json/writer.hpp"
#include "local/formats/embeddings/embeddings.hpp"
#include "local/formats/fragments.hpp"
#include "local/frontend/json_schema_errors.hpp"
#include "local/model/tokens.hpp"
#include "local/model/vector.hpp"

namespace llm::local {
namespace {

using json::Value;

constexpr std::size_t kMaxTexts = 96;
constexpr std::size_t kMaxTextCharacters = 2048;

// The last three are for version 4 only.
constexpr std::array kCohereEmbeddingFields{
    Field{"texts", FieldType::array},
    Field{"images", FieldType::array},
    Field{"input_type", FieldType::string, true},
    Field{"truncate", FieldType::string},
    Field{"embedding_types", FieldType::array},
    Field{"inputs", FieldType::array},
    Field{"output_dimension", FieldType::integer},
    Field{"max_tokens", FieldType::integer, false, 1, 128'000},
};
constexpr std::size_t kVersion4Fields = 3;

constexpr std::array<std::pair<std::string_view, VectorType>, 5> kTypes{
    {{"binary", VectorType::binary},
     {"float", VectorType::floats},
     {"int8", VectorType::int8},
     {"ubinary", VectorType::ubinary},
     {"uint8", VectorType::uint8}}};

/// Version 4 supports several vector sizes.
bool is_version4(const Model& model) { return model.vector_sizes.contains(' '); }

std::string texts_violation(const Value& texts, bool short_texts) {
  std::string wrong;
  if (texts.size() > kMaxTexts) {
    wrong = "#/texts: expected maximum item count: 96, found: " + std::to_string(texts.size());
  }
  std::size_t index = 0;
  for (const Value text : texts.elements()) {
    const std::string at = "#/texts/" + std::to_string(index++);
    wrong += type_violation(text, at, FieldType::string);
    const std::size_t length = text.text_or_empty().size();
    if (text.is_string() && length == 0) wrong += at + ": expected minLength: 1, actual: 0";
    if (short_texts && length > kMaxTextCharacters) {
      wrong += at + ": expected maxLength: 2048, actual: " + std::to_string(length);
    }
  }
  return wrong;
}

std::string cohere_body_violation(const Value& body, const Model& model) {
  const bool version4 = is_version4(model);
  const std::span<const Field> fields(kCohereEmbeddingFields);
  std::string wrong =
      violations(body, "#", version4 ? fields : fields.first(fields.size() - kVersion4Fields));
  wrong += choice_violation(body["input_type"], "#/input_type",
                            "search_document search_query classification clustering image");
  // Recorded: version 4 accepts START, although the guide names LEFT and RIGHT.
  wrong += choice_violation(body["truncate"], "#/truncate",
                            version4 ? "NONE START END LEFT RIGHT" : "NONE START END");
  wrong += choice_violation(body["output_dimension"], "#/output_dimension", model.vector_sizes);
  std::size_t index = 0;
  for (const Value type : body["embedding_types"].elements()) {
    wrong += choice_violation(type, "#/embedding_types/" + std::to_string(index++),
                              "float int8 uint8 binary ubinary");
  }
  return wrong + texts_violation(body["texts"], !version4);
}

/// The contents to embed: texts, images, or the mixed inputs of version 4.
std::vector<std::string> contents_of(const Value& body) {
  std::vector<std::string> contents;
  for (const std::string_view name : {"texts", "images"}) {
    for (const Value item : body[name].elements()) contents.push_back(item.text_or_empty());
  }
  for (const Value input : body["inputs"].elements()) {
    contents.push_back(input["content"].to_text());
  }
  return contents;
}

void write_vectors(const std::vector<std::vector<double>>& vectors, VectorType type,
                   json::Writer& writer) {
  writer.begin_array();
  for (const std::vector<double>& vector : vectors) write_vector(vector, type, writer);
  writer.end_array();
}

}  // namespace

Checked<Embedding> embed_with_cohere(const Value& body, const Model& model, std::string_view seed) {
  const std::string wrong = cohere_body_violation(body, model);
  if (!wrong.empty()) return malformed(wrong);
  const std::vector<std::string> contents = contents_of(body);
  if (contents.empty()) return malformed("#: required key [texts] not found");

  std::int64_t tokens = 0;
  std::vector<std::vector<double>> vectors;
  const std::size_t size = vector_size(body["output_dimension"], model);
  for (const std::string& content : contents) {
    tokens += count_tokens(content);
    vectors.push_back(unit_vector(content, model.id, size));
  }
  const bool by_type = is_version4(model) || body["embedding_types"].size() > 0;
  json::Writer writer;
  writer.begin_object().key("embeddings");
  if (by_type) {
    writer.begin_object();
    for (const auto& [name, type] : kTypes) {
      if (asks_for_type(body["embedding_types"], name)) {
        write_vectors(vectors, type, writer.key(name));
      }
    }
    writer.end_object();
  } else {
    write_vectors(vectors, VectorType::floats, writer);
  }
  writer.member("id", seed);
  writer.member("response_type", by_type ? "embeddings_by_type" : "embeddings_floats");
  writer.key("texts").begin_array();
  for (const Value text : body["texts"].elements()) {
    writer.string(model.lowercases_text ? base::to_lower(*text.string()) : text.text_or_empty());
  }
  writer.end_array().end_object();
  return Embedding{.body = std::move(writer).take(), .prompt_tokens = tokens};
}

}  // namespace llm::local
