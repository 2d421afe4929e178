#include "bedrock/provider_core.hpp"

#include <utility>

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

}  // namespace

ProviderCore::ProviderCore(ProviderConfig settings)
    : config(std::move(settings)), pipeline(config.pipeline) {}

Result<std::shared_ptr<const ModelId>> model_of(const ProviderCore& core,
                                                const std::string& asked) {
  Result<ModelId> id = parse_model_id(asked.empty() ? core.config.model : asked);
  if (!id) return std::unexpected(std::move(id.error()));
  return std::make_shared<const ModelId>(std::move(*id));
}

Result<const Codec*> choose_codec(const ProviderConfig& config, const ModelId& model) {
  const WireForm form = model.facts == nullptr ? WireForm::none : model.facts->wire_form;
  if (model.facts != nullptr && model.facts->mode == "embedding") {
    return std::unexpected(
        make_error(ErrorCode::unsupported_feature,
                   "Model \"" + model.called +
                       "\" makes embeddings and does not chat; use `embed`, or another model."));
  }
  if (config.api == Api::converse) return &converse_codec();
  if (config.api == Api::invoke && form == WireForm::none) {
    return std::unexpected(make_error(
        ErrorCode::unsupported_feature,
        "Model \"" + model.called +
            "\" has no native form here, so `api = invoke` cannot reach it; use `converse` or "
            "`auto`."));
  }
  return &codec_for(form);
}

Result<Operation> operation_on(const ProviderCore& core, const ModelId& model, WireRequest& wire,
                               Delivery delivery) {
  Operation operation;
  operation.name = operation_name(wire.operation);
  operation.path = "/model/" + base::percent_encode(model.called) + '/' + wire.operation;
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

Result<Answer> send(const ProviderCore& core, Operation& operation, const CallOptions& options) {
  const bool open = core.config.late_region != nullptr && operation.context.model->region.empty() &&
                    !options.api_key;
  if (!open) return core.pipeline.send(operation, options);
  Result<RegionInUse> found = core.config.late_region->settle(options.stop);
  if (!found) return std::unexpected(std::move(found.error()));
  if (auto moved = move_to(core.config, found->region.value, operation); !moved) {
    return std::unexpected(std::move(moved.error()));
  }
  Result<Answer> answer = core.pipeline.send(operation, options);
  if (answer) answer->warnings = std::move(found->warnings);
  return answer;
}

Error not_understood(const ProviderCore& core, const Operation& operation, const Answer& answer,
                     Error error) {
  if (auto hidden = core.pipeline.error_in_success(operation, answer.head, answer.body)) {
    error = std::move(*hidden);
  }
  error.attempts = answer.attempts;
  error.status_code = answer.head.status;
  error.request_id = answer.head.header("x-amzn-requestid");
  answer.sent.hide(operation.name, error);
  return error;
}

void add_front(std::vector<Warning>& warnings, const std::vector<Warning>& first) {
  warnings.insert(warnings.begin(), first.begin(), first.end());
}

}  // namespace llm::bedrock
