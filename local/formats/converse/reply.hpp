#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "local/formats/native_format.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// An event of a stream before it is framed. `name` is static text.
struct ConverseEvent {
  std::string_view name{};
  std::string payload{};
};

/// What a reply tells besides the answer because the request asked for it: JSON texts, empty where
/// there is nothing to tell.
struct ConverseExtras {
  std::string additional_fields{};  ///< `additionalModelResponseFields`
  std::string performance{};        ///< `performanceConfig`
  std::string service_tier{};
  std::string trace{};
};

/// An answer as Converse replies: keys sorted at every level.
/// Source: recorded replies.
[[nodiscard]] std::string write_converse(const Completion& answer, const ReplyFacts& facts,
                                         const ConverseExtras& extras);

/// The same as the events of ConverseStream, `messageStart` to `metadata`; each has the key `p`.
/// Source: recorded streams.
[[nodiscard]] std::vector<ConverseEvent> write_converse_events(const Completion& answer,
                                                               const ReplyFacts& facts,
                                                               const ConverseExtras& extras);

}  // namespace llm::local
