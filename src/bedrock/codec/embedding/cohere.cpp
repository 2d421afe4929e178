// Cohere Embed v3 and v4: up to 96 texts per call, or one image.
// Source: Bedrock User Guide, "Cohere Embed v3" and "Cohere Embed v4"; requests and
// responses as recorded.
#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "base/base64.hpp"
#include "base/media_type.hpp"
#include "bedrock/codec/embedding/embedding.hpp"
#include "bedrock/codec/invoke/request.hpp"
#include "bedrock/codec/response.hpp"

namespace llm::bedrock {
namespace {

constexpr int kLengthOfV3 = 1024;      // Bedrock User Guide, "Cohere Embed v3"
constexpr std::size_t kMaxTexts = 96;  // Bedrock User Guide, "Texts per call"

bool is_text(const EmbeddingInput& input) { return std::holds_alternative<std::string>(input); }

// Requires: the image was checked.
std::string data_url(const ImageContent& image) {
  const std::string& bytes = std::get<std::string>(image.source);
  std::string url = "data:" + std::string(base::image_media_type(bytes)) + ";base64,";
  base::append_base64(bytes, url);
  return url;
}

void write_batch(std::span<const EmbeddingInput> batch, bool is_v3, std::string_view input_type,
                 InvokeBody& body) {
  const bool texts = is_text(batch.front());
  if (body.begin(texts ? "texts" : "images")) {
    body.writer().begin_array();
    for (const EmbeddingInput& input : batch) {
      body.writer().string(texts ? std::get<std::string>(input)
                                 : data_url(std::get<ImageContent>(input)));
    }
    body.writer().end_array();
  }
  // In v3 the type of an image is always `image`.
  if (body.begin("input_type")) body.writer().string(texts || !is_v3 ? input_type : "image");
}

class CohereEmbeddingCodec final : public EmbeddingCodec {
 public:
  std::size_t batch_size(std::span<const EmbeddingInput> inputs) const override {
    const auto image = std::ranges::find_if_not(inputs, is_text);
    const auto texts = static_cast<std::size_t>(image - inputs.begin());
    return std::clamp<std::size_t>(texts, 1, kMaxTexts);
  }

  Result<WireRequest> encode(const EmbeddingRequest& request, std::span<const EmbeddingInput> batch,
                             const ModelId& model) const override {
    const bool is_v3 = model.facts->wire_format == WireFormat::cohere_embedding_v3;
    const auto checked = check_options(request, model,
                                       {.dimensions = !is_v3,
                                        .fixed_dimensions = kLengthOfV3,
                                        .input_type = true,
                                        .truncate = true,
                                        .max_tokens = !is_v3});
    if (!checked) return std::unexpected(checked.error());
    auto body = InvokeBody::create(request.extra_fields);
    if (!body) return std::unexpected(body.error());
    write_batch(batch, is_v3, request.input_type, *body);
    if (!request.truncate.empty() && body->begin("truncate")) {
      body->writer().string(wire_truncate(request));
    }
    body->member("max_tokens", request.max_tokens);
    if (!is_v3) body->member("output_dimension", request.dimensions);
    return std::move(*body).finish({}, model, Delivery::buffered);
  }

  Result<EmbeddingResult> decode(std::string_view body) const override {
    json::Parser parser;
    const auto root = parser.parse(body);
    if (!root)
      return std::unexpected(malformed_response("cohere_embedding", "The body is not JSON."));
    // v3 returns one list, v4 one for each type.
    const json::Value found = (*root)["embeddings"];
    const json::Value list = found.is_array() ? found : found["float"];
    EmbeddingResult result;
    for (const json::Value element : list.elements()) {
      auto numbers = numbers_of(element);
      if (!numbers) {
        return std::unexpected(
            malformed_response("cohere_embedding", "An embedding has no numbers."));
      }
      result.embeddings.push_back(std::move(*numbers));
    }
    return result;
  }
};

}  // namespace

const EmbeddingCodec& cohere_embedding_codec() {
  static const CohereEmbeddingCodec codec;
  return codec;
}

}  // namespace llm::bedrock
