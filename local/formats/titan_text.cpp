#include <array>

#include "base/text.hpp"
#include "local/formats/fragments.hpp"
#include "local/formats/native_format.hpp"
#include "local/formats/prompt_text.hpp"
#include "local/frontend/json_schema_errors.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kTitanUser = "User:";
constexpr std::string_view kTitanBot = "Bot:";

// Source: Bedrock User Guide, "Amazon Titan Text models".
constexpr std::array kTitanTextFields{
    Field{"inputText", FieldType::string, true},
    Field{"textGenerationConfig", FieldType::object},
    Field{"amazon-bedrock-guardrailConfig", FieldType::object},
};

std::string config_violations(const json::Value& config, const Model& model) {
  if (!config.exists()) return {};
  const std::array fields{
      Field{"temperature", FieldType::number, false, 0, 1},
      Field{"topP", FieldType::number, false, 0, 1},
      Field{"maxTokenCount", FieldType::integer, false, 0,
            static_cast<double>(model.max_output_tokens)},
      Field{"stopSequences", FieldType::array},
  };
  std::string wrong = violations(config, "#/textGenerationConfig", fields);
  const json::Value stops = config["stopSequences"];
  if (stops.size() > 1) {
    wrong += "#/textGenerationConfig/stopSequences: expected maximum item count: 1, found: " +
             std::to_string(stops.size());
  }
  std::size_t index = 0;
  for (const json::Value stop : stops.elements()) {
    const std::string text = stop.text_or_empty();
    const bool bars = !text.empty() && text.find_first_not_of('|') == std::string::npos;
    if (!bars && text != kTitanUser) {
      wrong += "#/textGenerationConfig/stopSequences/" + std::to_string(index) + ": string [" +
               text + "] does not match pattern ^(\\|+|User:)$";
    }
    ++index;
  }
  return wrong;
}

std::string_view completion_reason(StopReason stop_reason) {
  if (stop_reason == StopReason::max_tokens) return "LENGTH";
  // FINISHED in the guide, but FINISH in every recorded response.
  return stop_reason == StopReason::stop_sequence ? "STOP_CRITERIA_MET" : "FINISH";
}

class TitanText final : public NativeFormat {
 public:
  Checked<Prompt> read(const json::Value& body, const Model& model) const override {
    std::string wrong = violations(body, "#", kTitanTextFields);
    const json::Value config = body["textGenerationConfig"];
    if (config.is_object()) wrong += config_violations(config, model);
    if (!wrong.empty()) return malformed(wrong);

    const std::string_view text = *body["inputText"].string();
    if (text.empty()) return malformed("#/inputText: expected minLength: 1, actual: 0");

    const bool has_turns = base::trim(text).ends_with(kTitanBot);
    Prompt prompt{.user_text = std::string(last_turn_to_last_end(text, kTitanUser, kTitanBot)),
                  .prompt_tokens = count_tokens(text),
                  .max_tokens = config["maxTokenCount"].integer().value_or(kDefaultMaxTokens),
                  .leading_space = has_turns ? " " : "\n"};
    read_stop_sequences(config["stopSequences"], prompt);
    return prompt;
  }

  std::string response_body(const Completion& completion,
                            const ReplyFacts& /*facts*/) const override {
    json::Writer writer;
    writer.begin_object().key("inputTextTokenCount").integer(completion.prompt_tokens);
    writer.key("results").begin_array().begin_object();
    writer.key("tokenCount").integer(completion.completion_tokens);
    writer.member("outputText", completion.text());
    writer.member("completionReason", completion_reason(completion.stop_reason));
    writer.end_object().end_array().end_object();
    return std::move(writer).take();
  }

  std::vector<std::string> stream_chunks(const Completion& completion,
                                         const ReplyFacts& facts) const override {
    const std::string text = completion.text();
    std::vector<std::string_view> fragments = split_text(text, 12);
    if (fragments.empty()) fragments.emplace_back();

    std::vector<std::string> chunks;
    std::int64_t tokens = 0;
    for (std::size_t i = 0; i < fragments.size(); ++i) {
      const bool last = i + 1 == fragments.size();
      tokens += count_tokens(fragments[i]);
      json::Writer writer;
      writer.begin_object().member("outputText", fragments[i]).key("index").integer(0);
      writer.key("totalOutputTextTokenCount").integer(last ? completion.completion_tokens : tokens);
      writer.key("completionReason");
      last ? writer.string(completion_reason(completion.stop_reason)) : writer.null();
      writer.key("inputTextTokenCount");
      i == 0 ? writer.integer(completion.prompt_tokens) : writer.null();
      if (last) write_metrics(completion, facts, writer);
      writer.end_object();
      chunks.push_back(std::move(writer).take());
    }
    return chunks;
  }
};

}  // namespace

const NativeFormat& titan_text_format() {
  static const TitanText format;
  return format;
}

}  // namespace llm::local
