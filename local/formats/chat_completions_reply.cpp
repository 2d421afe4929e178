// What models write in the Chat Completions format, for InvokeModel and for bedrock-mantle.
#include <string>
#include <utility>

#include "json/writer.hpp"
#include "local/formats/chat_completions.hpp"
#include "local/formats/fragments.hpp"
#include "local/formats/prompt_text.hpp"

namespace llm::local {
namespace {

constexpr std::int64_t kCompletionCreated =
    1'767'225'600;  // 2026-01-01: the same request, the same reply.

std::string_view chat_completions_finish_reason(StopReason reason) {
  if (reason == StopReason::content_filtered) return "content_filter";
  return reason == StopReason::tool_use ? "tool_calls" : length_or_stop(reason);
}

/// Documented for gpt-oss: the reasoning precedes the text in a tag.
std::string content_of(const Completion& completion) {
  if (completion.reasoning.empty()) return completion.text();
  return "<reasoning>" + completion.reasoning + "</reasoning>" + completion.text();
}

void write_chat_completions_head(const ReplyFacts& facts, std::string_view object,
                                 json::Writer& writer) {
  writer.member("id", "chatcmpl-" + short_id(facts.seed, 24)).member("object", object);
  writer.key("created").integer(kCompletionCreated).member("model", facts.model->id);
}

std::string call_id(const ReplyFacts& facts, std::int64_t index) {
  return "call_" + short_id(std::string(facts.seed) + std::to_string(index), 24);
}

/// The member `tool_calls`, if there are any.
void write_calls(const Completion& completion, const ReplyFacts& facts, json::Writer& writer) {
  std::int64_t index = 0;
  for (const Block& block : completion.blocks) {
    const auto* const call = std::get_if<ToolCallBlock>(&block);
    if (call == nullptr) continue;
    if (index == 0) writer.key("tool_calls").begin_array();
    writer.begin_object().key("index").integer(index);
    writer.member("id", call_id(facts, index));
    writer.member("type", "function").key("function").begin_object();
    writer.member("name", call->tool).member("arguments", call->arguments).end_object();
    writer.end_object();
    ++index;
  }
  if (index > 0) writer.end_array();
}

void write_chat_completions_usage(const Completion& completion, json::Writer& writer) {
  writer.key("usage").begin_object();
  writer.key("prompt_tokens").integer(completion.prompt_tokens);
  writer.key("completion_tokens").integer(completion.completion_tokens);
  writer.key("total_tokens").integer(completion.prompt_tokens + completion.completion_tokens);
  writer.end_object();
}

/// A chunk; the last one has a `reason` and the metrics.
template <typename WriteDelta>
std::string chat_completions_chunk(const ReplyFacts& facts, WriteDelta write_delta,
                                   const Completion* ended = nullptr) {
  json::Writer writer;
  writer.begin_object();
  write_chat_completions_head(facts, "chat.completion.chunk", writer);
  writer.key("choices").begin_array().begin_object().key("index").integer(0);
  writer.key("delta").begin_object();
  write_delta(writer);
  writer.end_object().key("finish_reason");
  ended == nullptr ? writer.null()
                   : writer.string(chat_completions_finish_reason(ended->stop_reason));
  writer.end_object().end_array();
  if (ended != nullptr) {
    write_chat_completions_usage(*ended, writer);
    write_metrics(*ended, facts, writer);
  }
  writer.end_object();
  return std::move(writer).take();
}

// What bedrock-mantle writes otherwise.

/// The input includes what came from the cache.
void write_mantle_usage(const Completion& completion, json::Writer& writer) {
  const std::int64_t input =
      completion.prompt_tokens + completion.cache.read + completion.cache.all_written();
  writer.key("usage").begin_object().key("prompt_tokens").integer(input);
  writer.key("completion_tokens").integer(completion.completion_tokens);
  writer.key("total_tokens").integer(input + completion.completion_tokens);
  writer.key("prompt_tokens_details").begin_object();
  writer.key("cached_tokens").integer(completion.cache.read).end_object().end_object();
}

json::Writer& begin_calls(std::int64_t index, json::Writer& delta) {
  return delta.key("tool_calls").begin_array().begin_object().key("index").integer(index);
}

void write_call_start(std::int64_t index, const std::string& id, const std::string& tool,
                      json::Writer& delta) {
  begin_calls(index, delta).member("id", id).member("type", "function").key("function");
  delta.begin_object().member("name", tool).member("arguments", "").end_object();
  delta.end_object().end_array();
}

void write_call_arguments(std::int64_t index, std::string_view fragment, json::Writer& delta) {
  begin_calls(index, delta).key("function").begin_object().member("arguments", fragment);
  delta.end_object().end_object().end_array();
}

std::string finish_chunk(const Completion& completion, const ReplyFacts& facts) {
  json::Writer writer;
  writer.begin_object();
  write_chat_completions_head(facts, "chat.completion.chunk", writer);
  writer.key("choices").begin_array().begin_object().key("index").integer(0);
  writer.key("delta").begin_object().end_object();
  writer.member("finish_reason", chat_completions_finish_reason(completion.stop_reason));
  writer.end_object().end_array().key("usage").null().end_object();
  return std::move(writer).take();
}

std::string usage_chunk(const Completion& completion, const ReplyFacts& facts) {
  json::Writer writer;
  writer.begin_object();
  write_chat_completions_head(facts, "chat.completion.chunk", writer);
  writer.key("choices").begin_array().end_array();
  write_mantle_usage(completion, writer);
  writer.end_object();
  return std::move(writer).take();
}

}  // namespace

std::string write_invoked_completion(const Completion& completion, const ReplyFacts& facts) {
  json::Writer writer;
  writer.begin_object();
  write_chat_completions_head(facts, "chat.completion", writer);
  writer.key("choices").begin_array().begin_object().key("index").integer(0);
  writer.key("message").begin_object().member("role", "assistant");
  writer.member("content", content_of(completion));
  write_calls(completion, facts, writer);
  writer.end_object().member("finish_reason",
                             chat_completions_finish_reason(completion.stop_reason));
  writer.end_object().end_array();
  write_chat_completions_usage(completion, writer);
  writer.end_object();
  return std::move(writer).take();
}

std::vector<std::string> write_invoked_chunks(const Completion& completion,
                                              const ReplyFacts& facts) {
  std::vector<std::string> chunks;
  chunks.push_back(chat_completions_chunk(
      facts, [](json::Writer& delta) { delta.member("role", "assistant").member("content", ""); }));
  const std::string content = content_of(completion);
  for (const std::string_view fragment : split_text(content, 3)) {
    chunks.push_back(chat_completions_chunk(
        facts, [&](json::Writer& delta) { delta.member("content", fragment); }));
  }
  chunks.push_back(chat_completions_chunk(
      facts, [&](json::Writer& delta) { write_calls(completion, facts, delta); }, &completion));
  return chunks;
}

std::string write_chat_completion(const Completion& completion, const ReplyFacts& facts) {
  json::Writer writer;
  writer.begin_object();
  write_chat_completions_head(facts, "chat.completion", writer);
  writer.key("choices").begin_array().begin_object().key("index").integer(0);
  writer.key("message").begin_object().member("role", "assistant").key("content");
  const std::string text = completion.text();
  text.empty() ? writer.null() : writer.string(text);
  if (!completion.reasoning.empty()) writer.member("reasoning", completion.reasoning);
  write_calls(completion, facts, writer);
  writer.end_object().member("finish_reason",
                             chat_completions_finish_reason(completion.stop_reason));
  writer.end_object().end_array();
  write_mantle_usage(completion, writer);
  writer.end_object();
  return std::move(writer).take();
}

std::vector<std::string> write_chat_completion_chunks(const Completion& completion,
                                                      const ReplyFacts& facts, StreamUsage usage) {
  std::vector<std::string> chunks;
  const auto add = [&](const auto& write_delta) {
    chunks.push_back(chat_completions_chunk(facts, write_delta));
  };
  add([](json::Writer& delta) { delta.member("role", "assistant").member("content", ""); });
  for (const std::string_view fragment : split_text(completion.reasoning, 3)) {
    add([&](json::Writer& delta) { delta.member("reasoning", fragment); });
  }
  const std::string text = completion.text();
  for (const std::string_view fragment : split_text(text, 3)) {
    add([&](json::Writer& delta) { delta.member("content", fragment); });
  }
  std::int64_t index = 0;
  for (const Block& block : completion.blocks) {
    const auto* const call = std::get_if<ToolCallBlock>(&block);
    if (call == nullptr) continue;
    const std::string id = call_id(facts, index);
    add([&](json::Writer& delta) { write_call_start(index, id, call->tool, delta); });
    for (const std::string_view fragment : split_text(call->arguments, 2)) {
      add([&](json::Writer& delta) { write_call_arguments(index, fragment, delta); });
    }
    ++index;
  }
  chunks.push_back(finish_chunk(completion, facts));
  if (usage == StreamUsage::included) chunks.push_back(usage_chunk(completion, facts));
  return chunks;
}

}  // namespace llm::local
