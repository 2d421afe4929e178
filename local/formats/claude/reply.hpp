#pragma once

#include <string>
#include <vector>

#include "local/formats/native_format.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// A completion as a message of the Claude Messages API.
/// Source: recorded replies, key order included.
[[nodiscard]] std::string write_claude_message(const Completion& completion,
                                               const ReplyFacts& facts);

/// The same as events, `message_start` to `message_stop`.
/// Source: recorded streams.
[[nodiscard]] std::vector<std::string> write_claude_events(const Completion& completion,
                                                           const ReplyFacts& facts);

}  // namespace llm::local
