#include "bedrock/provider.hpp"

#include <algorithm>
#include <utility>

#include "base/percent.hpp"
#include "bedrock/cost.hpp"
#include "bedrock/stream_pump.hpp"

namespace llm::bedrock {
namespace {

std::string operation_name(std::string_view wire_operation) {
  if (wire_operation == "invoke") return "InvokeModel";
  if (wire_operation == "invoke-with-response-stream") return "InvokeModelWithResponseStream";
  if (wire_operation == "converse") return "Converse";
  return "ConverseStream";
}

void add_front(std::vector<Warning>& warnings, const std::vector<Warning>& first) {
  warnings.insert(warnings.begin(), first.begin(), first.end());
}

}  // namespace

/// A request that is ready for the pipeline.
struct BedrockProvider::Prepared {
  std::shared_ptr<const ModelId> model;
  const Codec* codec = nullptr;
  Operation operation;
  std::vector<Warning> warnings;
  std::string structured_output;
};

BedrockProvider::Core::Core(ProviderConfig settings)
    : config(std::move(settings)), pipeline(config.pipeline) {}

BedrockProvider::BedrockProvider(ProviderConfig config)
    : core_(std::make_shared<const Core>(std::move(config))) {}

Result<const Codec*> BedrockProvider::choose_codec(const Core& core, const ModelId& model) {
  const WireForm form = model.facts == nullptr ? WireForm::none : model.facts->wire_form;
  if (core.config.api == Api::converse) return &converse_codec();
  if (core.config.api == Api::invoke && form == WireForm::none) {
    return std::unexpected(make_error(
        ErrorCode::unsupported_feature,
        "Model \"" + model.called +
            "\" has no native form here, so `api = invoke` cannot reach it; use `converse` or "
            "`auto`."));
  }
  return &codec_for(form);
}

Result<BedrockProvider::Prepared> BedrockProvider::prepare(const Core& core,
                                                           const ChatRequest& request,
                                                           Delivery delivery) {
  Result<ModelId> id = parse_model_id(request.model.empty() ? core.config.model : request.model);
  if (!id) return std::unexpected(std::move(id.error()));
  Prepared prepared;
  prepared.model = std::make_shared<const ModelId>(std::move(*id));
  const ModelId& model = *prepared.model;

  const Result<const Codec*> codec = choose_codec(core, model);
  if (!codec) return std::unexpected(codec.error());
  prepared.codec = *codec;

  Result<WireRequest> wire = prepared.codec->encode(request, model, delivery);
  if (!wire) return std::unexpected(std::move(wire.error()));
  prepared.warnings = std::move(wire->warnings);
  prepared.structured_output = std::move(wire->structured_output);
  add_front(prepared.warnings, core.config.warnings);

  Operation& operation = prepared.operation;
  operation.name = operation_name(wire->operation);
  operation.path = "/model/" + base::percent_encode(model.called) + '/' + wire->operation;
  operation.headers = std::move(wire->headers);
  operation.body = std::make_shared<const std::string>(std::move(wire->body));
  operation.delivery = delivery;
  operation.context = {.operation = operation.name, .model = &model};
  const std::string& region = model.region.empty() ? core.config.region : model.region;
  if (auto moved = move_to(core.config, region, operation); !moved) {
    return std::unexpected(std::move(moved.error()));
  }
  return prepared;
}

/// Settles the region first where it is still open: that may ask the network, so it is part of the
/// call.
Result<Answer> BedrockProvider::send(const Core& core, Operation& operation,
                                     const CallOptions& options) {
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

Result<ChatResponse> BedrockProvider::chat_completion(const ChatRequest& request,
                                                      const CallOptions& options) const {
  Result<Prepared> prepared = prepare(*core_, request, Delivery::whole);
  if (!prepared) return std::unexpected(std::move(prepared.error()));
  Result<Answer> answer = send(*core_, prepared->operation, options);
  if (!answer) return std::unexpected(std::move(answer.error()));

  Result<ChatResponse> response = prepared->codec->decode(answer->head, answer->body);
  if (!response) {
    Error& error = response.error();
    if (auto hidden =
            core_->pipeline.error_in_success(prepared->operation, answer->head, answer->body)) {
      error = std::move(*hidden);
    }
    error.attempts = answer->attempts;
    error.status_code = answer->head.status;
    error.request_id = answer->head.header("x-amzn-requestid");
    answer->sent.hide(prepared->operation.name, error);
    return response;
  }
  response->model = prepared->model->called;
  response->details.attempts = answer->attempts;
  response->details.structured_output = prepared->structured_output;
  response->details.cost_usd = cost_of(*prepared->model, response->usage);
  if (response->id.empty()) response->id = response->details.request_id;
  add_front(response->warnings, prepared->warnings);
  add_front(response->warnings, answer->warnings);
  return response;
}

ChatStream BedrockProvider::stream_chat_completion(ChatRequest request, CallOptions options) const {
  Result<Prepared> prepared = prepare(*core_, request, Delivery::streamed);
  StreamCall call;
  if (!prepared) {
    call.send = [error = std::move(prepared.error())]() -> Result<Answer> {
      return std::unexpected(error);
    };
    return ChatStream(std::make_unique<StreamPump>(std::move(call)));
  }
  call.decoder = prepared->codec->stream_decoder();
  call.context = prepared->operation.context;
  call.model = prepared->model;
  call.complete = [model = prepared->model, warnings = std::move(prepared->warnings),
                   structured_output = std::move(prepared->structured_output)](
                      Done& done, const Answer& answer) {
    done.details.structured_output = structured_output;
    done.model = model->called;
    done.details.attempts = answer.attempts;
    done.details.request_id = answer.head.header("x-amzn-requestid");
    done.details.cost_usd = cost_of(*model, done.usage);
    if (done.id.empty()) done.id = done.details.request_id;
    add_front(done.warnings, warnings);
    add_front(done.warnings, answer.warnings);
  };
  call.send = [core = core_, operation = std::move(prepared->operation),
               options = std::move(options)]() mutable { return send(*core, operation, options); };
  return ChatStream(std::make_unique<StreamPump>(std::move(call)));
}

Result<ModelInfo> BedrockProvider::model_info(std::string_view model) const {
  const Result<ModelId> id = parse_model_id(model.empty() ? core_->config.model : model);
  if (!id) return std::unexpected(id.error());
  if (id->facts == nullptr) {
    return std::unexpected(make_error(
        ErrorCode::model_not_found,
        "Nothing is known of model \"" + id->called +
            "\" offline; it can still be called through Converse. `bedrock models` lists the known "
            "ones."));
  }
  return to_model_info(*id);
}

HealthReport BedrockProvider::health(const HealthOptions& options) const {
  return health_cache_.get(options, core_->pipeline, core_->config);
}

}  // namespace llm::bedrock
