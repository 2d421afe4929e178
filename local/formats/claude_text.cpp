#include <array>

#include "local/formats/fragments.hpp"
#include "local/formats/native_format.hpp"
#include "local/formats/prompt_text.hpp"
#include "local/frontend/json_schema_errors.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kClaudeHuman = "\n\nHuman:";
constexpr std::string_view kClaudeAssistant = "\n\nAssistant:";

// Source: Bedrock User Guide, "Anthropic Claude Text Completions API".
constexpr std::array kClaudeTextFields{
    Field{"prompt", FieldType::string, true},
    Field{"max_tokens_to_sample", FieldType::integer, true, 0, 1e9},
    Field{"temperature", FieldType::number, false, 0, 1},
    Field{"top_p", FieldType::number, false, 0, 1},
    Field{"top_k", FieldType::integer, false, 0, 500},
    Field{"stop_sequences", FieldType::array},
    Field{"anthropic_version", FieldType::string},
    Field{"amazon-bedrock-guardrailConfig", FieldType::object},
};

void write_stop(const Completion& completion, json::Writer& writer) {
  if (completion.stop_reason == StopReason::max_tokens) {
    writer.member("stop_reason", "max_tokens").key("stop").null();
    return;
  }
  writer.member("stop_reason", "stop_sequence");
  const bool is_own = completion.stop_reason == StopReason::stop_sequence;
  writer.member("stop", is_own ? std::string_view(completion.stop_sequence) : kClaudeHuman);
}

class ClaudeText final : public NativeFormat {
 public:
  Checked<Prompt> read(const json::Value& body, const Model& model) const override {
    if (!model.text_completions) {
      return invalid("\"" + std::string(model.native_name) +
                     "\" is not supported on this API. Please use the Messages API instead.");
    }
    const std::string wrong = violations(body, "#", kClaudeTextFields);
    if (!wrong.empty()) return malformed(wrong);

    const std::string_view text = *body["prompt"].string();
    if (!text.contains(kClaudeHuman)) {
      return invalid(
          "Invalid prompt: prompt must start with \"\n\nHuman:\" turn after an optional system "
          "prompt");
    }
    if (!text.contains(kClaudeAssistant)) {
      return invalid("Invalid prompt: prompt must end with \"\n\nAssistant:\" turn");
    }

    Prompt prompt{.user_text = std::string(last_turn(text, kClaudeHuman, kClaudeAssistant)),
                  .prompt_tokens = count_tokens(text),
                  .max_tokens = *body["max_tokens_to_sample"].integer(),
                  .leading_space = " "};
    read_stop_sequences(body["stop_sequences"], prompt);
    return prompt;
  }

  std::string response_body(const Completion& completion,
                            const ReplyFacts& /*facts*/) const override {
    json::Writer writer;
    writer.begin_object().member("type", "completion").member("completion", completion.text());
    write_stop(completion, writer);
    writer.end_object();
    return std::move(writer).take();
  }

  std::vector<std::string> stream_chunks(const Completion& completion,
                                         const ReplyFacts& facts) const override {
    const std::string text = completion.text();
    std::vector<std::string> chunks;
    for (const std::string_view fragment : split_text(text, 3)) {
      json::Writer writer;
      writer.begin_object().member("type", "completion").member("completion", fragment);
      writer.key("stop_reason").null().key("stop").null().end_object();
      chunks.push_back(std::move(writer).take());
    }
    json::Writer last;
    last.begin_object().member("type", "completion").member("completion", "");
    write_stop(completion, last);
    write_metrics(completion, facts, last);
    last.end_object();
    chunks.push_back(std::move(last).take());
    return chunks;
  }
};

}  // namespace

const NativeFormat& claude_text_format() {
  static const ClaudeText format;
  return format;
}

}  // namespace llm::local
