#include "bedrock/codec/embedding/embedding.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "base/errors.hpp"
#include "base/text.hpp"
#include "bedrock/codec/media.hpp"
#include "bedrock/codec/request_check.hpp"

namespace llm::bedrock {
namespace {

struct TruncateWord {
  std::string_view ours;
  std::string_view wire;
};
// Cohere Embed v4 takes START as well (recorded), though its page has LEFT and RIGHT.
constexpr std::array<TruncateWord, 4> kTruncateWords{
    {{"", "NONE"}, {"none", "NONE"}, {"start", "START"}, {"end", "END"}}};

Result<void> check_input(const EmbeddingInput& input, std::size_t index, const ModelId& model) {
  const std::string where = input_name(index);
  if (const auto* text = std::get_if<std::string>(&input)) {
    if (text->empty())
      return base::configuration_error("the text " + where + " is empty; leave it out");
    if (!base::is_valid_utf8(*text))
      return base::configuration_error("the text " + where + " is not valid UTF-8");
    return {};
  }
  if (model.facts == nullptr || model.facts->vision != Support::yes) {
    return std::unexpected(unsupported(model, "makes no embedding of an image (" + where + ")"));
  }
  const auto image = inline_image(std::get<ImageContent>(input), where, model);
  if (!image) return std::unexpected(image.error());
  return {};
}

}  // namespace

const EmbeddingCodec* embedding_codec_for(WireFormat form) {
  switch (form) {
    case WireFormat::titan_embedding_v1:
    case WireFormat::titan_embedding_v2:
      return &titan_embedding_codec();
    case WireFormat::cohere_embedding_v3:
    case WireFormat::cohere_embedding_v4:
      return &cohere_embedding_codec();
    case WireFormat::nova_embedding:
      return &nova_embedding_codec();
    default:
      return nullptr;
  }
}

std::string input_name(std::size_t index) { return "inputs[" + std::to_string(index) + "]"; }

Result<void> check_embedding(const EmbeddingRequest& request, const ModelId& model) {
  if (request.inputs.empty()) {
    return std::unexpected(make_error(ErrorCode::invalid_request_error,
                                      "There are no inputs; give at least one text or image."));
  }
  if (request.dimensions && *request.dimensions < 1)
    return base::configuration_error("dimensions must be 1 or more");
  if (request.max_tokens && *request.max_tokens < 1)
    return base::configuration_error("max_tokens must be 1 or more");
  const auto words = kTruncateWords;
  if (std::ranges::find(words, request.truncate, &TruncateWord::ours) == words.end()) {
    return base::configuration_error("truncate must be one of \"none\", \"start\" and \"end\"");
  }
  for (std::size_t index = 0; index < request.inputs.size(); ++index) {
    const auto checked = check_input(request.inputs[index], index, model);
    if (!checked) return checked;
  }
  return {};
}

Result<void> check_options(const EmbeddingRequest& request, const ModelId& model,
                           const EmbeddingOptions& had) {
  std::string_view refused;
  const auto refuse_unless = [&](bool is_had, bool is_set, std::string_view name) {
    if (is_set && !is_had) refused = name;
  };
  refuse_unless(had.dimensions, request.dimensions.has_value(), "dimensions");
  refuse_unless(had.normalize, request.normalize.has_value(), "normalize");
  refuse_unless(had.input_type, !request.input_type.empty(), "input_type");
  refuse_unless(had.truncate, truncate_word(request) != "NONE", "truncate");
  refuse_unless(had.max_tokens, request.max_tokens.has_value(), "max_tokens");
  if (!refused.empty()) {
    return std::unexpected(
        unsupported(model, "has no option " + std::string(refused) + "; leave it out"));
  }
  if (had.input_type && request.input_type.empty()) {
    return base::configuration_error(
        model.requested_id +
        " must be told an input_type: \"search_document\" for what is stored, "
        "\"search_query\" for what is asked, \"classification\" or \"clustering\"");
  }
  return {};
}

std::string_view truncate_word(const EmbeddingRequest& request) {
  const auto words = kTruncateWords;
  const auto word = std::ranges::find(words, request.truncate, &TruncateWord::ours);
  return word == words.end() ? "NONE" : word->wire;
}

std::optional<std::vector<double>> numbers_of(const json::Value& array) {
  if (array.size() == 0 || !array.is_array()) return std::nullopt;
  std::vector<double> numbers;
  numbers.reserve(array.size());
  for (const json::Value element : array.elements()) {
    const auto number = element.number();
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

}  // namespace llm::bedrock
