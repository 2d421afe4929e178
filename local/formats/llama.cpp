#include <array>

#include "base/text.hpp"
#include "local/formats/fragments.hpp"
#include "local/formats/native_format.hpp"
#include "local/formats/prompt_text.hpp"
#include "local/frontend/json_schema_errors.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

/// The marks around a user turn in the prompt template of one generation.
struct Template {
  std::string_view before;
  std::string_view after;
  std::string_view leading_space;  ///< White space at the start of completions.
};

// Source: Meta's prompt templates for Llama 2, 3 and 4.
constexpr std::array kTemplates{
    Template{"<|start_header_id|>user<|end_header_id|>", "<|eot_id|>", ""},
    Template{"<|header_start|>user<|header_end|>", "<|eot|>", ""},
    Template{"[INST]", "[/INST]", " "},
};
constexpr std::string_view kSystemEnd = "<</SYS>>";

/// The last user turn of a prompt, and the white space at the start of its completion.
struct LlamaTurn {
  std::string_view text;
  std::string_view leading_space;
};

LlamaTurn last_llama_turn(std::string_view prompt) {
  for (const Template& known : kTemplates) {
    const auto turn = after_last(prompt, known.before);
    if (!turn) continue;
    std::string_view text = turn->substr(0, turn->find(known.after));
    const std::size_t system = text.find(kSystemEnd);
    if (system != std::string_view::npos) text.remove_prefix(system + kSystemEnd.size());
    return {base::trim(text), known.leading_space};
  }
  return {prompt, "\n\n"};
}

class Llama final : public NativeFormat {
 public:
  Checked<Prompt> read(const json::Value& body, const Model& model) const override {
    // Source: Bedrock User Guide, "Meta Llama models".
    const std::array fields{
        Field{"prompt", FieldType::string, true},
        Field{"max_gen_len", FieldType::integer, false, 1,
              static_cast<double>(model.max_output_tokens)},
        Field{"temperature", FieldType::number, false, 0, 1},
        Field{"top_p", FieldType::number, false, 0, 1},
        Field{"amazon-bedrock-guardrailConfig", FieldType::object},
    };
    const std::string wrong = violations(body, "#", fields);
    if (!wrong.empty()) return malformed(wrong);
    const std::string_view text = *body["prompt"].string();
    if (text.empty()) return malformed("#/prompt: expected minLength: 1, actual: 0");

    const LlamaTurn turn = last_llama_turn(text);
    return Prompt{.user_text = std::string(turn.text),
                  .prompt_tokens = count_tokens(text),
                  .max_tokens = body["max_gen_len"].integer().value_or(kDefaultMaxTokens),
                  .leading_space = turn.leading_space};
  }

  std::string response_body(const Completion& completion,
                            const ReplyFacts& /*facts*/) const override {
    json::Writer writer;
    writer.begin_object().member("generation", completion.text());
    writer.key("prompt_token_count").integer(completion.prompt_tokens);
    writer.key("generation_token_count").integer(completion.completion_tokens);
    writer.member("stop_reason", length_or_stop(completion.stop_reason)).end_object();
    return std::move(writer).take();
  }

  std::vector<std::string> stream_chunks(const Completion& completion,
                                         const ReplyFacts& facts) const override {
    const std::string text = completion.text();
    std::vector<std::string_view> fragments = split_text(text, 1);
    // The end-of-turn token is a fragment of its own, without text.
    if (completion.stop_reason != StopReason::max_tokens || fragments.empty()) {
      fragments.emplace_back();
    }

    std::vector<std::string> chunks;
    std::int64_t tokens = 0;
    for (std::size_t i = 0; i < fragments.size(); ++i) {
      const bool last = i + 1 == fragments.size();
      tokens += fragments[i].empty() ? 0 : 1;
      json::Writer writer;
      writer.begin_object().member("generation", fragments[i]).key("prompt_token_count");
      i == 0 ? writer.integer(completion.prompt_tokens) : writer.null();
      writer.key("generation_token_count").integer(last ? completion.completion_tokens : tokens);
      writer.key("stop_reason");
      last ? writer.string(length_or_stop(completion.stop_reason)) : writer.null();
      if (last) write_metrics(completion, facts, writer);
      writer.end_object();
      chunks.push_back(std::move(writer).take());
    }
    return chunks;
  }
};

}  // namespace

const NativeFormat& llama_format() {
  static const Llama format;
  return format;
}

}  // namespace llm::local
