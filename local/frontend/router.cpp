#include "local/frontend/router.hpp"

#include <array>
#include <optional>
#include <vector>

#include "base/percent.hpp"
#include "base/text.hpp"
#include "local/frontend/unserved_operations.hpp"

namespace llm::local {
namespace {

/// A path of the service; the segment `*` takes any label that is not empty.
struct Pattern {
  std::string_view method;
  std::string_view path;
  Operation operation;
};

constexpr std::array kPatterns{
    Pattern{"POST", "/model/*/invoke", Operation::invoke_model},
    Pattern{"POST", "/model/*/invoke-with-response-stream",
            Operation::invoke_model_with_response_stream},
    Pattern{"POST", "/model/*/converse", Operation::converse},
    Pattern{"POST", "/model/*/converse-stream", Operation::converse_stream},
    Pattern{"POST", "/model/*/count-tokens", Operation::count_tokens},
    Pattern{"POST", "/guardrail/*/version/*/apply", Operation::apply_guardrail},
    Pattern{"GET", "/foundation-models", Operation::list_foundation_models},
    Pattern{"GET", "/foundation-models/*", Operation::get_foundation_model},
    Pattern{"GET", "/foundation-model-availability/*",
            Operation::get_foundation_model_availability},
    Pattern{"GET", "/inference-profiles", Operation::list_inference_profiles},
    Pattern{"GET", "/inference-profiles/*", Operation::get_inference_profile},
    Pattern{"POST", "/guardrail-checks/invoke", Operation::invoke_guardrail_checks},
    Pattern{"POST", "/guardrails", Operation::create_guardrail},
    Pattern{"GET", "/guardrails", Operation::list_guardrails},
    Pattern{"GET", "/guardrails/*", Operation::get_guardrail},
    Pattern{"PUT", "/guardrails/*", Operation::update_guardrail},
    Pattern{"DELETE", "/guardrails/*", Operation::delete_guardrail},
    Pattern{"POST", "/guardrails/*", Operation::create_guardrail_version},
    Pattern{"GET", "/custom-models", Operation::list_custom_models},
    Pattern{"GET", "/model-customization/custom-model-deployments",
            Operation::list_custom_model_deployments},
    Pattern{"GET", "/imported-models", Operation::list_imported_models},
    Pattern{"GET", "/provisioned-model-throughputs", Operation::list_provisioned_model_throughputs},
    Pattern{"GET", "/marketplace-model/endpoints", Operation::list_marketplace_model_endpoints},
    Pattern{"GET", "/prompt-routers", Operation::list_prompt_routers},
    Pattern{"GET", "/model-invocation-jobs", Operation::list_model_invocation_jobs},
    Pattern{"GET", "/model-customization-jobs", Operation::list_model_customization_jobs},
    Pattern{"GET", "/model-copy-jobs", Operation::list_model_copy_jobs},
    Pattern{"GET", "/model-import-jobs", Operation::list_model_import_jobs},
    Pattern{"GET", "/evaluation-jobs", Operation::list_evaluation_jobs},
    Pattern{"GET", "/async-invoke", Operation::list_async_invokes},
    Pattern{"GET", "/logging/modelinvocations",
            Operation::get_model_invocation_logging_configuration},
    Pattern{"POST", "/anthropic/v1/messages", Operation::messages},
    Pattern{"POST", "/v1/chat/completions", Operation::chat_completions},
    Pattern{"POST", "/openai/v1/chat/completions", Operation::chat_completions},
    Pattern{"GET", "/v1/models", Operation::list_models},
    Pattern{"GET", "/openai/v1/models", Operation::list_models},
};

/// The decoded labels of a path that matches `pattern`, else nullopt.
std::optional<std::vector<std::string>> labels_of(std::string_view pattern, std::string_view path) {
  std::vector<std::string> labels;
  const std::vector<std::string_view> expected = base::split(pattern, '/');
  const std::vector<std::string_view> found = base::split(path, '/');
  if (expected.size() != found.size()) return std::nullopt;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected[i] == "*" && !found[i].empty()) {
      std::optional<std::string> label = base::percent_decode(found[i]);
      if (!label) return std::nullopt;
      labels.push_back(std::move(*label));
    } else if (expected[i] != found[i]) {
      return std::nullopt;
    }
  }
  return labels;
}

}  // namespace

Route route(std::string_view method, std::string_view target) {
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  Route result;
  if (mark != std::string_view::npos) result.query = target.substr(mark + 1);

  for (const Pattern& pattern : kPatterns) {
    if (pattern.method != method) continue;
    const auto labels = labels_of(pattern.path, path);
    if (!labels) continue;
    result.operation = pattern.operation;
    if (!labels->empty()) result.resource = labels->front();
    if (labels->size() > 1) result.version = labels->back();
    return result;
  }
  for (const UnservedOperation& unserved : kUnservedOperations) {
    if (unserved.method != method || !labels_of(unserved.path, path)) continue;
    result.unserved = unserved.name;
    return result;
  }
  return result;
}

}  // namespace llm::local
