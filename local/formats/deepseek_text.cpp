#include <array>
#include <string>

#include "local/formats/fragments.hpp"
#include "local/formats/native_format.hpp"
#include "local/formats/prompt_text.hpp"
#include "local/frontend/json_schema_errors.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

// Source: Bedrock User Guide, "DeepSeek models".
constexpr std::size_t kMaxStops = 10;
// The bars are full-width.
constexpr std::string_view kDeepSeekUser = "<\uFF5CUser\uFF5C>";
constexpr std::string_view kDeepSeekAssistant = "<\uFF5CAssistant\uFF5C>";

/// Begins an object with the member `choices`. An empty reason is null.
void write_choice(std::string_view text, std::string_view reason, json::Writer& writer) {
  writer.begin_object().key("choices").begin_array().begin_object().member("text", text);
  writer.key("stop_reason");
  reason.empty() ? writer.null() : writer.string(reason);
  writer.end_object().end_array();
}

class DeepSeekText final : public NativeFormat {
 public:
  Checked<Prompt> read(const json::Value& body, const Model& model) const override {
    const std::array fields{
        Field{"prompt", FieldType::string, true},
        Field{"max_tokens", FieldType::integer, false, 1,
              static_cast<double>(model.max_output_tokens)},
        Field{"stop", FieldType::array},
        Field{"temperature", FieldType::number, false, 0, 1},
        Field{"top_p", FieldType::number, false, 0, 1},
        Field{"amazon-bedrock-guardrailConfig", FieldType::object},
    };
    std::string wrong = violations(body, "#", fields);
    if (body["stop"].size() > kMaxStops) {
      wrong +=
          "#/stop: expected maximum item count: 10, found: " + std::to_string(body["stop"].size());
    }
    if (!wrong.empty()) return malformed(wrong);
    const std::string_view text = *body["prompt"].string();
    if (text.empty()) return malformed("#/prompt: expected minLength: 1, actual: 0");
    Prompt prompt{.user_text = std::string(last_turn(text, kDeepSeekUser, kDeepSeekAssistant)),
                  .prompt_tokens = count_tokens(text),
                  .max_tokens = body["max_tokens"].integer().value_or(kDefaultMaxTokens)};
    read_stop_sequences(body["stop"], prompt);
    return prompt;
  }

  std::string response_body(const Completion& completion, const ReplyFacts&) const override {
    json::Writer writer;
    write_choice(completion.text(), length_or_stop(completion.stop_reason), writer);
    writer.end_object();
    return std::move(writer).take();
  }

  std::vector<std::string> stream_chunks(const Completion& completion,
                                         const ReplyFacts& facts) const override {
    const std::string text = completion.text();
    std::vector<std::string> chunks;
    for (const std::string_view fragment : split_text(text, 3)) {
      json::Writer writer;
      write_choice(fragment, "", writer);
      writer.end_object();
      chunks.push_back(std::move(writer).take());
    }
    json::Writer last;
    write_choice("", length_or_stop(completion.stop_reason), last);
    write_metrics(completion, facts, last);
    last.end_object();
    chunks.push_back(std::move(last).take());
    return chunks;
  }
};

}  // namespace

const NativeFormat& deepseek_text_format() {
  static const DeepSeekText format;
  return format;
}

}  // namespace llm::local
