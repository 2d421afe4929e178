#include "bedrock/codec/text/response.hpp"

#include <utility>
#include <vector>

#include "bedrock/codec/invoke/chunk.hpp"
#include "bedrock/codec/response.hpp"

namespace llm::bedrock {
namespace {

void take_usage(const TextOutput& output, Usage& usage) {
  if (output.prompt_tokens) usage.prompt_tokens = output.prompt_tokens;
  if (output.completion_tokens) usage.completion_tokens = output.completion_tokens;
}

// True when every member is Bedrock's own.
bool is_of_service(const json::Value& chunk) {
  for (const auto [name, value] : chunk.members()) {
    if (!name.starts_with("amazon-bedrock-")) return false;
  }
  return true;
}

class TextStreamDecoder final : public ChunkStreamDecoder {
 public:
  explicit TextStreamDecoder(ReadTextOutput read) : read_(read) {}

 protected:
  Result<void> on_chunk(const json::Value& chunk, std::vector<StreamEvent>& out) override {
    is_blocked_ = InvocationNotes::is_intervention(chunk);
    notes_.read_body(chunk);
    // The last chunk of a blocked completion may hold nothing of the model.
    if (is_blocked_ && is_of_service(chunk)) return {};
    const auto output = read_(chunk);
    if (!output) return std::unexpected(malformed_stream(output.error()));
    take_usage(*output, end_.usage);
    if (!output->text.empty()) {
      out.emplace_back(0, TextDelta{make_text(output->text)});
      any_text_ = true;
    }
    if (output->stop_reason) complete(*output, out);
    return {};
  }

  // What a guardrail blocked has no stop reason of the model; its last chunk says so instead.
  bool on_end(std::vector<StreamEvent>& out) override {
    if (is_blocked_) complete({}, out);
    return is_blocked_;
  }

 private:
  void complete(const TextOutput& output, std::vector<StreamEvent>& out) {
    if (any_text_) out.emplace_back(0, BlockStop{});
    end_.finish_reason = notes_.finish_reason(output.finish_reason);
    end_.stop_reason = output.stop_reason.value_or("");
    end_.stop_sequence = output.stop_sequence;
    end_.details.model_latency = notes_.latency;
    end_.details.trace = notes_.trace;
    notes_.complete(end_.usage);
    warn_of_replaced(has_replaced(), end_.warnings);
    emit_done(std::move(end_), out);
  }

  ReadTextOutput read_;
  InvocationNotes notes_;
  Done end_;
  bool any_text_ = false;
  bool is_blocked_ = false;  ///< By the latest chunk.
};

}  // namespace

Choice to_choice(const TextOutput& output, int index) {
  Choice choice{.index = index};
  choice.message.role = Role::assistant;
  if (!output.text.empty())
    choice.message.content.emplace_back(TextContent{std::string(output.text)});
  choice.finish_reason = output.finish_reason;
  choice.stop_reason = output.stop_reason.value_or("");
  choice.stop_sequence = output.stop_sequence;
  return choice;
}

Result<ChatResponse> decode_text_response(std::string_view format, ReadTextOutput read,
                                          const HttpResponseHead& head, std::string_view body) {
  json::Parser parser;
  const auto root = parser.parse(body, json::LoneSurrogates::replace);
  if (!root)
    return std::unexpected(
        malformed_response(format, "The body cannot be parsed. " + root.error().message));
  const auto output = read(*root);
  if (!output) return std::unexpected(malformed_response(format, output.error()));
  InvocationNotes notes;
  notes.read_head(head);
  notes.read_body(*root);
  if (!output->stop_reason && !notes.guardrail_intervened) {
    return std::unexpected(malformed_response(format, "It has no stop reason."));
  }
  ChatResponse response;
  response.choices.push_back(to_choice(*output, 0));
  response.choices.front().finish_reason = notes.finish_reason(output->finish_reason);
  take_usage(*output, response.usage);
  notes.complete(response.usage);
  fill_details(head, notes, response);
  warn_of_replaced(parser.has_replaced(), response.warnings);
  return response;
}

std::unique_ptr<StreamDecoder> text_stream_decoder(ReadTextOutput read) {
  return std::make_unique<TextStreamDecoder>(read);
}

}  // namespace llm::bedrock
