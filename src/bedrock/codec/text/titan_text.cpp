// Amazon Titan Text: Lite, Express, Premier.
// Source: Bedrock User Guide, "Amazon Titan Text models"; responses as recorded.
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "bedrock/codec/conversation.hpp"
#include "bedrock/codec/formats.hpp"
#include "bedrock/codec/response.hpp"
#include "bedrock/codec/text/request.hpp"
#include "bedrock/codec/text/response.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kTitanTextFormat = "titan_text";
constexpr std::array<std::string_view, 2> kTitanTextSpecialTokens{"\nUser:", "\nBot:"};

// The format has no system prompt: its text starts the first user message.
Result<std::string> titan_text_prompt(TextRequest& text, const ModelId& model) {
  auto system = fold_system(text, model);
  if (!system) return system;
  std::string prompt;
  for (const Turn& turn : text.conversation.turns) {
    const auto message_text = plain_text(turn.blocks, model);
    if (!message_text) return message_text;
    prompt += turn.role == Role::user ? "User: " : "Bot: ";
    prompt += std::exchange(*system, {});
    prompt += *message_text;
    prompt += '\n';
  }
  prompt += "Bot:";
  return prompt;
}

void write_config(const ChatRequest& request, std::int64_t max_tokens, json::Writer& writer) {
  writer.begin_object();
  writer.key("maxTokenCount").integer(max_tokens);
  if (request.temperature) writer.key("temperature").number(*request.temperature);
  if (request.top_p) writer.key("topP").number(*request.top_p);
  if (!request.stop_sequences.empty()) {
    writer.key("stopSequences").begin_array();
    for (const std::string& text : request.stop_sequences) writer.string(text);
    writer.end_array();
  }
  writer.end_object();
}

// Recorded responses have FINISH, the documentation has FINISHED.
FinishReason titan_text_finish_reason(std::string_view stop_reason) {
  if (stop_reason == "FINISH" || stop_reason == "FINISHED" || stop_reason == "STOP_CRITERIA_MET") {
    return FinishReason::stop;
  }
  if (stop_reason == "LENGTH") return FinishReason::length;
  if (stop_reason == "CONTENT_FILTERED") return FinishReason::content_filter;
  return FinishReason::unknown;
}

// The members that a result of a buffered response and a chunk have in common.
std::expected<TextOutput, std::string_view> read_result(const json::Value& object) {
  const auto text = object["outputText"].string();
  if (!text) return std::unexpected("It has no \"outputText\".");
  TextOutput output{.text = *text, .stop_reason = object["completionReason"].string()};
  if (output.stop_reason) output.finish_reason = titan_text_finish_reason(*output.stop_reason);
  return output;
}

std::expected<TextOutput, std::string_view> read_chunk(const json::Value& object) {
  auto output = read_result(object);
  if (!output) return output;
  if (object["index"].integer().value_or(0) != 0)
    return std::unexpected("A chunk belongs to a second result.");
  output->prompt_tokens = count_of(object["inputTextTokenCount"]);
  output->completion_tokens = count_of(object["totalOutputTextTokenCount"]);
  return output;
}

class TitanTextCodec final : public Codec {
 public:
  Result<WireRequest> encode(const ChatRequest& request, Conversation conversation,
                             const ModelId& model, Delivery delivery) const override {
    if (request.top_k) return std::unexpected(unsupported(model, "does not support top_k"));
    auto text = begin_text_request(request, std::move(conversation), model, delivery,
                                   kTitanTextSpecialTokens);
    if (!text) return std::unexpected(text.error());
    const auto checked = check_user_is_last(text->conversation, model);
    if (!checked) return std::unexpected(checked.error());
    const auto prompt = titan_text_prompt(*text, model);
    if (!prompt) return std::unexpected(prompt.error());

    InvokeBody& body = text->body;
    if (body.begin("inputText")) body.writer().string(*prompt);
    if (body.begin("textGenerationConfig")) write_config(request, text->max_tokens, body.writer());
    return std::move(body).finish(request, model, delivery);
  }

  Result<ChatResponse> decode(const HttpResponseHead& head, std::string_view body) const override {
    json::Parser parser;
    const auto root = parser.parse(body, json::LoneSurrogates::replace);
    if (!root) {
      return std::unexpected(malformed_response(
          kTitanTextFormat, "The body cannot be parsed. " + root.error().message));
    }
    const json::Value results = (*root)["results"];
    if (results.size() == 0)
      return std::unexpected(malformed_response(kTitanTextFormat, "It has no results."));
    InvocationNotes notes;
    notes.read_head(head);
    notes.read_body(*root);
    ChatResponse response;
    for (const json::Value result : results.elements()) {
      const auto added = add_result(result, notes, response);
      if (!added) return std::unexpected(added.error());
    }
    response.usage.prompt_tokens = count_of((*root)["inputTextTokenCount"]);
    notes.complete(response.usage);
    fill_details(head, notes, response);
    warn_of_replaced(parser.has_replaced(), response.warnings);
    return response;
  }

  std::unique_ptr<StreamDecoder> stream_decoder() const override {
    return text_stream_decoder(read_chunk);
  }

 private:
  static Result<void> add_result(const json::Value& result, const InvocationNotes& notes,
                                 ChatResponse& response) {
    const auto output = read_result(result);
    if (!output) {
      return std::unexpected(malformed_response(kTitanTextFormat, output.error()));
    }
    if (!output->stop_reason && !notes.guardrail_intervened) {
      return std::unexpected(malformed_response(kTitanTextFormat, "It has no stop reason."));
    }
    response.choices.push_back(to_choice(*output, static_cast<int>(response.choices.size())));
    response.choices.back().finish_reason = notes.finish_reason(output->finish_reason);
    if (const auto tokens = count_of(result["tokenCount"])) {
      response.usage.completion_tokens = response.usage.completion_tokens.value_or(0) + *tokens;
    }
    return {};
  }
};

}  // namespace

const Codec& titan_text_codec() {
  static const TitanTextCodec codec;
  return codec;
}

}  // namespace llm::bedrock
