#include "bedrock/operations/embed.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "aws/protocol/service_error.hpp"
#include "base/errors.hpp"
#include "bedrock/catalogue/cost.hpp"
#include "bedrock/codec/embedding/embedding.hpp"
#include "bedrock/codec/response.hpp"

namespace llm::bedrock {
namespace {

Result<const EmbeddingCodec*> choose_embedding_codec(const ModelId& model) {
  const auto* codec =
      model.facts == nullptr ? nullptr : embedding_codec_for(model.facts->wire_format);
  if (codec != nullptr) return codec;
  return std::unexpected(
      make_error(ErrorCode::unsupported_feature,
                 "Model \"" + model.requested_id + "\" is not known to make embeddings.",
                 "Choose one of those that `bedrock models embed` lists."));
}

}  // namespace

EmbeddingCalls::EmbeddingCalls(const ProviderCore& core, const EmbeddingRequest& request,
                               FoundModel found, const EmbeddingCodec& codec)
    : core_(&core),
      request_(&request),
      model_(std::move(found.model)),
      codec_(&codec),
      warnings_(core.config),
      rest_(request.inputs) {
  warnings_.add(std::move(found.warnings));
  response_.model = model_->requested_id;
  response_.usage.prompt_tokens = 0;
  response_.details.model_latency = std::chrono::milliseconds(0);
}

Result<EmbeddingCalls> EmbeddingCalls::of(const ProviderCore& core, const EmbeddingRequest& request,
                                          FoundModel found) {
  const Result<const EmbeddingCodec*> codec = choose_embedding_codec(*found.model);
  if (!codec) return std::unexpected(codec.error());
  if (const auto checked = check_embedding(request, *found.model); !checked) {
    return std::unexpected(checked.error());
  }
  return EmbeddingCalls(core, request, std::move(found), **codec);
}

Result<UnsignedRequest*> EmbeddingCalls::next() {
  if (rest_.empty()) return nullptr;
  batch_ = rest_.first(codec_->batch_size(rest_));
  Result<WireRequest> wire = codec_->encode(*request_, batch_, *model_);
  if (!wire) return std::unexpected(located(std::move(wire.error())));
  Result<UnsignedRequest> unsigned_request =
      unsigned_request_for(*core_, *model_, *wire, Delivery::buffered);
  if (!unsigned_request) return std::unexpected(located(std::move(unsigned_request.error())));
  rest_ = rest_.subspan(batch_.size());
  wire_warnings_ = std::move(wire->warnings);
  unsigned_request_ = std::move(*unsigned_request);
  return &*unsigned_request_;
}

Result<void> EmbeddingCalls::take(Result<Response> outcome) {
  if (!outcome) return std::unexpected(located(std::move(outcome.error())));
  Result<void> added = add(*outcome);
  if (!added) return std::unexpected(located(std::move(added.error())));
  return {};
}

/// Names the first input of the failed request if there are several, and adds the attempts of those
/// before it.
Error EmbeddingCalls::located(Error error) const {
  const bool is_only_call = batch_.size() == request_->inputs.size();
  if (!is_only_call) base::add_context(input_name(response_.embeddings.size()), error);
  error.attempts += response_.details.attempts;
  return error;
}

Result<void> EmbeddingCalls::add(Response& response) {
  Result<EmbeddingResult> decoded = codec_->decode(response.body);
  if (decoded && decoded->embeddings.size() != batch_.size()) {
    decoded = std::unexpected(
        malformed_response(to_string(model_->facts->wire_format),
                           "It has " + std::to_string(decoded->embeddings.size()) +
                               " embeddings for " + std::to_string(batch_.size()) + " inputs."));
  }
  if (!decoded) {
    return std::unexpected(
        undecodable(*core_, *unsigned_request_, response, std::move(decoded.error())));
  }
  // Each request has the same warnings.
  if (response_.embeddings.empty()) {
    warnings_.add(std::move(wire_warnings_));
    warnings_.add(std::move(response.warnings));
  }
  InvocationNotes notes;
  notes.read_head(response.head());
  const auto tokens = notes.input_tokens ? notes.input_tokens : decoded->prompt_tokens;
  auto& sum = response_.usage.prompt_tokens;
  sum = sum && tokens ? std::optional(*sum + *tokens) : std::nullopt;
  auto& latency = response_.details.model_latency;
  latency = latency && notes.latency ? std::optional(*latency + *notes.latency) : std::nullopt;
  std::ranges::move(decoded->embeddings, std::back_inserter(response_.embeddings));
  response_.details.attempts += response.attempts;
  response_.details.request_ids.push_back(aws::request_id(response.head()));
  return {};
}

EmbeddingResponse EmbeddingCalls::finish() && {
  std::vector<Warning> normalized;
  normalize_here(*request_, model_->facts->wire_format, response_.embeddings, normalized);
  warnings_.add(std::move(normalized));
  response_.usage.total_tokens = response_.usage.prompt_tokens;
  response_.warnings = std::move(warnings_).take();
  // The catalogue has prices of text tokens only; an image is priced apart.
  const bool has_image = std::ranges::any_of(request_->inputs, [](const EmbeddingInput& input) {
    return std::holds_alternative<ImageContent>(input);
  });
  if (has_image) return std::move(response_);
  Usage used = response_.usage;
  used.completion_tokens = 0;
  response_.details.cost_usd = cost_of(*model_, used, {}, CacheTime::five_minutes);
  return std::move(response_);
}

Result<EmbeddingResponse> embed(const ProviderCore& core, const EmbeddingRequest& request,
                                const CallOptions& options) {
  const Result<Call> call = core.pipeline.begin(options);
  if (!call) return std::unexpected(call.error());
  Result<FoundModel> found = model_of(core, request.model, *call);
  if (!found) return std::unexpected(std::move(found.error()));
  Result<EmbeddingCalls> calls = EmbeddingCalls::of(core, request, std::move(*found));
  if (!calls) return std::unexpected(std::move(calls.error()));
  while (true) {
    const Result<UnsignedRequest*> next = calls->next();
    if (!next) return std::unexpected(next.error());
    if (*next == nullptr) return std::move(*calls).finish();
    if (auto taken = calls->take(send(core, **next, *call)); !taken) {
      return std::unexpected(std::move(taken.error()));
    }
  }
}

}  // namespace llm::bedrock
