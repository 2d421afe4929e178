#include "bedrock/codec/claude/messages.hpp"

#include <utility>

#include "bedrock/codec/formats.hpp"

namespace llm::bedrock {
namespace {

class ClaudeMessagesCodec final : public Codec {
 public:
  Result<WireRequest> encode(const ChatRequest& request, Conversation conversation,
                             const ModelId& model, Delivery delivery) const override {
    return encode_claude_messages(request, std::move(conversation), model, delivery);
  }

  Result<ChatResponse> decode(const HttpResponseHead& head, std::string_view body) const override {
    return decode_claude_messages(head, body);
  }

  std::unique_ptr<StreamDecoder> stream_decoder() const override {
    return claude_messages_stream_decoder();
  }
};

}  // namespace

const Codec& claude_messages_codec() {
  static const ClaudeMessagesCodec codec;
  return codec;
}

}  // namespace llm::bedrock
