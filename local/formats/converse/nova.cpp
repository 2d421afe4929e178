#include <array>
#include <string>

#include "base/sha256.hpp"
#include "base/uuid.hpp"
#include "json/writer.hpp"
#include "local/formats/converse/request.hpp"
#include "local/formats/fragments.hpp"
#include "local/formats/native_format.hpp"
#include "local/frontend/json_schema_errors.hpp"
#include "local/frontend/shapes.hpp"

namespace llm::local {
namespace {

using json::Value;

// Source: Amazon Nova User Guide, "Complete request schema".
constexpr std::array kNovaFields{
    Field{"schemaVersion", FieldType::string},
    Field{"messages", FieldType::array, true},
    Field{"system", FieldType::array},
    Field{"inferenceConfig", FieldType::object},
    Field{"toolConfig", FieldType::object},
    Field{"reasoningConfig", FieldType::object},
    Field{"amazon-bedrock-guardrailConfig", FieldType::object},
};
// Recorded: `max_new_tokens` is another name of `maxTokens`.
constexpr std::array kNovaInferenceFields{
    Field{"maxTokens", FieldType::integer, false, 1},
    Field{"max_new_tokens", FieldType::integer, false, 1},
    Field{"temperature", FieldType::number, false, 0, 1},
    Field{"topP", FieldType::number, false, 0, 1},
    Field{"top_p", FieldType::number, false, 0, 1},
    Field{"topK", FieldType::integer, false, 0, 128},
    Field{"top_k", FieldType::integer, false, 0, 128},
    Field{"stopSequences", FieldType::array},
    Field{"reasoningConfig", FieldType::object},
};

Checked<void> check_nova_body(const Value& body) {
  std::string wrong = violations(body, "#", kNovaFields);
  const Value inference = body["inferenceConfig"];
  if (inference.is_object())
    wrong += violations(inference, "#/inferenceConfig", kNovaInferenceFields);
  if (!wrong.empty()) return malformed(wrong);

  Checked<void> checked;
  for (const Value message : body["messages"].elements()) {
    if (checked) checked = check_shape(message, "Message");
  }
  for (const Value block : body["system"].elements()) {
    if (checked) checked = check_shape(block, "SystemContentBlock");
  }
  const Value tools = body["toolConfig"];
  if (checked && tools.is_object()) checked = check_shape(tools, "ToolConfiguration");
  return checked;
}

/// Recorded: the ids of tool calls are UUIDs.
std::string nova_call_id(const ReplyFacts& facts, std::size_t index) {
  const base::Sha256Digest digest = base::sha256(std::string(facts.seed) + std::to_string(index));
  std::array<std::byte, 16> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(digest[i]);
  return base::uuid_v4(bytes);
}

void write_nova_usage(const Completion& completion, json::Writer& writer) {
  const CacheUsage& cache = completion.cache;
  writer.key("usage").begin_object();
  writer.key("inputTokens").integer(completion.prompt_tokens);
  writer.key("outputTokens").integer(completion.completion_tokens);
  writer.key("totalTokens").integer(completion.total_tokens());
  writer.key("cacheReadInputTokenCount").integer(cache.read);
  writer.key("cacheWriteInputTokenCount").integer(cache.all_written()).end_object();
}

void write_nova_block(const Block& block, const std::string& id, json::Writer& writer) {
  writer.begin_object();
  if (const auto* text = std::get_if<TextBlock>(&block)) {
    writer.member("text", text->text);
  } else {
    const auto& call = std::get<ToolCallBlock>(block);
    writer.key("toolUse").begin_object().member("name", call.tool).member("toolUseId", id);
    writer.key("input").raw(call.complete ? std::string_view(call.arguments) : "{}").end_object();
  }
  writer.end_object();
}

/// Collects the chunks of a stream. Recorded: each delta of a text has an index of its own.
class NovaStream {
 public:
  NovaStream() { chunks_.emplace_back(R"({"messageStart":{"role":"assistant"}})"); }

