#include "bedrock/control/model_lookup.hpp"

#include <chrono>
#include <utility>

#include "bedrock/catalogue/base_model.hpp"

namespace llm::bedrock {
namespace {

// A chat waits for it; the service responds in well under a second.
constexpr auto kMaxWait = std::chrono::seconds(10);

Warning unknown_base_model(const ModelId& id, std::string reason) {
  if (!reason.ends_with('.')) reason += '.';
  return {.id = "base_model",
          .message = "The base model of \"" + id.requested_id + "\" is unknown. " + reason +
                     " Set base_model, or allow bedrock:GetInferenceProfile."};
}

}  // namespace

bool ModelLookup::concerns(const ModelId& id) {
  const bool is_profile =
      id.kind == IdKind::application_profile || id.kind == IdKind::inference_profile;
  return is_profile && id.base_id.empty() && id.facts == nullptr;
}

Result<std::vector<Warning>> ModelLookup::complete(ModelId& id, const ControlPlane& service,
                                                   const CatalogueOverlay* catalogue,
                                                   const Call& call) const {
  const Result<Models> models = models_of(id, service, call);
  if (!models) {
    if (models.error().code == ErrorCode::cancelled) return std::unexpected(models.error());
    return std::vector{unknown_base_model(id, models.error().message)};
  }
  if (take_base_model(id, *models, catalogue)) return std::vector<Warning>{};
  return std::vector{unknown_base_model(id, "GetInferenceProfile names more or less than one.")};
}

Result<ModelLookup::Models> ModelLookup::models_of(const ModelId& id, const ControlPlane& service,
                                                   const Call& call) const {
  Call step = call;
  step.deadline = aws::deadline_of_step(call.deadline, system_, kMaxWait);
  if (has_own_key(call.options)) {
    if (auto cached = lookups_.cached(id.requested_id)) return std::move(*cached);
    return look_up(id, service, step).result;
  }
  const std::string subject = "Looking up the base model of \"" + id.requested_id + '"';
  return lookups_.get(id.requested_id, step.limits(subject),
                      [&] { return look_up(id, service, step); });
}

ModelLookup::Lookups::Outcome ModelLookup::look_up(const ModelId& id, const ControlPlane& service,
                                                   const Call& call) {
  using aws::Sharing;
  Result<InferenceProfile> profile =
      service.get_inference_profile(id.requested_id, id.region, call);
  if (profile) return {std::move(profile->model_arns), Sharing::cached};
  const Error& error = profile.error();
  const bool is_of_this_call =
      error.code == ErrorCode::cancelled || error.code == ErrorCode::timeout_error;
  const bool is_final = error.status_code / 100 == 4 && !error.retryable &&
                        error.code != ErrorCode::authentication_error;
  const Sharing sharing = is_of_this_call ? Sharing::unshared
                          : is_final      ? Sharing::cached
                                          : Sharing::uncached;
  return {std::unexpected(error), sharing};
}

}  // namespace llm::bedrock
