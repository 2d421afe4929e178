// Amazon Nova Multimodal Embeddings: one text or image per call.
// Source: Amazon Nova User Guide, "Complete embeddings request and response schema"; requests and
// responses as recorded.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>

#include "base/media_type.hpp"
#include "bedrock/codec/embedding/embedding.hpp"
#include "bedrock/codec/invoke/request.hpp"
#include "bedrock/codec/response.hpp"

namespace llm::bedrock {
namespace {

struct Purpose {
  std::string_view ours;
  std::string_view wire;
};
constexpr std::array<Purpose, 4> kPurposes{{{"search_document", "GENERIC_INDEX"},
                                            {"search_query", "GENERIC_RETRIEVAL"},
                                            {"classification", "CLASSIFICATION"},
                                            {"clustering", "CLUSTERING"}}};

// Any other value is the model's own, e.g. TEXT_RETRIEVAL.
std::string_view purpose_of(std::string_view input_type) {
  const auto purpose = std::ranges::find(kPurposes, input_type, &Purpose::ours);
  return purpose == kPurposes.end() ? input_type : purpose->wire;
}

// Requires: the image was checked.
void write_image(const ImageContent& image, json::Writer& writer) {
  constexpr std::string_view kPrefix = "image/";
  const std::string& bytes = std::get<std::string>(image.source);
  writer.begin_object().member("detailLevel", "STANDARD_IMAGE");
  writer.member("format", base::image_media_type(bytes).substr(kPrefix.size()));
  writer.key("source").begin_object().key("bytes").base64(bytes).end_object().end_object();
}

void write_params(const EmbeddingRequest& request, const EmbeddingInput& input,
                  json::Writer& writer) {
  writer.begin_object().member("embeddingPurpose", purpose_of(request.input_type));
  if (request.dimensions) writer.key("embeddingDimension").integer(*request.dimensions);
  if (const auto* text = std::get_if<std::string>(&input)) {
    writer.key("text").begin_object().member("truncationMode", wire_truncate(request));
    writer.member("value", *text).end_object();
  } else {
    write_image(std::get<ImageContent>(input), writer.key("image"));
  }
  writer.end_object();
}

class NovaEmbeddingCodec final : public EmbeddingCodec {
 public:
  std::size_t batch_size(std::span<const EmbeddingInput> /*inputs*/) const override { return 1; }

  Result<WireRequest> encode(const EmbeddingRequest& request, std::span<const EmbeddingInput> batch,
                             const ModelId& model) const override {
    const auto checked =
        check_options(request, model, {.dimensions = true, .input_type = true, .truncate = true});
    if (!checked) return std::unexpected(checked.error());
    auto body = InvokeBody::create(request.extra_fields);
    if (!body) return std::unexpected(body.error());
    if (body->begin("taskType")) body->writer().string("SINGLE_EMBEDDING");
    if (body->begin("singleEmbeddingParams")) {
      write_params(request, batch.front(), body->writer());
    }
    return std::move(*body).finish({}, model, Delivery::buffered);
  }

  Result<EmbeddingResult> decode(std::string_view body) const override {
    json::Parser parser;
    const auto root = parser.parse(body);
    if (!root)
      return std::unexpected(malformed_response("nova_embedding", "The body is not JSON."));
    EmbeddingResult result;
    for (const json::Value element : (*root)["embeddings"].elements()) {
      auto numbers = numbers_of(element["embedding"]);
      if (!numbers) {
        return std::unexpected(
            malformed_response("nova_embedding", "An embedding has no numbers."));
      }
      result.embeddings.push_back(std::move(*numbers));
    }
    return result;
  }
};

}  // namespace

const EmbeddingCodec& nova_embedding_codec() {
  static const NovaEmbeddingCodec codec;
  return codec;
}

}  // namespace llm::bedrock
