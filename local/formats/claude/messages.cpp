#include "local/formats/claude/messages.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "local/formats/cache_points.hpp"
#include "local/formats/claude/content.hpp"
#include "local/formats/claude/limits.hpp"
#include "local/formats/claude/output.hpp"
#include "local/formats/claude/reply.hpp"
#include "local/formats/claude/thinking.hpp"
#include "local/formats/claude/tools.hpp"
#include "local/formats/native_format.hpp"
#include "local/formats/prompt_text.hpp"
#include "local/frontend/json_schema_errors.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

using json::Value;

// Source: Bedrock User Guide, "Anthropic Claude Messages API". Bedrock refuses all other members.
constexpr std::array kClaudeMessagesFields{
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
    Field{"context_management", FieldType::object},
    Field{"tools", FieldType::array},
    Field{"tool_choice", FieldType::object},
};
// The last two are for models with tools.
constexpr std::size_t kToolFields = 2;

constexpr std::string_view kVersion = "bedrock-2023-05-31";
constexpr std::string_view kVersion2026 = "2026-10-21";

Checked<void> check_claude_body(const Value& body, const Model& model) {
  std::span<const Field> fields(kClaudeMessagesFields);
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
  std::vector<std::string_view> sampling;
  for (const std::string_view name : {"temperature", "top_p", "top_k"}) {
    if (body[name].exists()) sampling.push_back(name);
  }
  return check_claude_sampling(sampling, model);
}

Checked<void> read_claude_system(const Value& system, const Model& model, Prompt& prompt) {
  if (!system.exists()) return {};
  if (system.is_string()) {
    prompt.prompt_tokens += count_tokens(*system.string());
    extend_claude_prefix("system", system, prompt);
    return {};
  }
  if (!system.is_array()) return invalid("system: Input should be a valid list");
  std::size_t index = 0;
  for (const Value block : system.elements()) {
    const std::string at = "system." + std::to_string(index++);
    if (block["type"].string() != "text") return invalid(at + ".type: Input should be 'text'");
    const std::string text = block["text"].text_or_empty();
    if (text.empty()) return invalid("system: text content blocks must be non-empty");
    prompt.prompt_tokens += count_tokens(text);
    if (auto checked = read_claude_block_caching(block, "system", at, model, prompt); !checked) {
      return checked;
    }
  }
  return {};
}

/// Refuses members of a body that need a beta.
/// Source: Anthropic, "Context editing".
Checked<void> check_betas(const Value& body) {
  if (!body["context_management"].exists()) return {};
  if (has_claude_beta(body, "context-management-2025-06-27")) return {};
  return invalid("context_management: Extra inputs are not permitted");
}

class ClaudeMessages final : public NativeFormat {
 public:
  Checked<Prompt> read(const Value& body, const Model& model) const override {
    if (auto checked = check_claude_body(body, model); !checked) {
      return std::unexpected(checked.error());
    }
    const std::size_t cache_points = count_cache_controls(body);
    Prompt prompt{.prompt_tokens = kOverheadTokens,
                  .max_tokens = *body["max_tokens"].integer(),
                  .caches = cache_points > 0};
    const Checked<bool> thinking = read_claude_thinking(body["thinking"], model, prompt.max_tokens);
    if (!thinking) return std::unexpected(thinking.error());
    prompt.thinking = *thinking;
    read_stop_sequences(body["stop_sequences"], prompt);
    if (auto checked = check_claude_stop_sequences(prompt.stop_sequences); !checked) {
      return std::unexpected(checked.error());
    }
    if (auto checked = check_betas(body); !checked) return std::unexpected(checked.error());
    // Tools before the system prompt, as the prompt cache has them.
    auto checked = read_claude_output(body, model, prompt);
    if (checked) checked = read_claude_tools(body, model, prompt);
    if (checked) checked = read_claude_system(body["system"], model, prompt);
    if (checked) checked = read_claude_messages(body["messages"], model, prompt);
    if (checked) {
      checked = check_thinking_context(body["thinking"], model,
                                       {.temperature = body["temperature"],
                                        .messages = body["messages"],
                                        .tool_use = prompt.tool_use});
    }
    if (checked) checked = check_cache_points(cache_points);
    if (!checked) return std::unexpected(checked.error());
    return prompt;
  }

  std::string response_body(const Completion& completion, const ReplyFacts& facts) const override {
    return write_claude_message(completion, facts);
  }

  std::vector<std::string> stream_chunks(const Completion& completion,
                                         const ReplyFacts& facts) const override {
    return write_claude_events(completion, facts);
  }
};

}  // namespace

Checked<void> check_claude_fields(const Value& fields) {
  for (const auto& [key, value] : fields.members()) {
    const auto* const field = std::ranges::find(kClaudeMessagesFields, key, &Field::name);
    if (field == kClaudeMessagesFields.end()) {
      return invalid(std::string(key) + ": Extra inputs are not permitted");
    }
    const std::string wrong = type_violation(value, "#/" + std::string(key), field->type);
    if (!wrong.empty()) return malformed(wrong);
  }
  return check_betas(fields);
}

const NativeFormat& claude_messages_format() {
  static const ClaudeMessages format;
  return format;
}

}  // namespace llm::local
