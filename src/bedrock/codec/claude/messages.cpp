#include "bedrock/codec/claude/messages.hpp"

#include <utility>

#include "bedrock/codec/formats.hpp"

namespace llm::bedrock {
namespace {

class ClaudeMessagesCodec final : public Codec {
 public:
  explicit ClaudeMessagesCodec(Plane plane) : plane_(plane) {}

  Result<WireRequest> encode(const ChatRequest& request, Conversation conversation,
                             const ModelId& model, Delivery delivery) const override {
    return encode_claude_messages(request, std::move(conversation), model, delivery, plane_);
  }

  Result<ChatResponse> decode(const HttpResponseHead& head, std::string_view body) const override {
    return decode_claude_messages(head, body);
  }

  std::unique_ptr<StreamDecoder> stream_decoder() const override {
    return claude_messages_stream_decoder(framing_of(plane_));
  }

 private:
  Plane plane_;
};

}  // namespace

const Codec& claude_messages_codec() {
  static const ClaudeMessagesCodec codec(Plane::runtime);
  return codec;
}

const Codec& claude_mantle_codec() {
  static const ClaudeMessagesCodec codec(Plane::mantle);
  return codec;
}

}  // namespace llm::bedrock
