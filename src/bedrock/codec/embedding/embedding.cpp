#include "bedrock/codec/embedding/embedding.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <variant>

#include "base/errors.hpp"
#include "base/text.hpp"
#include "bedrock/codec/media.hpp"
#include "bedrock/codec/request_check.hpp"

namespace llm::bedrock {
namespace {

struct EmbeddingFormat {
  WireFormat format;
  const EmbeddingCodec& (*codec)();
};
constexpr auto kFormats = std::to_array<EmbeddingFormat>({
    {WireFormat::titan_embedding_v1, titan_embedding_codec},
    {WireFormat::titan_embedding_v2, titan_embedding_codec},
    {WireFormat::cohere_embedding_v3, cohere_embedding_codec},
    {WireFormat::cohere_embedding_v4, cohere_embedding_codec},
    {WireFormat::nova_embedding, nova_embedding_codec},
});

struct TruncateRow {
  std::string_view ours;
  std::string_view wire;
};
// Cohere Embed v4 takes START as well (recorded), though its page has LEFT and RIGHT.
constexpr std::array<TruncateRow, 4> kTruncate{
    {{"", "NONE"}, {"none", "NONE"}, {"start", "START"}, {"end", "END"}}};

Result<void> check_input(const EmbeddingInput& input, std::size_t index, const ModelId& model) {
  const std::string position = input_name(index);
  if (const auto* text = std::get_if<std::string>(&input)) {
    if (text->empty())
      return base::configuration_error("The text at " + position + " is empty.", "Leave it out.");
    if (!base::is_valid_utf8(*text))
      return base::configuration_error("The text at " + position + " is not valid UTF-8.");
    return {};
  }
  if (model.facts == nullptr || model.facts->vision != Support::yes) {
    return std::unexpected(unsupported(model, "does not embed images, such as " + position));
  }
  const auto image = inline_image(std::get<ImageContent>(input), position, model);
  if (!image) return std::unexpected(image.error());
  return {};
}

}  // namespace

const EmbeddingCodec* embedding_codec_for(WireFormat format) {
  const auto row = std::ranges::find(kFormats, format, &EmbeddingFormat::format);
  return row == kFormats.end() ? nullptr : &row->codec();
}

std::string input_name(std::size_t index) { return "inputs[" + std::to_string(index) + "]"; }

Result<void> check_embedding(const EmbeddingRequest& request, const ModelId& model) {
  if (request.inputs.empty()) {
    return std::unexpected(make_error(ErrorCode::invalid_request_error,
                                      "The request has no inputs.",
                                      "Add at least one text or image."));
  }
  if (request.dimensions && *request.dimensions < 1)
    return base::configuration_error("The dimensions option is below 1.");
  if (request.max_tokens && *request.max_tokens < 1)
    return base::configuration_error("The max_tokens is below 1.");
  const auto rows = kTruncate;
  if (std::ranges::find(rows, request.truncate, &TruncateRow::ours) == rows.end()) {
    return base::configuration_error("The option truncate has an unknown value.",
                                     "Use \"none\", \"start\" or \"end\".");
  }
  for (std::size_t index = 0; index < request.inputs.size(); ++index) {
    const auto checked = check_input(request.inputs[index], index, model);
    if (!checked) return checked;
  }
  return {};
}

Result<void> check_options(const EmbeddingRequest& request, const ModelId& model,
                           const EmbeddingOptions& supported) {
  std::string_view refused;
  const auto refuse_unless = [&](bool is_supported, bool is_set, std::string_view name) {
    if (is_set && !is_supported) refused = name;
  };
  const bool has_usual_length =
      supported.fixed_dimensions != 0 && request.dimensions == supported.fixed_dimensions;
  refuse_unless(supported.dimensions || has_usual_length, request.dimensions.has_value(),
                "dimensions");
  refuse_unless(supported.input_type, !request.input_type.empty(), "input_type");
  refuse_unless(supported.truncate, wire_truncate(request) != "NONE", "truncate");
  refuse_unless(supported.max_tokens, request.max_tokens.has_value(), "max_tokens");
  if (!refused.empty()) {
    return std::unexpected(
        unsupported(model, "does not support the option " + std::string(refused), "Leave it out."));
  }
  if (supported.input_type && request.input_type.empty()) {
    return base::configuration_error(
        "Model \"" + model.requested_id + "\" requires an input_type.",
        "Set \"search_document\" for stored texts, \"search_query\" for queries, "
        "\"classification\" or \"clustering\".");
  }
  return {};
}

void normalize_here(const EmbeddingRequest& request, WireFormat format,
                    std::span<std::vector<double>> vectors, std::vector<Warning>& warnings) {
  if (!request.normalize.value_or(false) || format == WireFormat::titan_embedding_v2) return;
  for (std::vector<double>& vector : vectors) {
    double squares = 0;
    for (const double number : vector) squares += number * number;
    const double length = std::sqrt(squares);
    if (length == 0 || !std::isfinite(length)) continue;
    for (double& number : vector) number /= length;
  }
  warnings.push_back({"normalized_here",
                      "The model has no option normalize, so the vectors were scaled to length 1 "
                      "here."});
}

std::string_view wire_truncate(const EmbeddingRequest& request) {
  const auto rows = kTruncate;
  const auto row = std::ranges::find(rows, request.truncate, &TruncateRow::ours);
  return row == rows.end() ? "NONE" : row->wire;
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
