#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "local/formats/native_format.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// An event of a stream before framing. `name` is static text.
struct ConverseEvent {
  std::string_view name{};
  std::string payload{};
};

/// Optional members of a reply, present if the request asks for them: JSON texts, empty if absent.
struct ConverseExtras {
  std::string additional_fields{};  ///< `additionalModelResponseFields`
  std::string performance{};        ///< `performanceConfig`
  std::string service_tier{};
  std::string trace{};
};

/// A completion as the response of Converse, with keys sorted at every level.
/// Source: recorded replies.
[[nodiscard]] std::string write_converse(const Completion& completion, const ReplyFacts& facts,
                                         const ConverseExtras& extras);

/// The same as the events of ConverseStream, `messageStart` to `metadata`, each with the key `p`.
/// Source: recorded streams.
[[nodiscard]] std::vector<ConverseEvent> write_converse_events(const Completion& completion,
                                                               const ReplyFacts& facts,
                                                               const ConverseExtras& extras);

}  // namespace llm::local
