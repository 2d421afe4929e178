#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/writer.hpp"
#include "local/formats/native_format.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// `text` in pieces of one to `most` tokens; how long each is depends on the text alone.
[[nodiscard]] std::vector<std::string_view> split_text(std::string_view text, std::int64_t most);

/// Adds the member `amazon-bedrock-invocationMetrics` to the object that is being written.
void write_metrics(const Completion& answer, const ReplyFacts& facts, json::Writer& writer);

/// What a reply to `answer` tells besides it; the times are those of a fast model.
[[nodiscard]] ReplyFacts reply_facts(const Model& model, std::string_view seed,
                                     const Completion& answer);

/// The value of the key `p` that every event carries: a beginning of the alphabet, of a length that
/// depends on `content` alone. Source: recorded streams.
[[nodiscard]] std::string_view padding(std::string_view content);

/// Why an answer ends, in the word that Claude and Converse share.
[[nodiscard]] std::string_view stop_reason_of(StopReason stop_reason);

/// What proves that reasoning comes back as it was sent: opaque to a client, as Claude's is.
[[nodiscard]] std::string reasoning_signature(const Completion& answer);

/// `length` characters of `A-Z a-z 0-9` made from `seed`; the same for the same seed.
/// Requires: length is at most 32.
[[nodiscard]] std::string short_id(std::string_view seed, std::size_t length);

}  // namespace llm::local
