#pragma once

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/catalogue/catalogue.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {

/// Whether Claude can be asked to think in this way.
/// Errors: unsupported_feature when the model cannot think, takes no budget, or takes nothing else;
/// configuration_error for a budget below 1024.
[[nodiscard]] Result<void> check_thinking(const ChatRequest& request, const ModelId& model);

/// Whether the `thinking` member is to be sent: not for a model that cannot think and is not to,
/// which may not know the member.
[[nodiscard]] bool has_thinking(const ChatRequest& request, const ModelId& model);

/// The value of the `thinking` member.
void write_thinking(const Reasoning& reasoning, json::Writer& writer);

}  // namespace llm::bedrock
