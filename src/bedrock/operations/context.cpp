#include "bedrock/operations/context.hpp"

#include <utility>

#include "aws/service_error.hpp"
#include "base/percent.hpp"

namespace llm::bedrock {
namespace {

std::string operation_name(std::string_view wire_operation) {
  if (wire_operation == "invoke") return "InvokeModel";
  if (wire_operation == "invoke-with-response-stream") return "InvokeModelWithResponseStream";
  if (wire_operation == "converse") return "Converse";
  if (wire_operation == "count-tokens") return "CountTokens";
  return "ConverseStream";
}

std::string path_of(const ModelId& model, std::string_view wire_operation) {
  std::string path;
  // Most identifiers have a colon or two to encode.
  path.reserve(model.requested_id.size() + wire_operation.size() + 16);
  path = "/model/";
  base::append_percent_encoded(model.requested_id, path);
  path.append("/").append(wire_operation);
  return path;
}

// A stream may outlive the provider, and the facts are the catalogue's.
std::shared_ptr<const ModelId> with_catalogue(ModelId id, const ProviderConfig& config) {
  const auto held = std::make_shared<const std::pair<ModelId, decltype(config.catalogue)>>(
      std::move(id), config.catalogue);
  return {held, &held->first};
}

std::shared_ptr<const ModelId> model_in(const ProviderConfig& config) {
  Result<ModelId> id = known_model(config, {});
  return id && !ModelLookup::concerns(*id) ? with_catalogue(std::move(*id), config) : nullptr;
}

}  // namespace

ProviderCore::ProviderCore(ProviderConfig settings)
    : config(std::move(settings)),
      pipeline(config.pipeline),
      lookup(config.pipeline.system),
      own_model(model_in(config)) {}

Result<FoundModel> model_of(const ProviderCore& core, const std::string& asked, const Call& call) {
  const ProviderConfig& config = core.config;
  const bool is_own = asked.empty() || asked == config.model;
  if (is_own && core.own_model != nullptr) return FoundModel{.model = core.own_model};
  Result<ModelId> id = known_model(config, asked);
  if (!id) return std::unexpected(std::move(id.error()));
  FoundModel found;
  if (ModelLookup::concerns(*id)) {
    const ControlPlane service(core.pipeline, config);
    auto warnings = core.lookup.complete(*id, service, config.catalogue.get(), call);
    if (!warnings) return std::unexpected(std::move(warnings.error()));
    found.warnings = std::move(*warnings);
  }
  found.model = with_catalogue(std::move(*id), config);
  return found;
}

Result<const Codec*> choose_codec(const ProviderConfig& config, const ModelId& model) {
  if (model.facts != nullptr && model.facts->mode == "embedding") {
    return std::unexpected(
        make_error(ErrorCode::unsupported_feature,
                   "Model \"" + model.requested_id +
                       "\" makes embeddings and does not chat; use `embed`, or another model."));
  }
  if (config.api == Api::converse) return &converse_codec();
  const WireFormat form = model.facts == nullptr ? WireFormat::none : model.facts->wire_format;
  if (config.api != Api::invoke || form != WireFormat::none) return &codec_for(form);
  const std::string_view why =
      model.facts == nullptr
          ? "\" is of no known family, and `api = invoke` needs to know it; name the base model "
            "(base_model), or use `converse` or `auto`."
          : "\" has no native form here, so `api = invoke` cannot reach it; use `converse` or "
            "`auto`.";
  return std::unexpected(make_error(ErrorCode::unsupported_feature,
                                    "Model \"" + model.requested_id + std::string(why)));
}

Result<UnsignedRequest> operation_on(const ProviderCore& core, const ModelId& model,
                                     WireRequest& wire, Delivery delivery) {
  UnsignedRequest operation;
  operation.name = operation_name(wire.operation);
  operation.path = path_of(model, wire.operation);
  operation.headers = std::move(wire.headers);
  operation.body = std::make_shared<const std::string>(std::move(wire.body));
  operation.delivery = delivery;
  operation.context = {.operation = operation.name, .model = &model};
  const std::string& region = model.region.empty() ? core.config.region : model.region;
  if (auto moved = move_to(core.config, region, operation); !moved) {
    return std::unexpected(std::move(moved.error()));
  }
  return operation;
}

Result<Response> send(const ProviderCore& core, UnsignedRequest& operation, const Call& call) {
  const bool open = core.config.late_region != nullptr && operation.context.model->region.empty() &&
                    !has_own_key(call.options);
  if (!open) return core.pipeline.send(operation, call);
  Result<RegionInUse> found = core.config.late_region->get(call.options.stop, call.deadline);
  if (!found) return std::unexpected(std::move(found.error()));
  if (auto moved = move_to(core.config, found->region.value, operation); !moved) {
    return std::unexpected(std::move(moved.error()));
  }
  Result<Response> answer = core.pipeline.send(operation, call);
  if (answer) answer->warnings = std::move(found->warnings);
  return answer;
}

Error not_understood(const ProviderCore& core, const UnsignedRequest& operation,
                     const Response& answer, Error error) {
  if (auto hidden = core.pipeline.error_in_success(operation, answer.head(), answer.body)) {
    error = std::move(*hidden);
  }
  error.attempts = answer.attempts;
  error.status_code = answer.head().status;
  error.request_id = aws::request_id(answer.head());
  answer.sent.hide(operation.name, error);
  return error;
}

Error explained(Error error, const std::vector<Warning>& warnings) {
  for (const Warning& warning : warnings) error.message += ' ' + warning.message;
  return error;
}

void add_front(std::vector<Warning>& warnings, const std::vector<Warning>& first) {
  warnings.insert(warnings.begin(), first.begin(), first.end());
}

}  // namespace llm::bedrock
