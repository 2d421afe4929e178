#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "local/conversation.hpp"
#include "local/form.hpp"

namespace llm::local {

/// An event of a stream before it is framed. `name` is static text.
struct ConverseEvent {
  std::string_view name{};
  std::string payload{};
};

/// An answer as Converse replies: keys sorted at every level.
/// Source: recorded replies.
[[nodiscard]] std::string write_converse(const Answer& answer, const ReplyFacts& facts);

/// The same as the events of ConverseStream, `messageStart` to `metadata`; each has the key `p`.
/// Source: recorded streams.
[[nodiscard]] std::vector<ConverseEvent> write_converse_events(const Answer& answer,
                                                               const ReplyFacts& facts);

}  // namespace llm::local
