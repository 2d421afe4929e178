#pragma once

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/catalogue/catalogue.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {

/// Whether Claude supports this reasoning.
/// Errors: unsupported_feature when the model does not reason, or its budget is not allowed or is
/// missing;
/// configuration_error for a budget below 1024.
[[nodiscard]] Result<void> check_thinking(const ChatRequest& request, const ModelId& model);

/// Whether to send the `thinking` member. Not with reasoning off to a model that does not reason:
/// it may not accept the member.
[[nodiscard]] bool has_thinking(const ChatRequest& request, const ModelId& model);

/// The value of the `thinking` member.
void write_thinking(const Reasoning& reasoning, json::Writer& writer);

}  // namespace llm::bedrock
