#include "bedrock/codec/converse/converse.hpp"

#include <utility>

namespace llm::bedrock {
namespace {

class ConverseCodec final : public Codec {
 public:
  Result<WireRequest> encode(const ChatRequest& request, Conversation conversation,
                             const ModelId& model, Delivery delivery) const override {
    return encode_converse(request, std::move(conversation), model, delivery);
  }

  Result<ChatResponse> decode(const HttpResponseHead& head, std::string_view body) const override {
    return decode_converse(head, body);
  }

  std::unique_ptr<StreamDecoder> stream_decoder() const override {
    return converse_stream_decoder();
  }
};

}  // namespace

const Codec& converse_codec() {
  static const ConverseCodec codec;
  return codec;
}

}  // namespace llm::bedrock
