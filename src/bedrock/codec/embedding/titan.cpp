// Amazon Titan Text Embeddings: G1 (v1) and V2. One text per call.
// Source: Bedrock User Guide, "Amazon Titan Embeddings Text"; requests and responses as recorded.
#include <string>
#include <utility>
#include <variant>

#include "bedrock/codec/embedding/embedding.hpp"
#include "bedrock/codec/invoke/request.hpp"
#include "bedrock/codec/response.hpp"

namespace llm::bedrock {
namespace {

constexpr int kLengthOfV1 = 1536;  // Bedrock User Guide, "Amazon Titan Embeddings Text"

class TitanEmbeddingCodec final : public EmbeddingCodec {
 public:
  std::size_t batch_size(std::span<const EmbeddingInput> /*inputs*/) const override { return 1; }

  Result<WireRequest> encode(const EmbeddingRequest& request, std::span<const EmbeddingInput> batch,
                             const ModelId& model) const override {
    const bool has_options = model.facts->wire_format == WireFormat::titan_embedding_v2;
    const auto checked =
        check_options(request, model, {.dimensions = has_options, .fixed_dimensions = kLengthOfV1});
    if (!checked) return std::unexpected(checked.error());
    auto body = InvokeBody::create(request.extra_fields);
    if (!body) return std::unexpected(body.error());
    if (body->begin("inputText")) body->writer().string(std::get<std::string>(batch.front()));
    if (has_options) body->member("dimensions", request.dimensions);
    if (has_options && request.normalize && body->begin("normalize"))
      body->writer().boolean(*request.normalize);
    return std::move(*body).finish({}, model, Delivery::buffered);
  }

  Result<EmbeddingResult> decode(std::string_view body) const override {
    json::Parser parser;
    const auto root = parser.parse(body);
    auto numbers = root ? numbers_of((*root)["embedding"]) : std::nullopt;
    if (!numbers)
      return std::unexpected(malformed_response("titan_embedding", "It has no embedding."));
    EmbeddingResult result{.prompt_tokens = count_of((*root)["inputTextTokenCount"])};
    result.embeddings.push_back(std::move(*numbers));
    return result;
  }
};

}  // namespace

const EmbeddingCodec& titan_embedding_codec() {
  static const TitanEmbeddingCodec codec;
  return codec;
}

}  // namespace llm::bedrock
