#include "bedrock/model_lookup.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "bedrock/base_model.hpp"

namespace llm::bedrock {
namespace {

// A chat waits for this answer; the service gives it in well under a second.
constexpr auto kPatience = std::chrono::seconds(10);
// A program that takes its model from its users must not grow for ever.
constexpr std::size_t kMaxKept = 1000;

Warning not_told(const ModelId& id, std::string why) {
  if (!why.ends_with('.')) why += '.';
  return {.id = "base_model",
          .message = "The base model behind \"" + id.called + "\" is not known: " + why +
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
  const Said said = ask(id, service, options);
  if (!said) {
    if (said.error().code == ErrorCode::cancelled) return std::unexpected(said.error());
    return std::vector{not_told(id, said.error().message)};
  }
  if (take_base_model(id, *said, catalogue)) return std::vector<Warning>{};
  return std::vector{not_told(id, "GetInferenceProfile names no one model.")};
}

ModelLookup::Said ModelLookup::ask(const ModelId& id, const ControlPlane& service,
                                   const CallOptions& options) const {
  std::unique_lock lock(mutex_);
  const auto is_being_asked = [&] {
    const auto found = said_.find(id.called);
    return found != said_.end() && !found->second;
  };
  if (!asked_.wait(lock, options.stop, [&] { return !is_being_asked(); })) {
    return std::unexpected(make_error(
        ErrorCode::cancelled, "waiting for the base model of \"" + id.called + "\" was cancelled"));
  }
  if (const auto found = said_.find(id.called); found != said_.end()) return *found->second;
  said_.emplace(id.called, std::nullopt);
  lock.unlock();

  CallOptions patient = options;
  patient.timeout =
      std::min<std::chrono::milliseconds>(options.timeout.value_or(kPatience), kPatience);
  const Result<InferenceProfile> profile =
      service.get_inference_profile(id.called, id.region, patient);
  Said said = profile ? Said(profile->model_arns) : std::unexpected(profile.error());
  keep(id, said, options);
  return said;
}

void ModelLookup::keep(const ModelId& id, const Said& said, const CallOptions& options) const {
  const bool is_refusal = !said && said.error().status_code / 100 == 4 && !said.error().retryable &&
                          said.error().code != ErrorCode::authentication_error;
  const std::lock_guard lock(mutex_);
  const bool lasts = (said || is_refusal) && !has_own_key(options);
  if (said_.size() > kMaxKept) {
    std::erase_if(said_, [](const auto& entry) { return entry.second.has_value(); });
  }
  if (lasts) {
    said_.insert_or_assign(id.called, said);
  } else {
    said_.erase(id.called);
  }
  asked_.notify_all();
}

}  // namespace llm::bedrock
