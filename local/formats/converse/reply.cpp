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

void write_usage(const Completion& answer, json::Writer& writer) {
  writer.key("usage").begin_object();
  writer.key("inputTokens").integer(answer.prompt_tokens);
  writer.key("outputTokens").integer(answer.completion_tokens);
  writer.key("totalTokens").integer(answer.prompt_tokens + answer.completion_tokens).end_object();
}

void write_extra(std::string_view key, const std::string& json, json::Writer& writer) {
  if (!json.empty()) writer.key(key).raw(json);
}

void write_block(const Block& block, const std::string& id, json::Writer& writer) {
  writer.begin_object();
  if (const auto* text = std::get_if<TextBlock>(&block)) {
    writer.member("text", text->text);
  } else {
    const auto& call = std::get<CallBlock>(block);
    writer.key("toolUse").begin_object().key("input");
    writer.raw(call.complete ? std::string_view(call.arguments) : "{}");
    writer.member("name", call.tool).member("toolUseId", id).end_object();
  }
  writer.end_object();
}

/// Recorded: Claude alone signs.
bool signs(const ReplyFacts& facts) { return facts.model->thinking != Thinking::effort; }

void write_reasoning(const Completion& answer, const ReplyFacts& facts, json::Writer& writer) {
  writer.begin_object().key("reasoningContent").begin_object();
  writer.key("reasoningText").begin_object();
  if (signs(facts)) writer.member("signature", reasoning_signature(answer));
  writer.member("text", answer.reasoning).end_object().end_object().end_object();
}

/// The events of one stream, collected. Keys come in the order of the alphabet, `p` among them.
class Stream {
 public:
  void start() {
    json::Writer writer;
    writer.begin_object().member("p", padding("messageStart")).member("role", "assistant");
    add("messageStart", writer);
  }

  void reasoning(const Completion& answer, const ReplyFacts& facts) {
    for (const std::string_view piece : split_text(answer.reasoning, 3)) {
      delta(R"({"reasoningContent":{"text":)" + json::quoted(piece) + "}}");
    }
    if (signs(facts)) {
      delta(R"({"reasoningContent":{"signature":)" + json::quoted(reasoning_signature(answer)) +
            "}}");
    }
    stop_block();
  }

  void text(const TextBlock& block) {
    for (const std::string_view piece : split_text(block.text, 3)) {
      delta(R"({"text":)" + json::quoted(piece) + "}");
    }
    stop_block();
  }

  void call(const CallBlock& block, const std::string& id) {
    json::Writer writer;
    writer.begin_object().key("contentBlockIndex").integer(index_).member("p", padding(id));
    writer.key("start").begin_object().key("toolUse").begin_object();
    writer.member("name", block.tool).member("toolUseId", id).end_object().end_object();
    add("contentBlockStart", writer);
    // Recorded: the first piece of arguments is often empty.
    delta(R"({"toolUse":{"input":""}})");
    for (const std::string_view piece : split_text(block.arguments, 2)) {
      delta(R"({"toolUse":{"input":)" + json::quoted(piece) + "}}");
    }
    stop_block();
  }

  void finish(const Completion& answer, const ReplyFacts& facts, const ConverseExtras& extras) {
    json::Writer stop;
    stop.begin_object();
    write_extra("additionalModelResponseFields", extras.additional_fields, stop);
    stop.member("p", padding(facts.seed));
    stop.member("stopReason", stop_reason_of(answer.stop_reason));
    add("messageStop", stop);

    json::Writer metadata;
    metadata.begin_object();
    write_metrics(facts, metadata);
    metadata.member("p", padding(metadata.view()));
    write_extra("performanceConfig", extras.performance, metadata);
    write_extra("serviceTier", extras.service_tier, metadata);
    write_extra("trace", extras.trace, metadata);
    write_usage(answer, metadata);
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

std::string write_converse(const Completion& answer, const ReplyFacts& facts,
                           const ConverseExtras& extras) {
  json::Writer writer;
  writer.begin_object();
  write_extra("additionalModelResponseFields", extras.additional_fields, writer);
  write_metrics(facts, writer);
  writer.key("output").begin_object().key("message").begin_object().key("content").begin_array();
  if (!answer.reasoning.empty()) write_reasoning(answer, facts, writer);
  for (std::size_t i = 0; i < answer.blocks.size(); ++i) {
    write_block(answer.blocks[i], call_id(facts, i), writer);
  }
  writer.end_array().member("role", "assistant").end_object().end_object();
  write_extra("performanceConfig", extras.performance, writer);
  write_extra("serviceTier", extras.service_tier, writer);
  writer.member("stopReason", stop_reason_of(answer.stop_reason));
  write_extra("trace", extras.trace, writer);
  write_usage(answer, writer);
  writer.end_object();
  return std::move(writer).take();
}

std::vector<ConverseEvent> write_converse_events(const Completion& answer, const ReplyFacts& facts,
                                                 const ConverseExtras& extras) {
  Stream stream;
  stream.start();
  if (!answer.reasoning.empty()) stream.reasoning(answer, facts);
  for (std::size_t i = 0; i < answer.blocks.size(); ++i) {
    if (const auto* text = std::get_if<TextBlock>(&answer.blocks[i])) {
      stream.text(*text);
    } else {
      stream.call(std::get<CallBlock>(answer.blocks[i]), call_id(facts, i));
    }
  }
  stream.finish(answer, facts, extras);
  return std::move(stream).take();
}

}  // namespace llm::local
