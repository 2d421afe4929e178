#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/writer.hpp"
#include "local/formats/native_format.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Splits `text` into fragments of 1 to `max_tokens` tokens; their lengths depend on the text only.
[[nodiscard]] std::vector<std::string_view> split_text(std::string_view text,
                                                       std::int64_t max_tokens);

/// Adds the member `amazon-bedrock-invocationMetrics` to the object being written.
void write_metrics(const Completion& completion, const ReplyFacts& facts, json::Writer& writer);

/// The facts of a reply with this completion; its times are those of a fast model.
[[nodiscard]] ReplyFacts reply_facts(const Model& model, std::string_view seed,
                                     const Completion& completion);

/// The value of the member `p` of every event: the alphabet, cut to a length that depends on
/// `content` only. Source: recorded streams.
[[nodiscard]] std::string_view padding(std::string_view content);

/// The name of a stop reason, common to Claude and Converse.
[[nodiscard]] std::string_view stop_reason_of(StopReason stop_reason);

/// The signature of the reasoning, opaque to a client like Claude's.
[[nodiscard]] std::string reasoning_signature(const Completion& completion);

/// `length` characters of `A-Z a-z 0-9`, derived from `seed`.
/// Requires: length is at most 32.
[[nodiscard]] std::string short_id(std::string_view seed, std::size_t length);

}  // namespace llm::local
