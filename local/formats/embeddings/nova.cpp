#include <array>

#include "base/base64.hpp"
#include "json/writer.hpp"
#include "local/formats/embeddings/embeddings.hpp"
#include "local/frontend/json_schema_errors.hpp"
#include "local/model/tokens.hpp"
#include "local/model/vector.hpp"

namespace llm::local {
namespace {

using json::Value;

// The tokens of a prompt around the text; recorded: "Hello, world!" counts 19.
constexpr std::int64_t kNovaOverheadTokens = 15;

constexpr std::array kNovaEmbeddingFields{
    Field{"schemaVersion", FieldType::string},
    Field{"taskType", FieldType::string, true},
    Field{"singleEmbeddingParams", FieldType::object, true},
};
constexpr std::array kParameterFields{
    Field{"embeddingPurpose", FieldType::string, true},
    Field{"embeddingDimension", FieldType::integer},
    Field{"text", FieldType::object},
    Field{"image", FieldType::object},
};
constexpr std::array kTextFields{
    Field{"value", FieldType::string, true},
    Field{"truncationMode", FieldType::string, true},
};
constexpr std::array kNovaImageFields{
    Field{"format", FieldType::string, true},
    Field{"source", FieldType::object, true},
    Field{"detailLevel", FieldType::string},
};
constexpr std::string_view kParameters = "#/singleEmbeddingParams";
constexpr std::string_view kPurposes =
    "GENERIC_INDEX GENERIC_RETRIEVAL TEXT_RETRIEVAL IMAGE_RETRIEVAL VIDEO_RETRIEVAL "
    "DOCUMENT_RETRIEVAL AUDIO_RETRIEVAL CLASSIFICATION CLUSTERING";

std::string at(std::string_view member) {
  return std::string(kParameters) + "/" + std::string(member);
}

std::string input_violation(const Value& parameters) {
  const Value text = parameters["text"];
  const Value image = parameters["image"];
  if (!text.exists() && !image.exists()) {
    return std::string(kParameters) + ": required key [text] not found";
  }
  if (text.exists() && image.exists()) {
    return std::string(kParameters) + ": extraneous key [image] is not permitted";
  }
  if (image.exists()) {
    return violations(image, at("image"), kNovaImageFields) +
           choice_violation(image["format"], at("image/format"), "png jpeg gif webp");
  }
  std::string wrong =
      violations(text, at("text"), kTextFields) +
      choice_violation(text["truncationMode"], at("text/truncationMode"), "START END NONE");
  if (text["value"].string() == "")
    wrong += at("text/value") + ": expected minLength: 1, actual: 0";
  return wrong;
}

std::string nova_body_violation(const Value& body, const Model& model) {
  const Value parameters = body["singleEmbeddingParams"];
  std::string wrong = violations(body, "#", kNovaEmbeddingFields) +
                      choice_violation(body["taskType"], "#/taskType", "SINGLE_EMBEDDING");
  if (!parameters.is_object()) return wrong;
  wrong += violations(parameters, kParameters, kParameterFields);
  wrong += choice_violation(parameters["embeddingPurpose"], at("embeddingPurpose"), kPurposes);
  wrong += choice_violation(parameters["embeddingDimension"], at("embeddingDimension"),
                            model.vector_sizes);
  return wrong + input_violation(parameters);
}

}  // namespace

Checked<Embedding> embed_with_nova(const Value& body, const Model& model) {
  const std::string wrong = nova_body_violation(body, model);
  if (!wrong.empty()) return malformed(wrong);

  const Value parameters = body["singleEmbeddingParams"];
  const Value text = parameters["text"];
  std::string content = text["value"].text_or_empty();
  const Value bytes = parameters["image"]["source"]["bytes"];
  if (!base::append_base64_decoded(bytes.text_or_empty(), content)) {
    return malformed(at("image/source/bytes") + ": is not a well-formed base64 string");
  }
  const std::int64_t tokens = kNovaOverheadTokens + (text.exists() ? count_tokens(content) : 0);
  if (text["truncationMode"].string() == "NONE") {
    auto checked = check_context(tokens, model);
    if (!checked) return std::unexpected(checked.error());
  }

  const std::size_t size = vector_size(parameters["embeddingDimension"], model);
  json::Writer writer;
  writer.begin_object().key("embeddings").begin_array().begin_object().key("embedding");
  write_vector(unit_vector(content, model.id, size), VectorType::floats, writer);
  writer.member("embeddingType", text.exists() ? "TEXT" : "IMAGE");
  writer.end_object().end_array().end_object();
  return Embedding{.body = std::move(writer).take(), .prompt_tokens = tokens};
}

}  // namespace llm::local
