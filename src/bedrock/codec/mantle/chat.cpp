#include "bedrock/codec/mantle/chat.hpp"

#include <algorithm>
#include <utility>

#include "bedrock/codec/formats.hpp"
#include "bedrock/codec/response.hpp"

namespace llm::bedrock {
namespace {

class ChatCompletionsCodec final : public Codec {
 public:
  Result<WireRequest> encode(const ChatRequest& request, Conversation conversation,
                             const ModelId& model, Delivery delivery) const override {
    return encode_chat_completions(request, std::move(conversation), model, delivery);
  }

  Result<ChatResponse> decode(const HttpResponseHead& head, std::string_view body) const override {
    return decode_chat_completions(head, body);
  }

  std::unique_ptr<StreamDecoder> stream_decoder() const override {
    return chat_completions_stream_decoder();
  }
};

}  // namespace

const Codec& chat_completions_codec() {
  static const ChatCompletionsCodec codec;
  return codec;
}

FinishReason chat_finish_reason(std::string_view reason) {
  if (reason == "stop") return FinishReason::stop;
  if (reason == "length") return FinishReason::length;
  if (reason == "tool_calls") return FinishReason::tool_calls;
  if (reason == "content_filter") return FinishReason::content_filter;
  return FinishReason::unknown;
}

void read_chat_usage(const json::Value& usage, Usage& into) {
  if (!usage.is_object()) return;
  const json::Value details = usage["prompt_tokens_details"];
  into.cache_read_tokens = count_of(details["cached_tokens"]);
  into.cache_write_tokens = count_of(details["cache_write_tokens"]);
  into.completion_tokens = count_of(usage["completion_tokens"]);
  into.prompt_tokens = count_of(usage["prompt_tokens"]);
  if (into.prompt_tokens) {
    const std::int64_t cached =
        into.cache_read_tokens.value_or(0) + into.cache_write_tokens.value_or(0);
    into.prompt_tokens = std::max<std::int64_t>(*into.prompt_tokens - cached, 0);
  }
}

json::Value reasoning_of(const json::Value& message) {
  const json::Value reasoning = message["reasoning"];
  return reasoning.is_string() ? reasoning : message["reasoning_content"];
}

}  // namespace llm::bedrock
