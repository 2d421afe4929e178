#include "bedrock/operations/chat.hpp"

#include <string>
#include <utility>

#include "aws/protocol/service_error.hpp"
#include "bedrock/call/stream_pump.hpp"
#include "bedrock/catalogue/cost.hpp"
#include "bedrock/codec/formats.hpp"
#include "bedrock/lint/linter.hpp"

namespace llm::bedrock {
namespace {

/// Fills in what only the call knows; `Completion` is a ChatResponse or a Done.
template <typename Completion>
void complete(const ModelId& model, const std::string& structured_output, CacheTime cache_time,
              Response& response, CallWarnings& warnings, Completion& completion) {
  completion.model = model.requested_id;
  completion.details.attempts = response.attempts;
  completion.details.structured_output = structured_output;
  completion.details.cost_usd = cost_of(model, completion.usage, completion.details, cache_time);
  if (completion.id.empty()) completion.id = completion.details.request_id;
  warnings.add(std::move(response.warnings));
  warnings.add(std::move(completion.warnings));
  completion.warnings = std::move(warnings).take();
}

StreamCall failed_call(Error error) {
  StreamCall call;
  call.send = [error = std::move(error)]() -> Result<Response> { return std::unexpected(error); };
  return call;
}

StreamCall stream_call(const std::shared_ptr<const ProviderCore>& core, const ChatRequest& request,
                       CallOptions options) {
  Result<Call> call = core->pipeline.begin(std::move(options));
  if (!call) return failed_call(std::move(call.error()));
  CallWarnings warnings(core->config);
  Result<FoundModel> found = model_of(*core, request.model, *call);
  if (!found) return failed_call(std::move(found.error()));
  Result<PreparedChat> chat =
      prepare_chat(*core, request, Delivery::streaming, std::move(*found), warnings);
  if (!chat) return failed_call(std::move(chat.error()));
  StreamCall stream;
  stream.decoding = decoding_of(*chat, *call, std::move(warnings));
  stream.send = [core, unsigned_request = std::move(chat->request),
                 call = *std::move(call)]() mutable { return send(*core, unsigned_request, call); };
  return stream;
}

/// Extra fields may limit the completion too, each format by a name of its own.
bool is_length_open(const ChatRequest& request) {
  return !request.max_tokens && request.extra_fields.is_null();
}

}  // namespace

Result<const Codec*> choose_codec(const ProviderConfig& config, const ModelId& model) {
  const bool is_known = model.facts != nullptr;
  if (is_known && model.facts->mode == "embedding") {
    return std::unexpected(make_error(
        ErrorCode::unsupported_feature,
        "Model \"" + model.requested_id + "\" is an embedding model and does not support chat.",
        "Use `embed`, or choose another model."));
  }
  const WireFormat format = chat_format(config, model);
  if (uses_mantle(config, model)) {
    return format == WireFormat::none ? &chat_completions_codec() : &claude_mantle_codec();
  }
  if (config.api != Api::invoke || format != WireFormat::none) return &codec_for(format);
  return std::unexpected(make_error(
      ErrorCode::unsupported_feature,
      "Model \"" + model.requested_id + "\" cannot be called with `api = invoke`: " +
          (is_known ? "its native format is not supported." : "its model family is not known."),
      is_known ? "Set `api` to `converse` or `auto`."
               : "Name its base model (base_model), or set `api` to `converse` or `auto`."));
}

Result<WireRequest> encode_chat(const ProviderConfig& config, const Codec& codec,
                                const ChatRequest& request, const ModelId& model, Delivery delivery,
                                CallWarnings& warnings) {
  const linter::Target target{
      .facts = model.facts, .by_converse = &codec == &converse_codec(), .delivery = delivery};
  Result<linter::Passed> passed = linter::pass(request, target, config.lint, config.lint_off);
  if (!passed) return std::unexpected(std::move(passed.error()));
  warnings.add(std::move(passed->warnings));
  Result<WireRequest> wire = codec.encode(passed->repaired ? *passed->repaired : request,
                                          std::move(passed->conversation), model, delivery);
  if (wire) warnings.add(std::exchange(wire->warnings, {}));
  return wire;
}

Result<PreparedChat> prepare_chat(const ProviderCore& core, const ChatRequest& request,
                                  Delivery delivery, FoundModel found, CallWarnings& warnings) {
  const ModelId& model = *found.model;
  Result<const Codec*> codec = choose_codec(core.config, model);
  if (!codec) return std::unexpected(explained(std::move(codec.error()), found.warnings));
  warnings.add(std::move(found.warnings));
  Result<WireRequest> wire = encode_chat(core.config, **codec, request, model, delivery, warnings);
  if (!wire) return std::unexpected(std::move(wire.error()));
  Result<UnsignedRequest> unsigned_request = unsigned_request_for(core, model, *wire, delivery);
  if (!unsigned_request) return std::unexpected(std::move(unsigned_request.error()));
  unsigned_request->context.is_length_open = is_length_open(request);
  return PreparedChat{.model = std::move(found.model),
                      .codec = *codec,
                      .request = std::move(*unsigned_request),
                      .structured_output = std::move(wire->structured_output),
                      .cache_time = cache_time_of(request)};
}

Result<ChatResponse> finish_chat(const ProviderCore& core, const PreparedChat& chat,
                                 Response& response, CallWarnings& warnings) {
  Result<ChatResponse> completion = chat.codec->decode(response.head(), response.body);
  if (!completion) {
    return std::unexpected(
        undecodable(core, chat.request, response, std::move(completion.error())));
  }
  complete(*chat.model, chat.structured_output, chat.cache_time, response, warnings, *completion);
  return completion;
}

StreamDecoding decoding_of(const PreparedChat& chat, const Call& call, CallWarnings warnings) {
  return {.in_flight = call.in_flight,
          .decoder = chat.codec->stream_decoder(),
          .framing = framing_of(chat.request.plane),
          .context = chat.request.context,
          .model = chat.model,
          .complete = [model = chat.model, warnings = std::move(warnings),
                       structured_output = chat.structured_output,
                       cache_time = chat.cache_time](Done& done, Response& response) mutable {
            done.details.request_id = aws::request_id(response.head());
            complete(*model, structured_output, cache_time, response, warnings, done);
          }};
}

Result<ChatResponse> chat_completion(const ProviderCore& core, const ChatRequest& request,
                                     const CallOptions& options) {
  const Result<Call> call = core.pipeline.begin(options);
  if (!call) return std::unexpected(call.error());
  CallWarnings warnings(core.config);
  Result<FoundModel> found = model_of(core, request.model, *call);
  if (!found) return std::unexpected(std::move(found.error()));
  Result<PreparedChat> chat =
      prepare_chat(core, request, Delivery::buffered, std::move(*found), warnings);
  if (!chat) return std::unexpected(std::move(chat.error()));
  Result<Response> response = send(core, chat->request, *call);
  if (!response) return std::unexpected(std::move(response.error()));
  return finish_chat(core, *chat, *response, warnings);
}

ChatStream stream_chat_completion(std::shared_ptr<const ProviderCore> core, ChatRequest request,
                                  CallOptions options) {
  return ChatStream(std::make_unique<StreamPump>(
      [core = std::move(core), request = std::move(request), options = std::move(options)] {
        return stream_call(core, request, options);
      }));
}

}  // namespace llm::bedrock
