#include "local/formats/converse/reply.hpp"

#include <array>
#include <string>

#include "json/writer.hpp"
#include "local/formats/fragments.hpp"

namespace llm::local {
namespace {

std::string call_id(const ReplyFacts& facts, std::size_t index) {
  return "tooluse_" + short_id(std::string(facts.seed) + std::to_string(index), 22);
}

void write_metrics(const ReplyFacts& facts, json::Writer& writer) {
  writer.key("metrics").begin_object();
  writer.key("latencyMs").integer(facts.invocation_ms).end_object();
}

void write_usage(const Completion& completion, json::Writer& writer) {
  writer.key("usage").begin_object();
  writer.key("inputTokens").integer(completion.prompt_tokens);
  writer.key("outputTokens").integer(completion.completion_tokens);
  writer.key("totalTokens")
      .integer(completion.prompt_tokens + completion.completion_tokens)
      .end_object();
}

void write_extra(std::string_view key, const std::string& json, json::Writer& writer) {
  if (!json.empty()) writer.key(key).raw(json);
}

void write_block(const Block& block, const std::string& id, json::Writer& writer) {
  writer.begin_object();
  if (const auto* text = std::get_if<TextBlock>(&block)) {
    writer.member("text", text->text);
  } else {
    const auto& call = std::get<ToolCallBlock>(block);
    writer.key("toolUse").begin_object().key("input");
    writer.raw(call.complete ? std::string_view(call.arguments) : "{}");
    writer.member("name", call.tool).member("toolUseId", id).end_object();
  }
  writer.end_object();
}

/// Recorded: only Claude signs its reasoning.
bool signs(const ReplyFacts& facts) { return facts.model->thinking != Thinking::effort; }

void write_reasoning(const Completion& completion, const ReplyFacts& facts, json::Writer& writer) {
  writer.begin_object().key("reasoningContent").begin_object();
  writer.key("reasoningText").begin_object();
  if (signs(facts)) writer.member("signature", reasoning_signature(completion));
  writer.member("text", completion.reasoning).end_object().end_object().end_object();
}

/// Collects the events of a stream. Keys are in alphabetical order, `p` included.
class Stream {
 public:
  void start() {
    json::Writer writer;
    writer.begin_object().member("p", padding("messageStart")).member("role", "assistant");
    add("messageStart", writer);
  }

  void reasoning(const Completion& completion, const ReplyFacts& facts) {
    for (const std::string_view fragment : split_text(completion.reasoning, 3)) {
      delta(R"({"reasoningContent":{"text":)" + json::quoted(fragment) + "}}");
    }
    if (signs(facts)) {
      delta(R"({"reasoningContent":{"signature":)" + json::quoted(reasoning_signature(completion)) +
            "}}");
    }
    stop_block();
  }

  void text(const TextBlock& block) {
    for (const std::string_view fragment : split_text(block.text, 3)) {
      delta(R"({"text":)" + json::quoted(fragment) + "}");
    }
    stop_block();
  }

  void call(const ToolCallBlock& block, const std::string& id) {
    json::Writer writer;
    writer.begin_object().key("contentBlockIndex").integer(index_).member("p", padding(id));
    writer.key("start").begin_object().key("toolUse").begin_object();
    writer.member("name", block.tool).member("toolUseId", id).end_object().end_object();
    add("contentBlockStart", writer);
    // Recorded: the first fragment of arguments is often empty.
    delta(R"({"toolUse":{"input":""}})");
    for (const std::string_view fragment : split_text(block.arguments, 2)) {
      delta(R"({"toolUse":{"input":)" + json::quoted(fragment) + "}}");
    }
    stop_block();
  }

  void finish(const Completion& completion, const ReplyFacts& facts, const ConverseExtras& extras) {
    json::Writer stop;
    stop.begin_object();
    write_extra("additionalModelResponseFields", extras.additional_fields, stop);
    stop.member("p", padding(facts.seed));
    stop.member("stopReason", stop_reason_of(completion.stop_reason));
    add("messageStop", stop);

    json::Writer metadata;
    metadata.begin_object();
    write_metrics(facts, metadata);
    metadata.member("p", padding(metadata.view()));
    write_extra("performanceConfig", extras.performance, metadata);
    write_extra("serviceTier", extras.service_tier, metadata);
    write_extra("trace", extras.trace, metadata);
    write_usage(completion, metadata);
    add("metadata", metadata);
  }

  std::vector<ConverseEvent> take() && { return std::move(events_); }

 private:
  void delta(const std::string& content) {
    json::Writer writer;
    writer.begin_object().key("contentBlockIndex").integer(index_);
    writer.key("delta").raw(content).member("p", padding(content));
    add("contentBlockDelta", writer);
  }

  void stop_block() {
    json::Writer writer;
    writer.begin_object().key("contentBlockIndex").integer(index_);
    writer.member("p", padding(writer.view()));
    add("contentBlockStop", writer);
    ++index_;
  }

  void add(std::string_view name, json::Writer& writer) {
    writer.end_object();
    events_.push_back({name, std::move(writer).take()});
  }

  std::int64_t index_ = 0;
  std::vector<ConverseEvent> events_;
};

}  // namespace

std::string write_converse(const Completion& completion, const ReplyFacts& facts,
                           const ConverseExtras& extras) {
  json::Writer writer;
  writer.begin_object();
  write_extra("additionalModelResponseFields", extras.additional_fields, writer);
  write_metrics(facts, writer);
  writer.key("output").begin_object().key("message").begin_object().key("content").begin_array();
  if (!completion.reasoning.empty()) write_reasoning(completion, facts, writer);
  for (std::size_t i = 0; i < completion.blocks.size(); ++i) {
    write_block(completion.blocks[i], call_id(facts, i), writer);
  }
  writer.end_array().member("role", "assistant").end_object().end_object();
  write_extra("performanceConfig", extras.performance, writer);
  write_extra("serviceTier", extras.service_tier, writer);
  writer.member("stopReason", stop_reason_of(completion.stop_reason));
  write_extra("trace", extras.trace, writer);
  write_usage(completion, writer);
  writer.end_object();
  return std::move(writer).take();
}

std::vector<ConverseEvent> write_converse_events(const Completion& completion,
                                                 const ReplyFacts& facts,
                                                 const ConverseExtras& extras) {
  Stream stream;
  stream.start();
  if (!completion.reasoning.empty()) stream.reasoning(completion, facts);
  for (std::size_t i = 0; i < completion.blocks.size(); ++i) {
    if (const auto* text = std::get_if<TextBlock>(&completion.blocks[i])) {
      stream.text(*text);
    } else {
      stream.call(std::get<ToolCallBlock>(completion.blocks[i]), call_id(facts, i));
    }
  }
  stream.finish(completion, facts, extras);
  return std::move(stream).take();
}

}  // namespace llm::local
