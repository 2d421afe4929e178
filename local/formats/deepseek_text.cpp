#include <array>
#include <string>

#include "local/formats/fragments.hpp"
#include "local/formats/native_format.hpp"
#include "local/frontend/json_schema_errors.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

// Source: Bedrock User Guide, "DeepSeek models".
constexpr std::int64_t kDefaultMaxTokens = 512;
constexpr std::size_t kMaxStops = 10;
constexpr std::string_view kUser = "User";
constexpr std::string_view kAssistant = "<";

/// The text after the last tag of the user; without one, the whole prompt.
std::string_view last_user_text(std::string_view text) {
  const std::size_t start = text.rfind(kUser);
  const std::size_t end = start == std::string_view::npos ? start : text.find('>', start);
  if (end == std::string_view::npos) return text;
  text.remove_prefix(end + 1);
  return text.substr(0, text.find(kAssistant));
}

std::string_view reason_of(StopReason reason) {
  return reason == StopReason::max_tokens ? "length" : "stop";
}

std::string choice(std::string_view text, std::string_view reason) {
  return R"({"choices":[{"text":)" + json::quoted(text) + R"(,"stop_reason":)" +
         std::string(reason) + "}]}";
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
    Prompt prompt{.user_text = std::string(last_user_text(text)),
                  .prompt_tokens = count_tokens(text),
                  .max_tokens = body["max_tokens"].integer().value_or(kDefaultMaxTokens)};
    for (const json::Value sequence : body["stop"].elements()) {
      prompt.stop_sequences.push_back(sequence.text_or_empty());
    }
    return prompt;
  }

  std::string response_body(const Completion& completion, const ReplyFacts&) const override {
    return choice(completion.text(), json::quoted(reason_of(completion.stop_reason)));
  }

  std::vector<std::string> stream_chunks(const Completion& completion,
                                         const ReplyFacts& facts) const override {
    const std::string text = completion.text();
    std::vector<std::string> chunks;
    for (const std::string_view fragment : split_text(text, 3)) {
      chunks.push_back(choice(fragment, "null"));
    }
    json::Writer last;
    last.begin_object().key("choices").begin_array().begin_object().member("text", "");
    last.member("stop_reason", reason_of(completion.stop_reason)).end_object().end_array();
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
