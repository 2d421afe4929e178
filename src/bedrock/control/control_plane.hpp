#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/model.hpp>
#include <llm/options.hpp>

#include "bedrock/call/pipeline.hpp"
#include "bedrock/config/provider_config.hpp"

namespace llm::bedrock {

/// A model as ListFoundationModels gives it. Empty members: not said.
struct FoundationModel {
  std::string id{};
  std::string name{};
  std::string provider{};
  std::vector<std::string> input_modalities{};   ///< `TEXT`, `IMAGE`, ...
  std::vector<std::string> output_modalities{};  ///< `TEXT`, `EMBEDDING`, ...
  std::vector<std::string> inference_types{};    ///< `ON_DEMAND`, `PROVISIONED`, ...
  Support streaming = Support::unknown;
  Lifecycle lifecycle = Lifecycle::unknown;
  std::string end_of_life{};  ///< As the service writes it, ISO 8601.
};

/// An inference profile as ListInferenceProfiles and GetInferenceProfile give it.
struct InferenceProfile {
  std::string id{};
  std::string arn{};
  std::string name{};
  std::string type{};                     ///< `SYSTEM_DEFINED` or `APPLICATION`.
  std::vector<std::string> model_arns{};  ///< Of foundation models, one for each region.
};

/// Bedrock's control plane, as far as models go: its list calls need permissions of their own and
/// bill nothing. A request takes 30 s at most, retries included, less when the call's or client's
/// time limit is shorter. Safe from many threads.
/// Errors of each: the pipeline's; server_error for an answer that is not one of this service.
/// Source: service model of bedrock 2023-04-20 (botocore).
class ControlPlane {
 public:
  /// Requires: both outlive this.
  ControlPlane(const Pipeline& pipeline, const ProviderConfig& config)
      : pipeline_(pipeline), config_(config) {}

  /// Every model that the region has, not all of which the account may call.
  [[nodiscard]] Result<std::vector<FoundationModel>> list_foundation_models(
      std::string_view region, const CallOptions& options) const;

  /// Every profile, page by page; AWS's own and the account's.
  [[nodiscard]] Result<std::vector<InferenceProfile>> list_inference_profiles(
      std::string_view region, const CallOptions& options) const;

  /// `identifier`: id or ARN.
  [[nodiscard]] Result<InferenceProfile> get_inference_profile(std::string_view identifier,
                                                               std::string_view region,
                                                               const CallOptions& options) const;

 private:
  struct Question;
  struct Document;
  [[nodiscard]] Result<Document> get(Question question, std::string_view region,
                                     const CallOptions& options) const;

  const Pipeline& pipeline_;
  const ProviderConfig& config_;
};

}  // namespace llm::bedrock
