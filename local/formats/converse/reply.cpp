#include "local/formats/converse/reply.hpp"

#include <array>
#include <string>

#include "json/writer.hpp"
#include "local/formats/fragments.hpp"

namespace llm::local {
namespace {

std::string converse_call_id(const ReplyFacts& facts, std::size_t index) {
  return "tooluse_" + short_id(std::string(facts.seed) + std::to_string(index), 22);
}

void write_converse_metrics(const ReplyFacts& facts, json::Writer& writer) {
  writer.key("metrics").begin_object();
  writer.key("latencyMs").integer(facts.invocation_ms).end_object();
}

void write_cache_detail(std::string_view ttl, std::int64_t tokens, json::Writer& writer) {
  if (tokens == 0) return;
  writer.begin_object().key("inputTokens").integer(tokens).member("ttl", ttl).end_object();
}

/// Recorded: each count has two names, and `cacheDetails` says what was written.
void write_cache_usage(const CacheUsage& cache, json::Writer& writer) {
  if (!cache.reported) return;
  if (cache.all_written() > 0) {
    writer.key("cacheDetails").begin_array();
    write_cache_detail("1h", cache.written_for_an_hour, writer);
    write_cache_detail("5m", cache.written, writer);
    writer.end_array();
  }
  writer.key("cacheReadInputTokenCount").integer(cache.read);
  writer.key("cacheReadInputTokens").integer(cache.read);
  writer.key("cacheWriteInputTokenCount").integer(cache.all_written());
  writer.key("cacheWriteInputTokens").integer(cache.all_written());
}

void write_converse_usage(const Completion& completion, json::Writer& writer) {
  writer.key("usage").begin_object();
  write_cache_usage(completion.cache, writer);
  writer.key("inputTokens").integer(completion.prompt_tokens);
  writer.key("outputTokens").integer(completion.completion_tokens);
  writer.key("totalTokens").integer(completion.total_tokens()).end_object();
}

void write_extra(std::string_view key, const std::string& json, json::Writer& writer) {
  if (!json.empty()) writer.key(key).raw(json);
}

/// Claude's own stop reasons have others here.
std::string_view converse_stop_reason(StopReason reason) {
  if (reason == StopReason::refusal) return stop_reason_of(StopReason::content_filtered);
  if (reason == StopReason::pause_turn) return stop_reason_of(StopReason::end_turn);
  return stop_reason_of(reason);
}

void write_converse_citation(const ScriptedCitation& citation, json::Writer& writer) {
  writer.begin_object().key("location").begin_object().key("documentChar").begin_object();
  writer.key("documentIndex").integer(citation.document).key("end").integer(citation.end);
  writer.key("start").integer(citation.start).end_object().end_object();
  if (!citation.source.empty()) writer.member("source", citation.source);
  writer.key("sourceContent").begin_array().begin_object().member("text", citation.cited_text);
  writer.end_object().end_array().member("title", citation.title).end_object();
}

void write_text(const TextBlock& block, json::Writer& writer) {
  if (block.citations.empty()) {
    writer.member("text", block.text);
    return;
  }
  writer.key("citationsContent").begin_object().key("citations").begin_array();
  for (const ScriptedCitation& citation : block.citations)
    write_converse_citation(citation, writer);
  writer.end_array().key("content").begin_array().begin_object().member("text", block.text);
  writer.end_object().end_array().end_object();
}

void write_converse_block(const Block& block, const std::string& id, json::Writer& writer) {
  writer.begin_object();
  if (const auto* text = std::get_if<TextBlock>(&block)) {
    write_text(*text, writer);
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
class ConverseStream {
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
    for (const ScriptedCitation& citation : block.citations) {
      json::Writer writer;
      writer.begin_object().key("citation");
      write_converse_citation(citation, writer);
      writer.end_object();
      delta(std::move(writer).take());
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
    stop.member("stopReason", converse_stop_reason(completion.stop_reason));
    add("messageStop", stop);

    json::Writer metadata;
    metadata.begin_object();
    write_converse_metrics(facts, metadata);
    metadata.member("p", padding(metadata.view()));
    write_extra("performanceConfig", extras.performance, metadata);
    write_extra("serviceTier", extras.service_tier, metadata);
    write_extra("trace", extras.trace, metadata);
    write_converse_usage(completion, metadata);
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
  write_converse_metrics(facts, writer);
  writer.key("output").begin_object().key("message").begin_object().key("content").begin_array();
  if (!completion.reasoning.empty()) write_reasoning(completion, facts, writer);
  for (std::size_t i = 0; i < completion.blocks.size(); ++i) {
    write_converse_block(completion.blocks[i], converse_call_id(facts, i), writer);
  }
  writer.end_array().member("role", "assistant").end_object().end_object();
  write_extra("performanceConfig", extras.performance, writer);
  write_extra("serviceTier", extras.service_tier, writer);
  writer.member("stopReason", converse_stop_reason(completion.stop_reason));
  write_extra("trace", extras.trace, writer);
  write_converse_usage(completion, writer);
  writer.end_object();
  return std::move(writer).take();
}

std::vector<ConverseEvent> write_converse_events(const Completion& completion,
                                                 const ReplyFacts& facts,
                                                 const ConverseExtras& extras) {
  ConverseStream stream;
  stream.start();
  if (!completion.reasoning.empty()) stream.reasoning(completion, facts);
  for (std::size_t i = 0; i < completion.blocks.size(); ++i) {
    if (const auto* text = std::get_if<TextBlock>(&completion.blocks[i])) {
      stream.text(*text);
    } else {
      stream.call(std::get<ToolCallBlock>(completion.blocks[i]), converse_call_id(facts, i));
    }
  }
  stream.finish(completion, facts, extras);
  return std::move(stream).take();
}

}  // namespace llm::local
