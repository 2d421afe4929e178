#pragma once

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/codec/merged_object.hpp"

namespace llm::bedrock {

/// Whether the model can be asked for this reasoning by Converse.
/// Errors: unsupported_feature when there is no known way; configuration_error for a bad budget.
[[nodiscard]] Result<void> check_reasoning(const ChatRequest& request, const ModelId& model);

/// The model's own members, in `additionalModelRequestFields`: thinking, top_k, the caller's extra
/// fields. Errors: unsupported_feature for a top_k whose place is not known; configuration_error
/// when the extra fields are no object.
[[nodiscard]] Result<MergedObject> model_fields(const ChatRequest& request, const ModelId& model);

}  // namespace llm::bedrock
