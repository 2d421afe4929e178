#include "local/formats/claude/reply.hpp"

#include "json/writer.hpp"
#include "local/formats/fragments.hpp"

namespace llm::local {
namespace {

std::string claude_call_id(const ReplyFacts& facts, std::size_t index) {
  return "toolu_bdrk_01" + short_id(std::string(facts.seed) + std::to_string(index), 22);
}

void write_stop_sequence(const Completion& completion, json::Writer& writer) {
  writer.key("stop_sequence");
  if (completion.stop_reason == StopReason::stop_sequence) {
    writer.string(completion.stop_sequence);
  } else {
    writer.null();
  }
}

/// Id, type, role and model: the start of a message and of `message_start`.
void write_claude_head(const ReplyFacts& facts, json::Writer& writer) {
  writer.member("id", "msg_bdrk_01" + short_id(facts.seed, 22));
  writer.member("type", "message").member("role", "assistant");
  writer.member("model", facts.model->native_name);
}

void write_claude_citation(const ScriptedCitation& citation, json::Writer& writer) {
  writer.begin_object().member("type", "char_location");
  writer.member("cited_text", citation.cited_text);
  writer.key("document_index").integer(citation.document);
  writer.member("document_title", citation.title);
  writer.key("start_char_index").integer(citation.start);
  writer.key("end_char_index").integer(citation.end).end_object();
}

void write_citations(const TextBlock& block, json::Writer& writer) {
  if (block.citations.empty()) return;
  writer.key("citations").begin_array();
  for (const ScriptedCitation& citation : block.citations) write_claude_citation(citation, writer);
  writer.end_array();
}

void write_claude_block(const Block& block, const std::string& id, json::Writer& writer) {
  writer.begin_object();
  if (const auto* text = std::get_if<TextBlock>(&block)) {
    writer.member("type", "text").member("text", text->text);
    write_citations(*text, writer);
  } else {
    const auto& call = std::get<ToolCallBlock>(block);
    writer.member("type", "tool_use").member("id", id).member("name", call.tool).key("input");
    writer.raw(call.complete ? std::string_view(call.arguments) : "{}");
  }
  writer.end_object();
}

void write_thinking(const Completion& completion, json::Writer& writer) {
  writer.begin_object().member("type", "thinking").member("thinking", completion.reasoning);
  writer.member("signature", reasoning_signature(completion)).end_object();
}

/// Recorded: models that cache prompts always report the cache.
void write_claude_usage(const Completion& completion, std::int64_t output_tokens,
                        json::Writer& writer) {
  const CacheUsage& cache = completion.cache;
  writer.key("usage").begin_object();
  writer.key("input_tokens").integer(completion.prompt_tokens);
  if (cache.reported) {
    writer.key("cache_creation_input_tokens").integer(cache.all_written());
    writer.key("cache_read_input_tokens").integer(cache.read);
    writer.key("cache_creation").begin_object();
    writer.key("ephemeral_5m_input_tokens").integer(cache.written);
    writer.key("ephemeral_1h_input_tokens").integer(cache.written_for_an_hour).end_object();
  }
  writer.key("output_tokens").integer(output_tokens).end_object();
}

/// Collects the chunks of a stream.
class ClaudeStream {
 public:
  void start(const Completion& completion, const ReplyFacts& facts) {
    json::Writer& writer = begin("message_start");
    writer.key("message").begin_object();
    write_claude_head(facts, writer);
    writer.key("content").begin_array().end_array();
    writer.key("stop_reason").null().key("stop_sequence").null();
    write_claude_usage(completion, 1, writer);
    writer.end_object();
    end();
  }

  void thinking(const Completion& completion) {
    json::Writer& writer = begin_at("content_block_start", 0);
    writer.key("content_block").begin_object().member("type", "thinking").member("thinking", "");
    writer.member("signature", "").end_object();
    end();
    for (const std::string_view fragment : split_text(completion.reasoning, 3)) {
      delta(0, "thinking_delta", "thinking", fragment);
    }
    delta(0, "signature_delta", "signature", reasoning_signature(completion));
    begin_at("content_block_stop", 0);
    end();
  }

  void block(const Block& block, std::size_t index, const std::string& id) {
    json::Writer& writer = begin_at("content_block_start", index);
    writer.key("content_block");
    const auto* text = std::get_if<TextBlock>(&block);
    const auto* call = std::get_if<ToolCallBlock>(&block);
    write_claude_block(
        text != nullptr ? Block{TextBlock{}} : Block{ToolCallBlock{call->tool, "{}", true}}, id,
        writer);
    end();
    if (text != nullptr) {
      for (const std::string_view fragment : split_text(text->text, 3)) {
        delta(index, "text_delta", "text", fragment);
      }
      for (const ScriptedCitation& citation : text->citations) {
        json::Writer& cited = begin_at("content_block_delta", index);
        cited.key("delta").begin_object().member("type", "citations_delta").key("citation");
        write_claude_citation(citation, cited);
        cited.end_object();
        end();
      }
    } else {
      // Recorded: the first fragment of arguments is always empty.
      delta(index, "input_json_delta", "partial_json", "");
      for (const std::string_view fragment : split_text(call->arguments, 2)) {
        delta(index, "input_json_delta", "partial_json", fragment);
      }
    }
    begin_at("content_block_stop", index);
    end();
  }

  void stop(const Completion& completion, const ReplyFacts& facts) {
    json::Writer& message = begin("message_delta");
    message.key("delta").begin_object().member("stop_reason",
                                               stop_reason_of(completion.stop_reason));
    write_stop_sequence(completion, message);
    message.end_object().key("usage").begin_object();
    message.key("output_tokens").integer(completion.completion_tokens).end_object();
    end();
    write_metrics(completion, facts, begin("message_stop"));
    end();
  }

  std::vector<std::string> take() && { return std::move(chunks_); }

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
    chunks_.push_back(std::move(writer_).take());
  }

  void delta(std::size_t index, std::string_view type, std::string_view key,
             std::string_view text) {
    json::Writer& writer = begin_at("content_block_delta", index);
    writer.key("delta").begin_object().member("type", type).member(key, text).end_object();
    end();
  }

  json::Writer writer_;
  std::vector<std::string> chunks_;
};

}  // namespace

std::string write_claude_message(const Completion& completion, const ReplyFacts& facts) {
  json::Writer writer;
  writer.begin_object();
  write_claude_head(facts, writer);
  writer.key("content").begin_array();
  if (!completion.reasoning.empty()) write_thinking(completion, writer);
  for (std::size_t i = 0; i < completion.blocks.size(); ++i) {
    write_claude_block(completion.blocks[i], claude_call_id(facts, i), writer);
  }
  writer.end_array().member("stop_reason", stop_reason_of(completion.stop_reason));
  write_stop_sequence(completion, writer);
  write_claude_usage(completion, completion.completion_tokens, writer);
  writer.end_object();
  return std::move(writer).take();
}

std::vector<std::string> write_claude_events(const Completion& completion,
                                             const ReplyFacts& facts) {
  ClaudeStream stream;
  stream.start(completion, facts);
  const std::size_t first = completion.reasoning.empty() ? 0 : 1;
  if (first == 1) stream.thinking(completion);
  for (std::size_t i = 0; i < completion.blocks.size(); ++i) {
    stream.block(completion.blocks[i], first + i, claude_call_id(facts, i));
  }
  stream.stop(completion, facts);
  return std::move(stream).take();
}

}  // namespace llm::local
