#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/model.hpp>

#include "bedrock/call/call.hpp"
#include "bedrock/call/pipeline.hpp"
#include "bedrock/config/provider_config.hpp"

namespace llm::bedrock {

/// A model as ListFoundationModels returns it. Members that the service leaves out are empty.
struct FoundationModel {
  std::string id{};
  std::string name{};
  std::string provider{};
  std::vector<std::string> input_modalities{};   ///< `TEXT`, `IMAGE`, ...
  std::vector<std::string> output_modalities{};  ///< `TEXT`, `EMBEDDING`, ...
  std::vector<std::string> inference_types{};    ///< `ON_DEMAND`, `PROVISIONED`, ...
  Support streaming = Support::unknown;
  Lifecycle lifecycle = Lifecycle::unknown;
  std::string end_of_life{};  ///< ISO 8601, as the service writes it.
};

/// An inference profile as ListInferenceProfiles and GetInferenceProfile return it.
struct InferenceProfile {
  std::string id{};
  std::string arn{};
  std::string name{};
  std::string type{};                     ///< `SYSTEM_DEFINED` or `APPLICATION`.
  std::vector<std::string> model_arns{};  ///< Of foundation models, one for each region.
};

/// The model operations of Bedrock's control plane. They are free, and need permissions of their
/// own. A request takes 30 s at most, retries included, and the pages of a list no longer together
/// than the call's deadline. Safe from many threads.
/// Errors of each: the pipeline's; server_error for a response that is not from this service.
/// Source: service model of bedrock 2023-04-20 (botocore).
class ControlPlane {
 public:
  /// Requires: both outlive this.
  ControlPlane(const Pipeline& pipeline, const ProviderConfig& config)
      : pipeline_(pipeline), config_(config) {}

  /// Every model in the region. The account may not have access to all of them.
  [[nodiscard]] Result<std::vector<FoundationModel>> list_foundation_models(std::string_view region,
                                                                            const Call& call) const;

  /// Every profile, AWS's own and the account's, page by page.
  [[nodiscard]] Result<std::vector<InferenceProfile>> list_inference_profiles(
      std::string_view region, const Call& call) const;

  /// `identifier` is an id or an ARN.
  [[nodiscard]] Result<InferenceProfile> get_inference_profile(std::string_view identifier,
                                                               std::string_view region,
                                                               const Call& call) const;

 private:
  struct Query;
  struct Document;
  [[nodiscard]] Result<Document> get(Query query, std::string_view region, const Call& call) const;

  const Pipeline& pipeline_;
  const ProviderConfig& config_;
};

}  // namespace llm::bedrock
