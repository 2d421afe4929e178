#include "bedrock/control/model_lookup.hpp"

#include <chrono>
#include <utility>

#include "bedrock/catalogue/base_model.hpp"

namespace llm::bedrock {
namespace {

// A chat waits for this answer; the service gives it in well under a second.
constexpr auto kPatience = std::chrono::seconds(10);

Warning not_told(const ModelId& id, std::string why) {
  if (!why.ends_with('.')) why += '.';
  return {.id = "base_model",
          .message = "The base model behind \"" + id.requested_id + "\" is not known: " + why +
                     " Name its base model (base_model), or allow "
                     "bedrock:GetInferenceProfile."};
}

}  // namespace

bool ModelLookup::concerns(const ModelId& id) {
  const bool is_profile =
      id.kind == IdKind::application_profile || id.kind == IdKind::inference_profile;
  return is_profile && id.base_id.empty() && id.facts == nullptr;
}

Result<std::vector<Warning>> ModelLookup::complete(ModelId& id, const ControlPlane& service,
                                                   const CatalogueOverlay* catalogue,
                                                   const CallOptions& options) const {
  const Result<Models> said = models_of(id, service, options);
  if (!said) {
    if (said.error().code == ErrorCode::cancelled) return std::unexpected(said.error());
    return std::vector{not_told(id, said.error().message)};
  }
  if (take_base_model(id, *said, catalogue)) return std::vector<Warning>{};
  return std::vector{not_told(id, "GetInferenceProfile names no one model.")};
}

Result<ModelLookup::Models> ModelLookup::models_of(const ModelId& id, const ControlPlane& service,
                                                   const CallOptions& options) const {
  CallOptions patient = options;
  patient.timeout = short_time(options.timeout, kPatience);
  if (has_own_key(options)) {
    if (auto kept = asked_.kept(id.requested_id)) return std::move(*kept);
    return ask(id, service, std::move(patient)).said;
  }
  return asked_.answer(id.requested_id, "Looking up the base model of \"" + id.requested_id + '"',
                       options.stop, patient.timeout, [&](TimeLeft left) {
                         patient.timeout = left;
                         return ask(id, service, patient);
                       });
}

Told<ModelLookup::Models> ModelLookup::ask(const ModelId& id, const ControlPlane& service,
                                           CallOptions options) {
  Result<InferenceProfile> profile =
      service.get_inference_profile(id.requested_id, id.region, options);
  if (profile) return {std::move(profile->model_arns), Use::kept};
  const Error& error = profile.error();
  const bool is_own = error.code == ErrorCode::cancelled || error.code == ErrorCode::timeout_error;
  const bool is_refusal = error.status_code / 100 == 4 && !error.retryable &&
                          error.code != ErrorCode::authentication_error;
  const Use use = is_own ? Use::own : is_refusal ? Use::kept : Use::shared;
  return {std::unexpected(error), use};
}

}  // namespace llm::bedrock
