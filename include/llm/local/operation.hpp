#pragma once

#include <llm/cxx23.hpp>

#include <string_view>

namespace llm::local {

/// The API operations that the server implements.
enum class Operation {
  unknown,
  invoke_model,
  invoke_model_with_response_stream,
  converse,
  converse_stream,
  list_foundation_models,
  get_foundation_model,
  get_foundation_model_availability,
  list_inference_profiles,
  get_inference_profile,
  count_tokens,
  apply_guardrail,
};

/// AWS's name for an operation, e.g. `ConverseStream`; empty for `unknown`. Static text.
[[nodiscard]] std::string_view to_string(Operation operation);

}  // namespace llm::local
