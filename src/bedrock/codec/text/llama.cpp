// Meta Llama 2, 3 and 4: one prompt in, one text out.
// Source: Bedrock User Guide, "Meta Llama models"; answers as recorded.
#include <string>
#include <string_view>
#include <utility>

#include "bedrock/codec/codec.hpp"
#include "bedrock/codec/conversation.hpp"
#include "bedrock/codec/media.hpp"
#include "bedrock/codec/response.hpp"
#include "bedrock/codec/text/llama_prompt.hpp"
#include "bedrock/codec/text/request.hpp"
#include "bedrock/codec/text/response.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kLlamaForm = "llama";

// The catalogue says which template; of a model that it does not know, Llama 3 is the most likely.
WireFormat template_of(const ModelId& model) {
  if (model.facts == nullptr) return WireFormat::llama3;
  const WireFormat form = model.facts->wire_format;
  return form == WireFormat::llama2 || form == WireFormat::llama4 ? form : WireFormat::llama3;
}

Result<void> check_llama(const ChatRequest& request, const ModelId& model) {
  if (!request.stop_sequences.empty()) {
    return std::unexpected(unsupported(model, "takes no stop sequences in its native form"));
  }
  if (request.top_k) return std::unexpected(unsupported(model, "has no top_k in its native form"));
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

FinishReason llama_finish_reason(std::string_view word) {
  if (word == "stop") return FinishReason::stop;
  if (word == "length") return FinishReason::length;
  return FinishReason::unknown;
}

std::expected<TextPiece, std::string_view> read_generation(const json::Value& object) {
  const auto text = object["generation"].string();
  if (!text) return std::unexpected("has no \"generation\"");
  TextPiece piece{.text = *text, .stop_reason = object["stop_reason"].string()};
  if (piece.stop_reason) piece.finish_reason = llama_finish_reason(*piece.stop_reason);
  piece.prompt_tokens = count_of(object["prompt_token_count"]);
  piece.completion_tokens = count_of(object["generation_token_count"]);
  return piece;
}

class LlamaCodec final : public Codec {
 public:
  Result<WireRequest> encode(const ChatRequest& request, const ModelId& model,
                             Delivery delivery) const override {
    if (const auto checked = check_llama(request, model); !checked) {
      return std::unexpected(checked.error());
    }
    const WireFormat form = template_of(model);
    auto text = begin_text_request(request, model, delivery, llama_special_tokens(form));
    if (!text) return std::unexpected(text.error());
    const auto prompt = llama_prompt(text->conversation, model, form);
    if (!prompt) return std::unexpected(prompt.error());

    InvokeBody& body = text->body;
    if (body.begin("prompt")) body.writer().string(prompt->text);
    if (body.begin("max_gen_len")) body.writer().integer(text->max_tokens);
    body.member("temperature", request.temperature);
    body.member("top_p", request.top_p);
    const auto written = write_images(*prompt, model, body);
    if (!written) return std::unexpected(written.error());
    return std::move(body).finish(request, delivery);
  }

  Result<ChatResponse> decode(const HttpResponseHead& head, std::string_view body) const override {
    return decode_text_answer(kLlamaForm, read_generation, head, body);
  }

  std::unique_ptr<StreamDecoder> stream_decoder() const override {
    return text_stream_decoder(kLlamaForm, read_generation);
  }
};

}  // namespace

const Codec& llama_codec() {
  static const LlamaCodec codec;
  return codec;
}

}  // namespace llm::bedrock
