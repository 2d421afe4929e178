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
  invoke_guardrail_checks,
  create_guardrail,
  get_guardrail,
  update_guardrail,
  delete_guardrail,
  create_guardrail_version,
  list_guardrails,
  list_custom_models,
  list_custom_model_deployments,
  list_imported_models,
  list_provisioned_model_throughputs,
  list_marketplace_model_endpoints,
  list_prompt_routers,
  list_model_invocation_jobs,
  list_model_customization_jobs,
  list_model_copy_jobs,
  list_model_import_jobs,
  list_evaluation_jobs,
  list_async_invokes,
  get_model_invocation_logging_configuration,
  messages,          ///< Of bedrock-mantle: Anthropic Messages.
  chat_completions,  ///< Of bedrock-mantle: Chat Completions.
  list_models,       ///< Of bedrock-mantle.
};

/// AWS's name for an operation, e.g. `ConverseStream`; empty for `unknown`. Static text.
[[nodiscard]] std::string_view to_string(Operation operation);

}  // namespace llm::local
