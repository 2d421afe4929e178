#include "bedrock/operations/context.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "aws/protocol/service_error.hpp"
#include "base/errors.hpp"

namespace llm::bedrock {
namespace {

// Shares ownership of the catalogue, which owns the facts: a stream may outlive the provider.
std::shared_ptr<const ModelId> with_catalogue(ModelId id, const ProviderConfig& config) {
  const auto owner = std::make_shared<const std::pair<ModelId, decltype(config.catalogue)>>(
      std::move(id), config.catalogue);
  return {owner, &owner->first};
}

std::shared_ptr<const ModelId> model_in(const ProviderConfig& config) {
  Result<ModelId> id = known_model(config, {});
  return id && !ModelLookup::concerns(*id) ? with_catalogue(std::move(*id), config) : nullptr;
}

/// The client's own model, which was parsed once.
bool is_own_model(const ProviderCore& core, const std::string& requested_model) {
  return core.own_model != nullptr &&
         (requested_model.empty() || requested_model == core.config.model);
}

/// Asks the service for the base model where the identifier does not name it.
Result<FoundModel> completed(const ProviderCore& core, ModelId id, const Call& call) {
  FoundModel found;
  if (ModelLookup::concerns(id)) {
    const ControlPlane service(core.pipeline, core.config);
    auto warnings = core.lookup.complete(id, service, core.config.catalogue.get(), call);
    if (!warnings) return std::unexpected(std::move(warnings.error()));
    found.warnings = std::move(*warnings);
  }
  found.model = with_catalogue(std::move(id), core.config);
  return found;
}

}  // namespace

ProviderCore::ProviderCore(ProviderConfig settings)
    : config(std::move(settings)),
      pipeline(config.pipeline),
      lookup(config.pipeline.system),
      own_model(model_in(config)) {}

void CallWarnings::add(std::vector<Warning> more) {
  if (warnings_.empty()) {
    warnings_ = std::move(more);
    return;
  }
  std::ranges::move(more, std::back_inserter(warnings_));
}

Result<FoundModel> model_of(const ProviderCore& core, const std::string& requested_model,
                            const Call& call) {
  if (is_own_model(core, requested_model)) return FoundModel{.model = core.own_model};
  Result<ModelId> id = known_model(core.config, requested_model);
  if (!id) return std::unexpected(std::move(id.error()));
  return completed(core, std::move(*id), call);
}

std::optional<Result<FoundModel>> try_model_of(const ProviderCore& core,
                                               const std::string& requested_model,
                                               const Call& call) {
  if (is_own_model(core, requested_model)) return FoundModel{.model = core.own_model};
  Result<ModelId> id = known_model(core.config, requested_model);
  if (!id) return std::unexpected(std::move(id.error()));
  if (ModelLookup::concerns(*id) && !core.lookup.is_cached(*id)) return std::nullopt;
  return completed(core, std::move(*id), call);
}

Result<UnsignedRequest> unsigned_request_for(const ProviderCore& core, const ModelId& model,
                                             WireRequest& wire, Delivery delivery) {
  const OperationInfo& operation = info_of(wire.operation);
  UnsignedRequest request;
  request.name = operation.name;
  request.plane = operation.plane;
  request.path = model_path(model, wire.operation);
  request.headers = std::move(wire.headers);
  request.body = std::make_shared<const std::string>(std::move(wire.body));
  request.delivery = delivery;
  request.context = {.operation = request.name, .model = &model};
  const std::string& region = model.region.empty() ? core.config.region : model.region;
  if (auto moved = move_to(core.config, region, request); !moved) {
    return std::unexpected(std::move(moved.error()));
  }
  return request;
}

bool is_region_open(const ProviderCore& core, const UnsignedRequest& request, const Call& call) {
  return core.config.late_region != nullptr && request.context.model->region.empty() &&
         !has_own_key(call.options);
}

Result<Response> send(const ProviderCore& core, UnsignedRequest& request, const Call& call) {
  if (!is_region_open(core, request, call)) return core.pipeline.send(request, call);
  Result<RegionInUse> found = core.config.late_region->get(call.options.stop, call.deadline);
  if (!found) return std::unexpected(std::move(found.error()));
  if (auto moved = move_to(core.config, found->region.value, request); !moved) {
    return std::unexpected(std::move(moved.error()));
  }
  Result<Response> response = core.pipeline.send(request, call);
  if (response) response->warnings = std::move(found->warnings);
  return response;
}

Error undecodable(const ProviderCore& core, const UnsignedRequest& request,
                  const Response& response, Error error) {
  if (auto service_error =
          core.pipeline.error_in_success(request, response.head(), response.body)) {
    error = std::move(*service_error);
  }
  error.attempts = response.attempts;
  error.status_code = response.head().status;
  error.request_id = aws::request_id(response.head());
  response.sent.hide(request.name, error);
  return error;
}

Error explained(Error error, const std::vector<Warning>& warnings) {
  for (const Warning& warning : warnings) base::add_sentence(warning.message, error);
  return error;
}

}  // namespace llm::bedrock
