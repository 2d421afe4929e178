#include "bedrock/operations/count_tokens.hpp"

#include <utility>

#include "aws/protocol/service_error.hpp"
#include "bedrock/codec/count_tokens.hpp"
#include "bedrock/operations/chat.hpp"

namespace llm::bedrock {

// For the id of a profile the service responds "doesn't support counting tokens" where it counts
// for the base id (pydantic/pydantic-ai#4001; Boise-State-Development/agentcore-public-stack#430).
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
  return std::unexpected(
      make_error(ErrorCode::unsupported_feature,
                 "CountTokens accepts only base models, and the base model of \"" +
                     model.requested_id + "\" is not known.",
                 "Name its base model (base_model)."));
}

Error not_counted(const ModelId& model) {
  return make_error(ErrorCode::unsupported_feature,
                    "CountTokens is an operation of Bedrock Runtime, and model \"" +
                        model.requested_id + "\" is called through bedrock-mantle.",
                    "Set `api` to `auto`, `invoke` or `converse` if Bedrock Runtime serves the "
                    "model.");
}

Result<PreparedCount> prepare_count(const ProviderCore& core, const ChatRequest& request,
                                    FoundModel found, CallWarnings& warnings) {
  Result<ModelId> counting = counting_model(*found.model);
  if (!counting) return std::unexpected(explained(std::move(counting.error()), found.warnings));
  // The catalogue, which owns the facts, lives as long as the client.
  auto model = std::make_shared<const ModelId>(*std::move(counting));
  if (uses_mantle(core.config, *model)) return std::unexpected(not_counted(*model));
  const Result<const Codec*> codec = choose_codec(core.config, *model);
  if (!codec) return std::unexpected(explained(codec.error(), found.warnings));
  warnings.add(std::move(found.warnings));
  Result<WireRequest> chat =
      encode_chat(core.config, **codec, request, *model, Delivery::buffered, warnings);
  if (!chat) return std::unexpected(std::move(chat.error()));
  WireRequest wire = encode_count_tokens(std::move(*chat));
  warnings.add(std::exchange(wire.warnings, {}));
  Result<UnsignedRequest> unsigned_request =
      unsigned_request_for(core, *model, wire, Delivery::buffered);
  if (!unsigned_request) return std::unexpected(std::move(unsigned_request.error()));
  return PreparedCount{.model = std::move(model), .request = std::move(*unsigned_request)};
}

Result<TokenCount> finish_count(const ProviderCore& core, const PreparedCount& count,
                                Response& response, CallWarnings& warnings) {
  Result<std::int64_t> tokens = decode_count_tokens(response.body);
  if (!tokens) {
    return std::unexpected(undecodable(core, count.request, response, std::move(tokens.error())));
  }
  warnings.add(std::move(response.warnings));
  return TokenCount{.prompt_tokens = *tokens,
                    .model = count.model->requested_id,
                    .warnings = std::move(warnings).take(),
                    .request_id = aws::request_id(response.head()),
                    .attempts = response.attempts};
}

Result<TokenCount> count_tokens(const ProviderCore& core, const ChatRequest& request,
                                const CallOptions& options) {
  const Result<Call> call = core.pipeline.begin(options);
  if (!call) return std::unexpected(call.error());
  CallWarnings warnings(core.config);
  Result<FoundModel> found = model_of(core, request.model, *call);
  if (!found) return std::unexpected(std::move(found.error()));
  Result<PreparedCount> count = prepare_count(core, request, std::move(*found), warnings);
  if (!count) return std::unexpected(std::move(count.error()));
  Result<Response> response = send(core, count->request, *call);
  if (!response) return std::unexpected(std::move(response.error()));
  return finish_count(core, *count, *response, warnings);
}

}  // namespace llm::bedrock
