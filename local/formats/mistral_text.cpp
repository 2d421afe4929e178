#include <array>
#include <string>

#include "local/formats/fragments.hpp"
#include "local/formats/native_format.hpp"
#include "local/formats/prompt_text.hpp"
#include "local/frontend/json_schema_errors.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

// Source: Bedrock User Guide, "Mistral AI text completion".
constexpr std::string_view kInstruction = "[INST]";
constexpr std::string_view kInstructionEnd = "[/INST]";

void write_output(std::string_view text, json::Writer& writer) {
  writer.key("outputs").begin_array().begin_object().member("text", text).key("stop_reason");
}

class MistralText final : public NativeFormat {
 public:
  Checked<Prompt> read(const json::Value& body, const Model& model) const override {
    const std::array fields{
        Field{"prompt", FieldType::string, true},
        Field{"max_tokens", FieldType::integer, false, 1,
              static_cast<double>(model.max_output_tokens)},
        Field{"stop", FieldType::array},
        Field{"temperature", FieldType::number, false, 0, 1},
        Field{"top_p", FieldType::number, false, 0, 1},
        Field{"top_k", FieldType::integer, false, 0, 200},
        Field{"amazon-bedrock-guardrailConfig", FieldType::object},
    };
    const std::string wrong = violations(body, "#", fields);
    if (!wrong.empty()) return malformed(wrong);
    const std::string_view text = *body["prompt"].string();
    if (text.empty()) return malformed("#/prompt: expected minLength: 1, actual: 0");
    Prompt prompt{
        .user_text = std::string(last_turn_to_last_end(text, kInstruction, kInstructionEnd)),
        .prompt_tokens = count_tokens(text),
        .max_tokens = body["max_tokens"].integer().value_or(kDefaultMaxTokens),
        .leading_space = " "};
    read_stop_sequences(body["stop"], prompt);
    return prompt;
  }

  std::string response_body(const Completion& completion, const ReplyFacts&) const override {
    json::Writer writer;
    writer.begin_object();
    write_output(completion.text(), writer);
    writer.string(length_or_stop(completion.stop_reason)).end_object().end_array().end_object();
    return std::move(writer).take();
  }

  std::vector<std::string> stream_chunks(const Completion& completion,
                                         const ReplyFacts& facts) const override {
    const std::string text = completion.text();
    std::vector<std::string> chunks;
    for (const std::string_view fragment : split_text(text, 3)) {
      json::Writer writer;
      writer.begin_object();
      write_output(fragment, writer);
      writer.null().end_object().end_array().end_object();
      chunks.push_back(std::move(writer).take());
    }
    json::Writer last;
    last.begin_object();
    write_output("", last);
    last.string(length_or_stop(completion.stop_reason)).end_object().end_array();
    write_metrics(completion, facts, last);
    last.end_object();
    chunks.push_back(std::move(last).take());
    return chunks;
  }
};

}  // namespace

const NativeFormat& mistral_text_format() {
  static const MistralText format;
  return format;
}

}  // namespace llm::local
