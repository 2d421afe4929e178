// Amazon Titan Text: Lite, Express, Premier.
// Source: Bedrock User Guide, "Amazon Titan Text models"; answers as recorded.
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "bedrock/codec/codec.hpp"
#include "bedrock/codec/conversation.hpp"
#include "bedrock/codec/response.hpp"
#include "bedrock/codec/text/request.hpp"
#include "bedrock/codec/text/response.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kTitanTextForm = "titan_text";
constexpr std::array<std::string_view, 2> kTitanTextSpecialTokens{"\nUser:", "\nBot:"};

// The form has no system prompt: it goes in front of the first question.
Result<std::string> titan_text_prompt(TextRequest& text, const ModelId& model) {
  auto system = fold_system(text, model);
  if (!system) return system;
  std::string prompt;
  for (const Turn& turn : text.conversation.turns) {
    const auto said = plain_text(turn.blocks, model);
    if (!said) return said;
    prompt += turn.role == Role::user ? "User: " : "Bot: ";
    prompt += std::exchange(*system, {});
    prompt += *said;
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

// Recorded normal ends say FINISH, the documentation says FINISHED.
FinishReason titan_text_finish_reason(std::string_view word) {
  if (word == "FINISH" || word == "FINISHED" || word == "STOP_CRITERIA_MET") {
    return FinishReason::stop;
  }
  if (word == "LENGTH") return FinishReason::length;
  if (word == "CONTENT_FILTERED") return FinishReason::content_filter;
  return FinishReason::unknown;
}

// What a result of a whole answer and a chunk have in common.
std::expected<TextPiece, std::string_view> read_result(const json::Value& object) {
  const auto text = object["outputText"].string();
  if (!text) return std::unexpected("has no \"outputText\"");
  TextPiece piece{.text = *text, .stop_reason = object["completionReason"].string()};
  if (piece.stop_reason) piece.finish_reason = titan_text_finish_reason(*piece.stop_reason);
  return piece;
}

std::expected<TextPiece, std::string_view> read_chunk(const json::Value& object) {
  auto piece = read_result(object);
  if (!piece) return piece;
  if (object["index"].integer().value_or(0) != 0) return std::unexpected("has a second result");
  piece->prompt_tokens = count_of(object["inputTextTokenCount"]);
  piece->completion_tokens = count_of(object["totalOutputTextTokenCount"]);
  return piece;
}

class TitanTextCodec final : public Codec {
 public:
  Result<WireRequest> encode(const ChatRequest& request, const ModelId& model,
                             Delivery delivery) const override {
    if (request.top_k) return std::unexpected(unsupported(model, "has no top_k"));
    auto text = begin_text_request(request, model, delivery, kTitanTextSpecialTokens);
    if (!text) return std::unexpected(text.error());
    const auto checked = check_user_is_last(text->conversation, model);
    if (!checked) return std::unexpected(checked.error());
    const auto prompt = titan_text_prompt(*text, model);
    if (!prompt) return std::unexpected(prompt.error());

    InvokeBody& body = text->body;
    if (body.begin("inputText")) body.writer().string(*prompt);
    if (body.begin("textGenerationConfig")) write_config(request, text->max_tokens, body.writer());
    return std::move(body).finish(request, delivery);
  }

  Result<ChatResponse> decode(const HttpResponseHead& head, std::string_view body) const override {
    json::Parser parser;
    const auto root = parser.parse(body);
    if (!root) {
      return std::unexpected(malformed_response(kTitanTextForm, "it is " + root.error().message));
    }
    const json::Value results = (*root)["results"];
    if (results.size() == 0)
      return std::unexpected(malformed_response(kTitanTextForm, "it has no results"));
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
    return response;
  }

  std::unique_ptr<StreamDecoder> stream_decoder() const override {
    return text_stream_decoder(kTitanTextForm, read_chunk);
  }

 private:
  static Result<void> add_result(const json::Value& result, const InvocationNotes& notes,
                                 ChatResponse& response) {
    const auto piece = read_result(result);
    if (!piece) {
      return std::unexpected(
          malformed_response(kTitanTextForm, "a result " + std::string(piece.error())));
    }
    if (!piece->stop_reason && !notes.guardrail_intervened) {
      return std::unexpected(
          malformed_response(kTitanTextForm, "it does not say why the model stopped"));
    }
    response.choices.push_back(to_choice(*piece, static_cast<int>(response.choices.size())));
    response.choices.back().finish_reason = notes.finish_reason(piece->finish_reason);
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
