#pragma once

#include <string_view>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "json/reader.hpp"

namespace llm::bedrock {

/// What buffered responses and streams of Converse have in common.
/// Source: botocore, ConverseResponse and ConverseStreamMetadataEvent; recorded responses.

/// The finish reason of a `stopReason`; `unknown` for an undocumented one.
/// Errors: model_error for those that mean that the model's output is malformed.
[[nodiscard]] Result<FinishReason> converse_finish_reason(std::string_view stop_reason);

/// The counts in a `usage` object. Unknown members are ignored.
[[nodiscard]] Usage read_converse_usage(const json::Value& usage);

/// Reads latency, trace, service tier and performance of a response or a `metadata` event.
void read_converse_details(const json::Value& root, ResponseDetails& details);

/// The model's own members that the request selected; null if there are none.
[[nodiscard]] Json read_extra_fields(const json::Value& root);

/// model_error: a buffered Converse response cannot be read. `detail` is a sentence.
[[nodiscard, gnu::cold]] Error malformed_converse_response(std::string_view detail);

}  // namespace llm::bedrock
