#include "local/formats/fragments.hpp"

#include "base/base64.hpp"
#include "base/crc32.hpp"
#include "base/sha256.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

// What a fast model would take.
constexpr std::int64_t kFirstByteMilliseconds = 35;
constexpr std::int64_t kMillisecondsPerToken = 8;

constexpr std::string_view kPadding =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::size_t kMinPadding = 2;

}  // namespace

std::vector<std::string_view> split_text(std::string_view text, std::int64_t max_tokens) {
  std::vector<std::string_view> fragments;
  while (!text.empty()) {
    const std::string_view next = first_token(text);
    const std::int64_t count = 1 + static_cast<std::int64_t>(base::crc32(next)) % max_tokens;
    fragments.push_back(first_tokens(text, count));
    text.remove_prefix(fragments.back().size());
  }
  return fragments;
}

void write_metrics(const Completion& completion, const ReplyFacts& facts, json::Writer& writer) {
  writer.key("amazon-bedrock-invocationMetrics").begin_object();
  writer.key("inputTokenCount").integer(completion.prompt_tokens);
  writer.key("outputTokenCount").integer(completion.completion_tokens);
  writer.key("invocationLatency").integer(facts.invocation_ms);
  writer.key("firstByteLatency").integer(facts.first_byte_ms);
  if (completion.cache.reported) {
    writer.key("cacheReadInputTokenCount").integer(completion.cache.read);
    writer.key("cacheWriteInputTokenCount").integer(completion.cache.all_written());
  }
  writer.end_object();
}

ReplyFacts reply_facts(const Model& model, std::string_view seed, const Completion& completion) {
  const std::int64_t usual =
      kFirstByteMilliseconds + kMillisecondsPerToken * completion.completion_tokens;
  return {.model = &model,
          .seed = seed,
          .invocation_ms = completion.latency ? completion.latency->count() : usual,
          .first_byte_ms = kFirstByteMilliseconds};
}

std::string_view padding(std::string_view content) {
  const std::size_t span = kPadding.size() - kMinPadding;
  return kPadding.substr(0, kMinPadding + base::crc32(content) % span);
}

std::string_view stop_reason_of(StopReason stop_reason) {
  switch (stop_reason) {
    case StopReason::end_turn:
      return "end_turn";
    case StopReason::max_tokens:
      return "max_tokens";
    case StopReason::stop_sequence:
      return "stop_sequence";
    case StopReason::tool_use:
      return "tool_use";
    case StopReason::content_filtered:
      return "content_filtered";
    case StopReason::guardrail_intervened:
      return "guardrail_intervened";
    case StopReason::malformed_model_output:
      return "malformed_model_output";
    case StopReason::malformed_tool_use:
      return "malformed_tool_use";
    case StopReason::model_context_window_exceeded:
      return "model_context_window_exceeded";
    case StopReason::refusal:
      return "refusal";
    case StopReason::pause_turn:
      return "pause_turn";
  }
  return "end_turn";
}

std::string reasoning_signature(const Completion& completion) {
  const base::Sha256Digest digest = base::sha256(completion.reasoning);
  std::string text;
  base::append_base64({reinterpret_cast<const char*>(digest.data()), digest.size()}, text);
  return text;
}

std::string short_id(std::string_view seed, std::size_t length) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const base::Sha256Digest digest = base::sha256(seed);
  std::string id;
  for (std::size_t i = 0; i < length; ++i) id += kAlphabet[digest[i] % kAlphabet.size()];
  return id;
}

}  // namespace llm::local
