#include <array>

#include "local/claude_content.hpp"
#include "local/claude_tools.hpp"
#include "local/form.hpp"
#include "local/pieces.hpp"
#include "local/schema.hpp"
#include "local/tokens.hpp"

namespace llm::local {
namespace {

using json::Value;

// Source: Bedrock User Guide, "Anthropic Claude Messages API"; everything else is extraneous there.
constexpr std::array kFields{
    Field{"anthropic_version", FieldType::string, true},
    Field{"max_tokens", FieldType::integer, true, 1, 1e9},
    Field{"messages", FieldType::array, true},
    Field{"anthropic_beta", FieldType::array},
    Field{"system"},
    Field{"temperature", FieldType::number, false, 0, 1},
    Field{"top_p", FieldType::number, false, 0, 1},
    Field{"top_k", FieldType::integer, false, 0, 500},
    Field{"stop_sequences", FieldType::array},
    Field{"metadata", FieldType::object},
    Field{"thinking", FieldType::object},
    Field{"output_config", FieldType::object},
    Field{"output_format", FieldType::object},
    Field{"amazon-bedrock-guardrailConfig", FieldType::object},
    Field{"tools", FieldType::array},
    Field{"tool_choice", FieldType::object},
};
// The last two are for models that call tools.
constexpr std::size_t kToolFields = 2;

constexpr std::string_view kVersion = "bedrock-2023-05-31";
constexpr std::string_view kVersion2026 = "2026-10-21";
constexpr std::int64_t kMinThinkingBudget = 1024;
// What a request costs besides its texts.
constexpr std::int64_t kOverheadTokens = 7;

Checked<void> check_sampling(const Value& body, const Model& model) {
  if (model.sampling == Sampling::either && body["temperature"].exists() &&
      body["top_p"].exists()) {
    return invalid(
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one.");
  }
  if (model.sampling != Sampling::none) return {};
  for (const std::string_view name : {"temperature", "top_p", "top_k"}) {
    if (body[name].exists()) {
      return invalid("`" + std::string(name) + "` is deprecated for this model.");
    }
  }
  return {};
}

Checked<void> check_thinking(const Value& body, std::int64_t max_tokens) {
  const Value thinking = body["thinking"];
  if (thinking["type"].string() != "enabled") return {};
  const Value budget = thinking["budget_tokens"];
  if (!budget.exists()) return invalid("thinking.enabled.budget_tokens: Field required");
  if (budget.integer().value_or(0) < kMinThinkingBudget) {
    return invalid("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
  }
  if (*budget.integer() >= max_tokens) {
    return invalid("`max_tokens` must be greater than `thinking.budget_tokens`.");
  }
  return {};
}

Checked<void> check_body(const Value& body, const Model& model) {
  std::span<const Field> fields(kFields);
  if (!model.tools) fields = fields.first(fields.size() - kToolFields);
  const std::string wrong = violations(body, "#", fields);
  if (!wrong.empty()) return malformed(wrong);

  const std::string version = body["anthropic_version"].text_or_empty();
  if (version != kVersion && version != kVersion2026) {
    return malformed("#/anthropic_version: " + version + " is not a valid enum value");
  }
  const std::int64_t max_tokens = *body["max_tokens"].integer();
  if (max_tokens > model.max_output_tokens) {
    return invalid("max_tokens: " + std::to_string(max_tokens) + " > " +
                   std::to_string(model.max_output_tokens) +
                   ", which is the maximum allowed number of output tokens for " +
                   std::string(model.native_name));
  }
  if (auto checked = check_sampling(body, model); !checked) return checked;
  return check_thinking(body, max_tokens);
}

Checked<void> read_system(const Value& system, Conversation& conversation) {
  if (!system.exists()) return {};
  if (system.is_string()) {
    conversation.prompt_tokens += count_tokens(*system.string());
    return {};
  }
  if (!system.is_array()) return invalid("system: Input should be a valid list");
  std::size_t index = 0;
  for (const Value block : system.elements()) {
    const std::string at = "system." + std::to_string(index++);
    if (block["type"].string() != "text") return invalid(at + ".type: Input should be 'text'");
    const std::string text = block["text"].text_or_empty();
    if (text.empty()) return invalid("system: text content blocks must be non-empty");
    conversation.prompt_tokens += count_tokens(text);
  }
  return {};
}

std::string_view stop_reason(Ending ending) {
  switch (ending) {
    case Ending::finished:
      return "end_turn";
    case Ending::max_tokens:
      return "max_tokens";
    case Ending::stop_sequence:
      return "stop_sequence";
    case Ending::tool_calls:
      return "tool_use";
  }
  return "end_turn";
}

std::string call_id(const ReplyFacts& facts, std::size_t index) {
  return "toolu_bdrk_01" + short_id(std::string(facts.seed) + std::to_string(index), 22);
}

void write_stop_sequence(const Answer& answer, json::Writer& writer) {
  writer.key("stop_sequence");
  if (answer.ending == Ending::stop_sequence) {
    writer.string(answer.stop_sequence);
  } else {
    writer.null();
  }
}

/// Id, type, role and model: what whole messages and `message_start` begin with.
void write_head(const ReplyFacts& facts, json::Writer& writer) {
  writer.member("id", "msg_bdrk_01" + short_id(facts.seed, 22));
  writer.member("type", "message").member("role", "assistant");
  writer.member("model", facts.model->native_name);
}

void write_block(const Block& block, const std::string& id, json::Writer& writer) {
  writer.begin_object();
  if (const auto* text = std::get_if<TextBlock>(&block)) {
    writer.member("type", "text").member("text", text->text);
  } else {
    const auto& call = std::get<CallBlock>(block);
    writer.member("type", "tool_use").member("id", id).member("name", call.tool).key("input");
    writer.raw(call.complete ? std::string_view(call.arguments) : "{}");
  }
  writer.end_object();
}

/// The chunks of one stream, collected.
class Stream {
 public:
  void start(const Answer& answer, const ReplyFacts& facts) {
    json::Writer& writer = begin("message_start");
    writer.key("message").begin_object();
    write_head(facts, writer);
    writer.key("content").begin_array().end_array();
    writer.key("stop_reason").null().key("stop_sequence").null();
    writer.key("usage").begin_object();
    writer.key("input_tokens").integer(answer.prompt_tokens).key("output_tokens").integer(1);
    writer.end_object().end_object();
    end();
  }

  void block(const Block& block, std::size_t index, const std::string& id) {
    json::Writer& writer = begin_at("content_block_start", index);
    writer.key("content_block");
    const auto* text = std::get_if<TextBlock>(&block);
    const auto* call = std::get_if<CallBlock>(&block);
    write_block(text != nullptr ? Block{TextBlock{}} : Block{CallBlock{call->tool, "{}", true}}, id,
                writer);
    end();
    if (text != nullptr) {
      for (const std::string_view piece : split_text(text->text, 3)) {
        delta(index, "text_delta", "text", piece);
      }
    } else {
      // Recorded: the first piece of arguments is always empty.
      delta(index, "input_json_delta", "partial_json", "");
      for (const std::string_view piece : split_text(call->arguments, 2)) {
        delta(index, "input_json_delta", "partial_json", piece);
      }
    }
    begin_at("content_block_stop", index);
    end();
  }

  void stop(const Answer& answer, const ReplyFacts& facts) {
    json::Writer& message = begin("message_delta");
    message.key("delta").begin_object().member("stop_reason", stop_reason(answer.ending));
    write_stop_sequence(answer, message);
    message.end_object().key("usage").begin_object();
    message.key("output_tokens").integer(answer.answer_tokens).end_object();
    end();
    write_metrics(answer, facts, begin("message_stop"));
    end();
  }

  std::vector<std::string> take() && { return std::move(pieces_); }

 private:
  json::Writer& begin(std::string_view type) {
    writer_ = json::Writer();
    return writer_.begin_object().member("type", type);
  }
  json::Writer& begin_at(std::string_view type, std::size_t index) {
    return begin(type).key("index").integer(static_cast<std::int64_t>(index));
  }
  void end() {
    writer_.end_object();
    pieces_.push_back(std::move(writer_).take());
  }

  void delta(std::size_t index, std::string_view type, std::string_view key,
             std::string_view text) {
    json::Writer& writer = begin_at("content_block_delta", index);
    writer.key("delta").begin_object().member("type", type).member(key, text).end_object();
    end();
  }

  json::Writer writer_;
  std::vector<std::string> pieces_;
};

class ClaudeMessages final : public Form {
 public:
  Checked<Conversation> read(const Value& body, const Model& model) const override {
    if (auto checked = check_body(body, model); !checked) {
      return std::unexpected(checked.error());
    }
    Conversation conversation{.prompt_tokens = kOverheadTokens,
                              .max_tokens = *body["max_tokens"].integer()};
    for (const Value sequence : body["stop_sequences"].elements()) {
      conversation.stop_sequences.push_back(sequence.text_or_empty());
    }
    auto checked = read_system(body["system"], conversation);
    if (checked) checked = read_claude_tools(body, conversation);
    if (checked) checked = read_claude_messages(body["messages"], model, conversation);
    if (!checked) return std::unexpected(checked.error());
    return conversation;
  }

  std::string whole(const Answer& answer, const ReplyFacts& facts) const override {
    json::Writer writer;
    writer.begin_object();
    write_head(facts, writer);
    writer.key("content").begin_array();
    for (std::size_t i = 0; i < answer.blocks.size(); ++i) {
      write_block(answer.blocks[i], call_id(facts, i), writer);
    }
    writer.end_array().member("stop_reason", stop_reason(answer.ending));
    write_stop_sequence(answer, writer);
    writer.key("usage").begin_object();
    writer.key("input_tokens").integer(answer.prompt_tokens);
    writer.key("output_tokens").integer(answer.answer_tokens);
    writer.end_object().end_object();
    return std::move(writer).take();
  }

  std::vector<std::string> pieces(const Answer& answer, const ReplyFacts& facts) const override {
    Stream stream;
    stream.start(answer, facts);
    for (std::size_t i = 0; i < answer.blocks.size(); ++i) {
      stream.block(answer.blocks[i], i, call_id(facts, i));
    }
    stream.stop(answer, facts);
    return std::move(stream).take();
  }
};

}  // namespace

const Form& claude_messages_form() {
  static const ClaudeMessages form;
  return form;
}

}  // namespace llm::local
