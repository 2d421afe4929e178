// Cohere Command and Command R.
#include <array>
#include <string>

#include "json/writer.hpp"
#include "local/formats/fragments.hpp"
#include "local/formats/native_format.hpp"
#include "local/formats/prompt_text.hpp"
#include "local/frontend/json_schema_errors.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

using json::Value;

// Source: Bedrock User Guide, "Cohere Command models" and "Cohere Command R and Command R+ models".
constexpr std::array kCommandFields{
    Field{"prompt", FieldType::string, true},
    Field{"temperature", FieldType::number, false, 0, 5},
    Field{"p", FieldType::number, false, 0, 1},
    Field{"k", FieldType::number, false, 0, 500},
    Field{"max_tokens", FieldType::integer, false, 1, 4096},
    Field{"stop_sequences", FieldType::array},
    Field{"return_likelihoods", FieldType::string},
    Field{"stream", FieldType::boolean},
    Field{"num_generations", FieldType::integer, false, 1, 5},
    Field{"logit_bias", FieldType::object},
    Field{"truncate", FieldType::string},
    Field{"amazon-bedrock-guardrailConfig", FieldType::object},
};
constexpr std::array kCommandRFields{
    Field{"message", FieldType::string, true},
    Field{"chat_history", FieldType::array},
    Field{"documents", FieldType::array},
    Field{"search_queries_only", FieldType::boolean},
    Field{"preamble", FieldType::string},
    Field{"max_tokens", FieldType::integer, false, 1, 4096},
    Field{"temperature", FieldType::number, false, 0, 1},
    Field{"p", FieldType::number, false, 0.01, 0.99},
    Field{"k", FieldType::number, false, 0, 500},
    Field{"prompt_truncation", FieldType::string},
    Field{"frequency_penalty", FieldType::number, false, 0, 1},
    Field{"presence_penalty", FieldType::number, false, 0, 1},
    Field{"seed", FieldType::integer},
    Field{"return_prompt", FieldType::boolean},
    Field{"tools", FieldType::array},
    Field{"tool_results", FieldType::array},
    Field{"stop_sequences", FieldType::array},
    Field{"raw_prompting", FieldType::boolean},
    Field{"amazon-bedrock-guardrailConfig", FieldType::object},
};

Checked<Prompt> read_prompt(const Value& body, std::string_view key,
                            std::span<const Field> fields) {
  const std::string wrong = violations(body, "#", fields);
  if (!wrong.empty()) return malformed(wrong);
  const std::string text = body[key].text_or_empty();
  if (text.empty()) {
    return malformed("#/" + std::string(key) + ": expected minLength: 1, actual: 0");
  }
  Prompt prompt{.user_text = text,
                .prompt_tokens = count_tokens(text),
                .max_tokens = body["max_tokens"].integer().value_or(kDefaultMaxTokens)};
  for (const Value turn : body["chat_history"].elements()) {
    prompt.prompt_tokens += count_tokens(turn["message"].text_or_empty());
  }
  read_stop_sequences(body["stop_sequences"], prompt);
  return prompt;
}

std::string_view cohere_finish_reason(StopReason reason) {
  if (reason == StopReason::max_tokens) return "MAX_TOKENS";
  return reason == StopReason::stop_sequence ? "STOP_SEQUENCE" : "COMPLETE";
}

/// The last chunk of a stream: `write` adds what the family has besides the reason.
template <typename Write>
std::string last_chunk(const Completion& completion, const ReplyFacts& facts, Write write) {
  json::Writer writer;
  writer.begin_object();
  write(writer);
  writer.member("finish_reason", cohere_finish_reason(completion.stop_reason));
  writer.key("is_finished").boolean(true);
  write_metrics(completion, facts, writer);
  writer.end_object();
  return std::move(writer).take();
}

/// Recorded for Command.
class Command final : public NativeFormat {
 public:
  Checked<Prompt> read(const Value& body, const Model&) const override {
    Checked<Prompt> prompt = read_prompt(body, "prompt", kCommandFields);
    if (prompt) prompt->leading_space = " ";
    return prompt;
  }

  std::string response_body(const Completion& completion, const ReplyFacts& facts) const override {
    json::Writer writer;
    writer.begin_object().member("id", short_id(facts.seed, 24));
    writer.key("generations").begin_array().begin_object();
    writer.member("id", short_id(std::string(facts.seed) + "0", 24));
    writer.member("text", completion.text());
    writer.member("finish_reason", cohere_finish_reason(completion.stop_reason))
        .end_object()
        .end_array();
    writer.end_object();
    return std::move(writer).take();
  }

  std::vector<std::string> stream_chunks(const Completion& completion,
                                         const ReplyFacts& facts) const override {
    const std::string text = completion.text();
    std::vector<std::string> chunks;
    for (const std::string_view fragment : split_text(text, 3)) {
      chunks.push_back(R"({"is_finished":false,"text":)" + json::quoted(fragment) + "}");
    }
    chunks.push_back(last_chunk(completion, facts, [](json::Writer&) {}));
    return chunks;
  }
};

class CommandR final : public NativeFormat {
 public:
  Checked<Prompt> read(const Value& body, const Model&) const override {
    return read_prompt(body, "message", kCommandRFields);
  }

  std::string response_body(const Completion& completion, const ReplyFacts& facts) const override {
    json::Writer writer;
    writer.begin_object();
    write_response(completion, facts, writer);
    writer.end_object();
    return std::move(writer).take();
  }

  std::vector<std::string> stream_chunks(const Completion& completion,
                                         const ReplyFacts& facts) const override {
    const std::string text = completion.text();
    std::vector<std::string> chunks{R"({"event_type":"stream-start","generation_id":")" +
                                    short_id(facts.seed, 24) + R"(","is_finished":false})"};
    for (const std::string_view fragment : split_text(text, 3)) {
      chunks.push_back(R"({"event_type":"text-generation","is_finished":false,"text":)" +
                       json::quoted(fragment) + "}");
    }
    chunks.push_back(last_chunk(completion, facts, [&](json::Writer& writer) {
      writer.member("event_type", "stream-end").key("response").begin_object();
      write_response(completion, facts, writer);
      writer.end_object();
    }));
    return chunks;
  }

 private:
  static void write_response(const Completion& completion, const ReplyFacts& facts,
                             json::Writer& writer) {
    writer.member("response_id", short_id(std::string(facts.seed) + "0", 24));
    writer.member("text", completion.text());
    writer.member("generation_id", short_id(facts.seed, 24));
    writer.key("chat_history").begin_array().begin_object().member("role", "CHATBOT");
    writer.member("message", completion.text()).end_object().end_array();
    writer.member("finish_reason", cohere_finish_reason(completion.stop_reason));
  }
};

}  // namespace

const NativeFormat& cohere_command_format() {
  static const Command format;
  return format;
}

const NativeFormat& cohere_command_r_format() {
  static const CommandR format;
  return format;
}

}  // namespace llm::local
