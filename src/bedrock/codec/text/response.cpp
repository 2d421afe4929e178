#include "bedrock/codec/text/response.hpp"

#include <utility>
#include <vector>

#include "bedrock/codec/invoke/chunk.hpp"
#include "bedrock/codec/response.hpp"

namespace llm::bedrock {
namespace {

void take_usage(const TextPiece& piece, Usage& usage) {
  if (piece.prompt_tokens) usage.prompt_tokens = piece.prompt_tokens;
  if (piece.completion_tokens) usage.completion_tokens = piece.completion_tokens;
}

class TextStreamDecoder final : public ChunkStreamDecoder {
 public:
  TextStreamDecoder(std::string_view form, ReadTextPiece read) : form_(form), read_(read) {}

 protected:
  Result<bool> on_chunk(const json::Value& chunk, std::vector<StreamEvent>& out) override {
    const auto piece = read_(chunk);
    if (!piece) {
      return std::unexpected(make_error(
          ErrorCode::stream_error,
          "a chunk of the " + std::string(form_) + " stream " + std::string(piece.error())));
    }
    notes_.read_body(chunk);
    take_usage(*piece, end_.usage);
    if (!piece->text.empty()) {
      out.emplace_back(0, TextDelta{copy_of(piece->text)});
      any_text_ = true;
    }
    if (!piece->stop_reason) return false;
    if (any_text_) out.emplace_back(0, BlockStop{});
    out.emplace_back(complete(*piece));
    return true;
  }

 private:
  Done complete(const TextPiece& piece) {
    end_.finish_reason = notes_.finish_reason(piece.finish_reason);
    end_.stop_reason = *piece.stop_reason;
    end_.stop_sequence = piece.stop_sequence;
    end_.details.model_latency = notes_.latency;
    end_.details.trace = notes_.trace;
    notes_.complete(end_.usage);
    return std::move(end_);
  }

  std::string_view form_;
  ReadTextPiece read_;
  InvocationNotes notes_;
  Done end_;
  bool any_text_ = false;
};

}  // namespace

Choice to_choice(const TextPiece& piece, int index) {
  Choice choice{.index = index};
  choice.message.role = Role::assistant;
  if (!piece.text.empty())
    choice.message.content.emplace_back(TextContent{std::string(piece.text)});
  choice.finish_reason = piece.finish_reason;
  choice.stop_reason = piece.stop_reason.value_or("");
  choice.stop_sequence = piece.stop_sequence;
  return choice;
}

Result<ChatResponse> decode_text_answer(std::string_view form, ReadTextPiece read,
                                        const HttpResponseHead& head, std::string_view body) {
  json::Parser parser;
  const auto root = parser.parse(body);
  if (!root) return std::unexpected(malformed_response(form, "it is " + root.error().message));
  const auto piece = read(*root);
  if (!piece) return std::unexpected(malformed_response(form, "it " + std::string(piece.error())));
  InvocationNotes notes;
  notes.read_head(head);
  notes.read_body(*root);
  if (!piece->stop_reason && !notes.guardrail_intervened) {
    return std::unexpected(malformed_response(form, "it does not say why the model stopped"));
  }
  ChatResponse response;
  response.choices.push_back(to_choice(*piece, 0));
  response.choices.front().finish_reason = notes.finish_reason(piece->finish_reason);
  take_usage(*piece, response.usage);
  notes.complete(response.usage);
  fill_details(head, notes, response);
  return response;
}

std::unique_ptr<StreamDecoder> text_stream_decoder(std::string_view form, ReadTextPiece read) {
  return std::make_unique<TextStreamDecoder>(form, read);
}

}  // namespace llm::bedrock
