#pragma once

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/codec/merged_object.hpp"

namespace llm::bedrock {

/// Whether Converse can carry this reasoning to the model.
/// Errors: unsupported_feature when no way is known; configuration_error for a bad budget.
[[nodiscard]] Result<void> check_reasoning(const ChatRequest& request, const ModelId& model);

/// The model's own members, in `additionalModelRequestFields`: thinking, top_k, the caller's extra
/// fields. Errors: unsupported_feature for a top_k on a model whose member for it is not known;
/// configuration_error when the extra fields are not an object.
[[nodiscard]] Result<MergedObject> model_fields(const ChatRequest& request, const ModelId& model);

}  // namespace llm::bedrock
