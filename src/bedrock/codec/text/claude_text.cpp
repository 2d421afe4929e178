// Anthropic Text Completions: claude-v2, claude-v2:1, claude-instant.
// Source: Bedrock User Guide, "Anthropic Claude Text Completions API"; responses as recorded.
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "bedrock/codec/conversation.hpp"
#include "bedrock/codec/formats.hpp"
#include "bedrock/codec/text/request.hpp"
#include "bedrock/codec/text/response.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kClaudeTextFormat = "claude_text";
constexpr std::string_view kHuman = "\n\nHuman:";
constexpr std::string_view kAssistant = "\n\nAssistant:";
constexpr std::array<std::string_view, 2> kClaudeTextSpecialTokens{kHuman, kAssistant};

// System text comes before the first "\n\nHuman:" (claude-v2:1 and later); for a model without
// system messages it starts the first user message.
Result<std::string> claude_text_prompt(TextRequest& text, const ModelId& model) {
  const bool folds = model.facts != nullptr && model.facts->quirks.no_system;
  auto system = folds ? fold_system(text, model) : plain_text(text.conversation.system, model);
  if (!system) return system;
  std::string prompt = folds ? std::string() : std::exchange(*system, {});
  for (const Turn& turn : text.conversation.turns) {
    const auto message_text = plain_text(turn.blocks, model);
    if (!message_text) return message_text;
    prompt += turn.role == Role::user ? kHuman : kAssistant;
    prompt += ' ';
    prompt += std::exchange(*system, {});
    prompt += *message_text;
  }
  if (text.conversation.turns.back().role == Role::user) prompt += kAssistant;
  return prompt;
}

FinishReason claude_text_finish_reason(std::string_view stop_reason) {
  if (stop_reason == "stop_sequence") return FinishReason::stop;
  if (stop_reason == "max_tokens") return FinishReason::length;
  return FinishReason::unknown;
}

std::expected<TextOutput, std::string_view> read_completion(const json::Value& object) {
  const auto text = object["completion"].string();
  if (!text) return std::unexpected("It has no \"completion\".");
  TextOutput output{.text = *text, .stop_reason = object["stop_reason"].string()};
  if (!output.stop_reason) return output;
  output.finish_reason = claude_text_finish_reason(*output.stop_reason);
  if (const auto stop = object["stop"].string()) output.stop_sequence = *stop;
  return output;
}

class ClaudeTextCodec final : public Codec {
 public:
  Result<WireRequest> encode(const ChatRequest& request, Conversation conversation,
                             const ModelId& model, Delivery delivery) const override {
    auto text = begin_text_request(request, std::move(conversation), model, delivery,
                                   kClaudeTextSpecialTokens);
    if (!text) return std::unexpected(text.error());
    const auto prompt = claude_text_prompt(*text, model);
    if (!prompt) return std::unexpected(prompt.error());

    InvokeBody& body = text->body;
    if (body.begin("prompt")) body.writer().string(*prompt);
    if (body.begin("max_tokens_to_sample")) body.writer().integer(text->max_tokens);
    body.member("temperature", request.temperature);
    body.member("top_p", request.top_p);
    body.member("top_k", request.top_k);
    body.member("stop_sequences", request.stop_sequences);
    return std::move(body).finish(request, model, delivery);
  }

  Result<ChatResponse> decode(const HttpResponseHead& head, std::string_view body) const override {
    return decode_text_response(kClaudeTextFormat, read_completion, head, body);
  }

  std::unique_ptr<StreamDecoder> stream_decoder() const override {
    return text_stream_decoder(read_completion);
  }
};

}  // namespace

const Codec& claude_text_codec() {
  static const ClaudeTextCodec codec;
  return codec;
}

}  // namespace llm::bedrock
