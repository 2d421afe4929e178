#include "bedrock/operations/count_tokens.hpp"

#include <utility>

#include "aws/service_error.hpp"
#include "bedrock/codec/count_tokens.hpp"

namespace llm::bedrock {

// The service answers a profile's id with "doesn't support counting tokens" where the base id is
// counted (pydantic/pydantic-ai#4001; Boise-State-Development/agentcore-public-stack#430).
Result<ModelId> counting_model(const ModelId& model) {
  if (!model.base_id.empty()) {
    Result<ModelId> base = parse_model_id(model.base_id);
    if (base) {
      base->region = model.region;
      base->facts = model.facts;
    }
    return base;
  }
  if (model.kind == IdKind::unknown) return model;
  return std::unexpected(make_error(ErrorCode::unsupported_feature,
                                    "CountTokens takes base models alone, and \"" +
                                        model.requested_id +
                                        "\" does not tell its own; name the base model."));
}

Result<TokenCount> count_tokens(const ProviderCore& core, const ChatRequest& request,
                                const CallOptions& options) {
  const Call call = core.pipeline.begin(options);
  const Result<FoundModel> asked = model_of(core, request.model, call);
  if (!asked) return std::unexpected(asked.error());
  const Result<ModelId> model = counting_model(*asked->model);
  if (!model) return std::unexpected(explained(model.error(), asked->warnings));
  const Result<const Codec*> codec = choose_codec(core.config, *model);
  if (!codec) return std::unexpected(explained(codec.error(), asked->warnings));
  Result<WireRequest> chat = (*codec)->encode(request, *model, Delivery::buffered);
  if (!chat) return std::unexpected(std::move(chat.error()));

  WireRequest wire = encode_count_tokens(std::move(*chat));
  Result<UnsignedRequest> operation = operation_on(core, *model, wire, Delivery::buffered);
  if (!operation) return std::unexpected(std::move(operation.error()));
  const Result<Response> answer = send(core, *operation, call);
  if (!answer) return std::unexpected(answer.error());

  Result<std::int64_t> tokens = decode_count_tokens(answer->body);
  if (!tokens) {
    return std::unexpected(not_understood(core, *operation, *answer, std::move(tokens.error())));
  }
  TokenCount count{.prompt_tokens = *tokens,
                   .model = model->requested_id,
                   .warnings = std::move(wire.warnings),
                   .request_id = aws::request_id(answer->head()),
                   .attempts = answer->attempts};
  add_front(count.warnings, core.config.warnings);
  add_front(count.warnings, asked->warnings);
  add_front(count.warnings, answer->warnings);
  return count;
}

}  // namespace llm::bedrock
