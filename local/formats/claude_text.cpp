#include <array>

#include "local/formats/fragments.hpp"
#include "local/formats/native_format.hpp"
#include "local/frontend/json_schema_errors.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kHuman = "\n\nHuman:";
constexpr std::string_view kAssistant = "\n\nAssistant:";

// Source: Bedrock User Guide, "Anthropic Claude Text Completions API".
constexpr std::array kFields{
    Field{"prompt", FieldType::string, true},
    Field{"max_tokens_to_sample", FieldType::integer, true, 0, 1e9},
    Field{"temperature", FieldType::number, false, 0, 1},
    Field{"top_p", FieldType::number, false, 0, 1},
    Field{"top_k", FieldType::integer, false, 0, 500},
    Field{"stop_sequences", FieldType::array},
    Field{"anthropic_version", FieldType::string},
    Field{"amazon-bedrock-guardrailConfig", FieldType::object},
};

/// What stands between the last `Human:` and the `Assistant:` after it.
std::string_view question_of(std::string_view prompt) {
  const std::size_t human = prompt.rfind(kHuman);
  if (human == std::string_view::npos) return prompt;
  prompt.remove_prefix(human + kHuman.size());
  return prompt.substr(0, prompt.find(kAssistant));
}

void write_end(const Completion& answer, json::Writer& writer) {
  if (answer.stop_reason == StopReason::max_tokens) {
    writer.member("stop_reason", "max_tokens").key("stop").null();
    return;
  }
  writer.member("stop_reason", "stop_sequence");
  const bool met = answer.stop_reason == StopReason::stop_sequence;
  writer.member("stop", met ? std::string_view(answer.stop_sequence) : kHuman);
}

class ClaudeText final : public NativeFormat {
 public:
  Checked<Prompt> read(const json::Value& body, const Model& model) const override {
    if (!model.text_completions) {
      return invalid("\"" + std::string(model.native_name) +
                     "\" is not supported on this API. Please use the Messages API instead.");
    }
    const std::string wrong = violations(body, "#", kFields);
    if (!wrong.empty()) return malformed(wrong);

    const std::string_view prompt = *body["prompt"].string();
    if (!prompt.contains(kHuman)) {
      return invalid(
          "Invalid prompt: prompt must start with \"\n\nHuman:\" turn after an optional system "
          "prompt");
    }
    if (!prompt.contains(kAssistant)) {
      return invalid("Invalid prompt: prompt must end with \"\n\nAssistant:\" turn");
    }

    Prompt conversation{.question = std::string(question_of(prompt)),
                        .prompt_tokens = count_tokens(prompt),
                        .max_tokens = *body["max_tokens_to_sample"].integer(),
                        .opening = " "};
    for (const json::Value sequence : body["stop_sequences"].elements()) {
      conversation.stop_sequences.push_back(sequence.text_or_empty());
    }
    return conversation;
  }

  std::string whole(const Completion& answer, const ReplyFacts& /*facts*/) const override {
    json::Writer writer;
    writer.begin_object().member("type", "completion").member("completion", answer.text());
    write_end(answer, writer);
    writer.end_object();
    return std::move(writer).take();
  }

  std::vector<std::string> pieces(const Completion& answer,
                                  const ReplyFacts& facts) const override {
    const std::string text = answer.text();
    std::vector<std::string> pieces;
    for (const std::string_view piece : split_text(text, 3)) {
      json::Writer writer;
      writer.begin_object().member("type", "completion").member("completion", piece);
      writer.key("stop_reason").null().key("stop").null().end_object();
      pieces.push_back(std::move(writer).take());
    }
    json::Writer last;
    last.begin_object().member("type", "completion").member("completion", "");
    write_end(answer, last);
    write_metrics(answer, facts, last);
    last.end_object();
    pieces.push_back(std::move(last).take());
    return pieces;
  }
};

}  // namespace

const NativeFormat& claude_text_format() {
  static const ClaudeText form;
  return form;
}

}  // namespace llm::local
