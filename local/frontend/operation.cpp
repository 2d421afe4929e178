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
  }
  return "";
}

}  // namespace llm::local
