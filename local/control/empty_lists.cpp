#include "local/control/empty_lists.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "local/frontend/query.hpp"

namespace llm::local {
namespace {

/// An operation and the member of its response that is the list.
struct EmptyList {
  Operation operation;
  std::string_view member;
};

constexpr std::array kLists{
    EmptyList{Operation::list_custom_models, "modelSummaries"},
    EmptyList{Operation::list_custom_model_deployments, "modelDeploymentSummaries"},
    EmptyList{Operation::list_imported_models, "modelSummaries"},
    EmptyList{Operation::list_provisioned_model_throughputs, "provisionedModelSummaries"},
    EmptyList{Operation::list_marketplace_model_endpoints, "marketplaceModelEndpoints"},
    EmptyList{Operation::list_prompt_routers, "promptRouterSummaries"},
    EmptyList{Operation::list_model_invocation_jobs, "invocationJobSummaries"},
    EmptyList{Operation::list_model_customization_jobs, "modelCustomizationJobSummaries"},
    EmptyList{Operation::list_model_copy_jobs, "modelCopyJobSummaries"},
    EmptyList{Operation::list_model_import_jobs, "modelImportJobSummaries"},
    EmptyList{Operation::list_evaluation_jobs, "jobSummaries"},
    EmptyList{Operation::list_async_invokes, "asyncInvokeSummaries"},
};

}  // namespace

Checked<Reply> list_nothing(Operation operation, std::string_view query) {
  const auto* const found = std::ranges::find(kLists, operation, &EmptyList::operation);
  if (found == kLists.end()) return json_reply("{}");
  if (auto size = page_size(query); !size) return std::unexpected(size.error());
  if (!query_value(query, "nextToken").empty()) return invalid_token();
  return json_reply("{\"" + std::string(found->member) + "\":[]}");
}

}  // namespace llm::local
