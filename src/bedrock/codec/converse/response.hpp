#pragma once

#include <string_view>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "json/reader.hpp"

namespace llm::bedrock {

/// What whole answers and streams of Converse have in common.
/// Source: botocore, ConverseResponse and ConverseStreamMetadataEvent; recorded answers.

/// The meaning of `stopReason`; `unknown` for a word that is not known.
/// Errors: model_error when it says that the model's output is malformed.
[[nodiscard]] Result<FinishReason> converse_finish_reason(std::string_view word);

/// `stop` in place of `tool_calls` when the only tool called was that of structured output.
[[nodiscard]] FinishReason finish_of_answer(FinishReason reason, const ResponseDetails& details,
                                            bool has_tool_calls);

/// The counts of a `usage` object. Members that are not known are passed over.
[[nodiscard]] Usage read_converse_usage(const json::Value& usage);

/// Latency, trace, service tier and performance of an answer or a `metadata` event.
void read_converse_details(const json::Value& root, ResponseDetails& details);

/// The model's own members that were asked for; null when there are none.
[[nodiscard]] Json read_extra_fields(const json::Value& root);

/// model_error: the answer to Converse is not one.
[[nodiscard]] Error malformed_converse_response(std::string_view what);

}  // namespace llm::bedrock
