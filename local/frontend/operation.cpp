#include <llm/local/operation.hpp>

namespace llm::local {

std::string_view to_string(Operation operation) {
  switch (operation) {
    case Operation::unknown:
      return "";
    case Operation::invoke_model:
      return "InvokeModel";
    case Operation::invoke_model_with_response_stream:
      return "InvokeModelWithResponseStream";
    case Operation::converse:
      return "Converse";
    case Operation::converse_stream:
      return "ConverseStream";
    case Operation::list_foundation_models:
      return "ListFoundationModels";
    case Operation::get_foundation_model:
      return "GetFoundationModel";
    case Operation::get_foundation_model_availability:
      return "GetFoundationModelAvailability";
    case Operation::list_inference_profiles:
      return "ListInferenceProfiles";
    case Operation::get_inference_profile:
      return "GetInferenceProfile";
    case Operation::count_tokens:
      return "CountTokens";
    case Operation::apply_guardrail:
      return "ApplyGuardrail";
    case Operation::invoke_guardrail_checks:
      return "InvokeGuardrailChecks";
    case Operation::create_guardrail:
      return "CreateGuardrail";
    case Operation::get_guardrail:
      return "GetGuardrail";
    case Operation::update_guardrail:
      return "UpdateGuardrail";
    case Operation::delete_guardrail:
      return "DeleteGuardrail";
    case Operation::create_guardrail_version:
      return "CreateGuardrailVersion";
    case Operation::list_guardrails:
      return "ListGuardrails";
    case Operation::list_custom_models:
      return "ListCustomModels";
    case Operation::list_custom_model_deployments:
      return "ListCustomModelDeployments";
    case Operation::list_imported_models:
      return "ListImportedModels";
    case Operation::list_provisioned_model_throughputs:
      return "ListProvisionedModelThroughputs";
    case Operation::list_marketplace_model_endpoints:
      return "ListMarketplaceModelEndpoints";
    case Operation::list_prompt_routers:
      return "ListPromptRouters";
    case Operation::list_model_invocation_jobs:
      return "ListModelInvocationJobs";
    case Operation::list_model_customization_jobs:
      return "ListModelCustomizationJobs";
    case Operation::list_model_copy_jobs:
      return "ListModelCopyJobs";
    case Operation::list_model_import_jobs:
      return "ListModelImportJobs";
    case Operation::list_evaluation_jobs:
      return "ListEvaluationJobs";
    case Operation::list_async_invokes:
      return "ListAsyncInvokes";
    case Operation::get_model_invocation_logging_configuration:
      return "GetModelInvocationLoggingConfiguration";
    case Operation::messages:
      return "Messages";
    case Operation::chat_completions:
      return "ChatCompletions";
    case Operation::list_models:
      return "ListModels";
  }
  return "";
}

}  // namespace llm::local