  void text(std::string_view text, std::string_view before, std::string_view after) {
    for (const std::string_view fragment : split_text(text, 3)) {
      delta(std::string(before) + json::quoted(fragment) + std::string(after));
      stop();
    }
  }

  void call(const ToolCallBlock& block, const std::string& id) {
    json::Writer writer;
    writer.begin_object().key("contentBlockStart").begin_object().key("start").begin_object();
    writer.key("toolUse").begin_object().member("toolUseId", id).member("name", block.tool);
    writer.end_object().end_object().key("contentBlockIndex").integer(index_);
    writer.end_object().end_object();
    chunks_.push_back(std::move(writer).take());
    delta(R"({"toolUse":{"input":)" + json::quoted(block.arguments) + "}}");
    stop();
  }

  std::vector<std::string> finish(const Completion& completion, const ReplyFacts& facts) && {
    chunks_.push_back(R"({"messageStop":{"stopReason":")" +
                      std::string(stop_reason_of(completion.stop_reason)) + "\"}}");
    json::Writer writer;
    writer.begin_object().key("metadata").begin_object();
    write_nova_usage(completion, writer);
    writer.key("metrics").begin_object().end_object();
    writer.key("trace").begin_object().end_object().end_object();
    write_metrics(completion, facts, writer);
    writer.end_object();
    chunks_.push_back(std::move(writer).take());
    return std::move(chunks_);
  }

 private:
  void delta(const std::string& content) {
    chunks_.push_back(R"({"contentBlockDelta":{"delta":)" + content + R"(,"contentBlockIndex":)" +
                      std::to_string(index_) + "}}");
  }
  void stop() {
    chunks_.push_back(R"({"contentBlockStop":{"contentBlockIndex":)" + std::to_string(index_++) +
                      "}}");
  }

  std::int64_t index_ = 0;
  std::vector<std::string> chunks_;
};

class Nova final : public NativeFormat {
 public:
  Checked<Prompt> read(const Value& body, const Model& model) const override {
    if (auto checked = check_nova_body(body); !checked) return std::unexpected(checked.error());
    Checked<Prompt> prompt = read_checked_converse(body, model, Delivery::buffered);
    if (!prompt) return prompt;
    const auto limit = body["inferenceConfig"]["max_new_tokens"].integer();
    if (limit) prompt->max_tokens = *limit;
    if (prompt->max_tokens <= model.max_output_tokens) return prompt;
    return malformed("#/inferenceConfig/max_new_tokens: " + std::to_string(prompt->max_tokens) +
                     " is not less or equal to " + std::to_string(model.max_output_tokens));
  }

  std::string response_body(const Completion& completion, const ReplyFacts& facts) const override {
    json::Writer writer;
    writer.begin_object().key("output").begin_object().key("message").begin_object();
    writer.key("content").begin_array();
    if (!completion.reasoning.empty()) {
      writer.raw(R"({"reasoningContent":{"reasoningText":{"text":)" +
                 json::quoted(completion.reasoning) + "}}}");
    }
    for (std::size_t i = 0; i < completion.blocks.size(); ++i) {
      write_nova_block(completion.blocks[i], nova_call_id(facts, i), writer);
    }
    writer.end_array().member("role", "assistant").end_object().end_object();
    writer.member("stopReason", stop_reason_of(completion.stop_reason));
    write_nova_usage(completion, writer);
    writer.end_object();
    return std::move(writer).take();
  }

  std::vector<std::string> stream_chunks(const Completion& completion,
                                         const ReplyFacts& facts) const override {
    NovaStream stream;
    stream.text(completion.reasoning, R"({"reasoningContent":{"text":)", "}}");
    for (std::size_t i = 0; i < completion.blocks.size(); ++i) {
      if (const auto* text = std::get_if<TextBlock>(&completion.blocks[i])) {
        stream.text(text->text, R"({"text":)", "}");
      } else {
        stream.call(std::get<ToolCallBlock>(completion.blocks[i]), nova_call_id(facts, i));
      }
    }
    return std::move(stream).finish(completion, facts);
  }
};

}  // namespace

const NativeFormat& nova_format() {
  static const Nova format;
  return format;
}

}  // namespace llm::local
