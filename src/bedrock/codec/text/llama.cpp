// Meta Llama 2, 3 and 4: one prompt in, one text out.
// Source: Bedrock User Guide, "Meta Llama models"; responses as recorded.
#include <string>
#include <string_view>
#include <utility>

#include "bedrock/codec/conversation.hpp"
#include "bedrock/codec/formats.hpp"
#include "bedrock/codec/media.hpp"
#include "bedrock/codec/response.hpp"
#include "bedrock/codec/text/llama_prompt.hpp"
#include "bedrock/codec/text/request.hpp"
#include "bedrock/codec/text/response.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kLlamaFormat = "llama";

// The template of the model in the catalogue; for an unknown model, Llama 3 is the most likely.
WireFormat template_of(const ModelId& model) {
  if (model.facts == nullptr) return WireFormat::llama3;
  const WireFormat format = model.facts->wire_format;
  return format == WireFormat::llama2 || format == WireFormat::llama4 ? format : WireFormat::llama3;
}

Result<void> check_llama(const ChatRequest& request, const ModelId& model) {
  if (!request.stop_sequences.empty()) {
    return std::unexpected(
        unsupported(model, "does not support stop sequences in its native format"));
  }
  if (request.top_k)
    return std::unexpected(unsupported(model, "does not support top_k in its native format"));
  return {};
}

Result<void> write_images(const LlamaPrompt& prompt, const ModelId& model, InvokeBody& body) {
  if (prompt.images.empty()) return {};
  for (const PlacedBlock& block : prompt.images) {
    const auto image = read_image(std::get<ImageContent>(*block.content), block.position, model);
    if (!image) return std::unexpected(image.error());
  }
  if (!body.begin("images")) return {};
  body.writer().begin_array();
  for (const PlacedBlock& block : prompt.images) {
    body.writer().base64(std::get<std::string>(std::get<ImageContent>(*block.content).source));
  }
  body.writer().end_array();
  return {};
}

FinishReason llama_finish_reason(std::string_view stop_reason) {
  if (stop_reason == "stop") return FinishReason::stop;
  if (stop_reason == "length") return FinishReason::length;
  return FinishReason::unknown;
}

std::expected<TextOutput, std::string_view> read_generation(const json::Value& object) {
  const auto text = object["generation"].string();
  if (!text) return std::unexpected("It has no \"generation\".");
  TextOutput output{.text = *text, .stop_reason = object["stop_reason"].string()};
  if (output.stop_reason) output.finish_reason = llama_finish_reason(*output.stop_reason);
  output.prompt_tokens = count_of(object["prompt_token_count"]);
  output.completion_tokens = count_of(object["generation_token_count"]);
  return output;
}

class LlamaCodec final : public Codec {
 public:
  Result<WireRequest> encode(const ChatRequest& request, Conversation conversation,
                             const ModelId& model, Delivery delivery) const override {
    if (const auto checked = check_llama(request, model); !checked) {
      return std::unexpected(checked.error());
    }
    const WireFormat format = template_of(model);
    auto text = begin_text_request(request, std::move(conversation), model, delivery,
                                   llama_special_tokens(format));
    if (!text) return std::unexpected(text.error());
    const auto prompt = llama_prompt(text->conversation, model, format);
    if (!prompt) return std::unexpected(prompt.error());

    InvokeBody& body = text->body;
    if (body.begin("prompt")) body.writer().string(prompt->text);
    if (body.begin("max_gen_len")) body.writer().integer(text->max_tokens);
    body.member("temperature", request.temperature);
    body.member("top_p", request.top_p);
    const auto written = write_images(*prompt, model, body);
    if (!written) return std::unexpected(written.error());
    return std::move(body).finish(request, model, delivery);
  }

  Result<ChatResponse> decode(const HttpResponseHead& head, std::string_view body) const override {
    return decode_text_response(kLlamaFormat, read_generation, head, body);
  }

  std::unique_ptr<StreamDecoder> stream_decoder() const override {
    return text_stream_decoder(read_generation);
  }
};

}  // namespace

const Codec& llama_codec() {
  static const LlamaCodec codec;
  return codec;
}

}  // namespace llm::bedrock
