#include "bedrock/provider.hpp"

#include <utility>

#include "aws/service_error.hpp"
#include "bedrock/catalogue/cost.hpp"
#include "bedrock/lint/linter.hpp"
#include "bedrock/operations/count_tokens.hpp"
#include "bedrock/operations/embed.hpp"

namespace llm::bedrock {

/// A request that is ready for the pipeline.
struct BedrockProvider::Prepared {
  std::shared_ptr<const ModelId> model;
  const Codec* codec = nullptr;
  UnsignedRequest operation;
  std::vector<Warning> warnings;
  std::string structured_output;
};

BedrockProvider::BedrockProvider(ProviderConfig config)
    : core_(std::make_shared<const ProviderCore>(std::move(config))) {}

Result<BedrockProvider::Prepared> BedrockProvider::prepare(const ProviderCore& core,
                                                           const ChatRequest& request,
                                                           Delivery delivery, const Call& call) {
  Result<FoundModel> found = model_of(core, request.model, call);
  if (!found) return std::unexpected(std::move(found.error()));
  const ModelId& model = *found->model;
  Result<const Codec*> codec = choose_codec(core.config, model);
  if (!codec) return std::unexpected(explained(std::move(codec.error()), found->warnings));
  Result<linter::Passed> passed = linter::pass(
      request,
      {.facts = model.facts, .by_converse = *codec == &converse_codec(), .delivery = delivery},
      core.config.lint, core.config.lint_off);
  if (!passed) return std::unexpected(std::move(passed.error()));
  const ChatRequest& to_send = passed->repaired ? *passed->repaired : request;
  Result<WireRequest> wire =
      (*codec)->encode(to_send, std::move(passed->conversation), model, delivery);
  if (!wire) return std::unexpected(std::move(wire.error()));
  Result<UnsignedRequest> operation = operation_on(core, model, *wire, delivery);
  if (!operation) return std::unexpected(std::move(operation.error()));
  add_front(wire->warnings, passed->warnings);

  add_front(wire->warnings, core.config.warnings);
  add_front(wire->warnings, found->warnings);
  return Prepared{.model = std::move(found->model),
                  .codec = *codec,
                  .operation = std::move(*operation),
                  .warnings = std::move(wire->warnings),
                  .structured_output = std::move(wire->structured_output)};
}

Result<ChatResponse> BedrockProvider::chat_completion(const ChatRequest& request,
                                                      const CallOptions& options) const {
  const Call call = core_->pipeline.begin(options);
  Result<Prepared> prepared = prepare(*core_, request, Delivery::buffered, call);
  if (!prepared) return std::unexpected(std::move(prepared.error()));
  Result<Response> answer = send(*core_, prepared->operation, call);
  if (!answer) return std::unexpected(std::move(answer.error()));

  Result<ChatResponse> response = prepared->codec->decode(answer->head(), answer->body);
  if (!response) {
    return std::unexpected(
        not_understood(*core_, prepared->operation, *answer, std::move(response.error())));
  }
  response->model = prepared->model->requested_id;
  response->details.attempts = answer->attempts;
  response->details.structured_output = prepared->structured_output;
  response->details.cost_usd = cost_of(*prepared->model, response->usage, response->details);
  if (response->id.empty()) response->id = response->details.request_id;
  add_front(response->warnings, prepared->warnings);
  add_front(response->warnings, answer->warnings);
  return response;
}

StreamCall BedrockProvider::stream_call(const std::shared_ptr<const ProviderCore>& core,
                                        const ChatRequest& request, CallOptions options) {
  Call timed = core->pipeline.begin(std::move(options));
  Result<Prepared> prepared = prepare(*core, request, Delivery::streaming, timed);
  StreamCall call;
  if (!prepared) {
    call.send = [error = std::move(prepared.error())]() -> Result<Response> {
      return std::unexpected(error);
    };
    return call;
  }
  call.decoder = prepared->codec->stream_decoder();
  call.context = prepared->operation.context;
  call.model = prepared->model;
  call.complete = [model = prepared->model, warnings = std::move(prepared->warnings),
                   structured_output = std::move(prepared->structured_output)](
                      Done& done, const Response& answer) {
    done.details.structured_output = structured_output;
    done.model = model->requested_id;
    done.details.attempts = answer.attempts;
    done.details.request_id = aws::request_id(answer.head());
    done.details.cost_usd = cost_of(*model, done.usage, done.details);
    if (done.id.empty()) done.id = done.details.request_id;
    add_front(done.warnings, warnings);
    add_front(done.warnings, answer.warnings);
  };
  call.send = [core, operation = std::move(prepared->operation),
               timed = std::move(timed)]() mutable { return send(*core, operation, timed); };
  return call;
}

ChatStream BedrockProvider::stream_chat_completion(ChatRequest request, CallOptions options) const {
  return ChatStream(std::make_unique<StreamPump>(
      [core = core_, request = std::move(request), options = std::move(options)] {
        return stream_call(core, request, options);
      }));
}

Result<TokenCount> BedrockProvider::count_tokens(const ChatRequest& request,
                                                 const CallOptions& options) const {
  return bedrock::count_tokens(*core_, request, options);
}

Result<EmbeddingResponse> BedrockProvider::embed(const EmbeddingRequest& request,
                                                 const CallOptions& options) const {
  return bedrock::embed(*core_, request, options);
}

Result<ModelInfo> BedrockProvider::model_info(std::string_view model) const {
  const Result<ModelId> id = known_model(core_->config, model);
  if (!id) return std::unexpected(id.error());
  if (id->facts == nullptr) {
    return std::unexpected(make_error(
        ErrorCode::model_not_found,
        "Nothing is known of model \"" + id->requested_id +
            "\" offline; it can still be called through Converse. `bedrock models` lists the known "
            "ones."));
  }
  return to_model_info(*id);
}

HealthReport BedrockProvider::health(const HealthOptions& options) const {
  return health_cache_.get(options, core_->pipeline, core_->config);
}

}  // namespace llm::bedrock
