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

using Inputs = std::span<const EmbeddingInput>;

Result<const EmbeddingCodec*> choose_embedding_codec(const ModelId& model) {
  const auto* codec =
      model.facts == nullptr ? nullptr : embedding_codec_for(model.facts->wire_format);
  if (codec != nullptr) return codec;
  return std::unexpected(
      make_error(ErrorCode::unsupported_feature,
                 "Model \"" + model.requested_id + "\" is not known to make embeddings.",
                 "Choose one of those that `bedrock models embed` lists."));
}

/// The calls of one embedding request, and their combined response.
class EmbeddingCalls {
 public:
  EmbeddingCalls(const ProviderCore& core, const EmbeddingRequest& request, const ModelId& model,
                 const EmbeddingCodec& codec, const Call& call)
      : core_(core), request_(request), model_(model), codec_(codec), call_(call) {
    response_.model = model.requested_id;
    response_.usage.prompt_tokens = 0;
    response_.details.model_latency = std::chrono::milliseconds(0);
  }

  Result<EmbeddingResponse> run(CallWarnings& warnings) && {
    for (Inputs rest = request_.inputs; !rest.empty();) {
      const Inputs batch = rest.first(codec_.batch_size(rest));
      if (auto embedded = embed(batch, warnings); !embedded) {
        return std::unexpected(located(std::move(embedded.error()), batch.size()));
      }
      rest = rest.subspan(batch.size());
    }
    finish(warnings);
    return std::move(response_);
  }

 private:
  /// Names the first input of the failed call if there are several calls, and adds the attempts of
  /// those before it.
  [[nodiscard]] Error located(Error error, std::size_t batch_size) const {
    const bool is_only_call = batch_size == request_.inputs.size();
    if (!is_only_call) base::add_context(input_name(response_.embeddings.size()), error);
    error.attempts += response_.details.attempts;
    return error;
  }

  Result<void> embed(Inputs batch, CallWarnings& warnings) {
    Result<WireRequest> wire = codec_.encode(request_, batch, model_);
    if (!wire) return std::unexpected(std::move(wire.error()));
    Result<UnsignedRequest> unsigned_request =
        unsigned_request_for(core_, model_, *wire, Delivery::buffered);
    if (!unsigned_request) return std::unexpected(std::move(unsigned_request.error()));
    Result<Response> response = send(core_, *unsigned_request, call_);
    if (!response) return std::unexpected(std::move(response.error()));

    Result<EmbeddingResult> decoded = codec_.decode(response->body);
    if (decoded && decoded->embeddings.size() != batch.size()) {
      decoded = std::unexpected(
          malformed_response(to_string(model_.facts->wire_format),
                             "It has " + std::to_string(decoded->embeddings.size()) +
                                 " embeddings for " + std::to_string(batch.size()) + " inputs."));
    }
    if (!decoded) {
      return std::unexpected(
          undecodable(core_, *unsigned_request, *response, std::move(decoded.error())));
    }
    // Each call has the same warnings.
    if (response_.embeddings.empty()) {
      warnings.add(std::move(wire->warnings));
      warnings.add(std::move(response->warnings));
    }
    add(*response, std::move(*decoded));
    return {};
  }

  void add(const Response& response, EmbeddingResult decoded) {
    InvocationNotes notes;
    notes.read_head(response.head());
    const auto tokens = notes.input_tokens ? notes.input_tokens : decoded.prompt_tokens;
    auto& sum = response_.usage.prompt_tokens;
    sum = sum && tokens ? std::optional(*sum + *tokens) : std::nullopt;
    auto& latency = response_.details.model_latency;
    latency = latency && notes.latency ? std::optional(*latency + *notes.latency) : std::nullopt;
    std::ranges::move(decoded.embeddings, std::back_inserter(response_.embeddings));
    response_.details.attempts += response.attempts;
    response_.details.request_ids.push_back(aws::request_id(response.head()));
  }

  void finish(CallWarnings& warnings) {
    std::vector<Warning> normalized;
    normalize_here(request_, model_.facts->wire_format, response_.embeddings, normalized);
    warnings.add(std::move(normalized));
    response_.usage.total_tokens = response_.usage.prompt_tokens;
    // The catalogue has prices of text tokens only; an image is priced apart.
    const bool has_image = std::ranges::any_of(request_.inputs, [](const EmbeddingInput& input) {
      return std::holds_alternative<ImageContent>(input);
    });
    if (has_image) return;
    Usage used = response_.usage;
    used.completion_tokens = 0;
    response_.details.cost_usd = cost_of(model_, used, {});
  }

  const ProviderCore& core_;
  const EmbeddingRequest& request_;
  const ModelId& model_;
  const EmbeddingCodec& codec_;
  const Call& call_;
  EmbeddingResponse response_;
};

}  // namespace

Result<EmbeddingResponse> embed(const ProviderCore& core, const EmbeddingRequest& request,
                                const CallOptions& options) {
  const Call call = core.pipeline.begin(options);
  CallWarnings warnings(core.config);
  Result<FoundModel> found = model_of(core, request.model, call);
  if (!found) return std::unexpected(std::move(found.error()));
  warnings.add(std::move(found->warnings));
  const ModelId& model = *found->model;
  const Result<const EmbeddingCodec*> codec = choose_embedding_codec(model);
  if (!codec) return std::unexpected(codec.error());
  if (const auto checked = check_embedding(request, model); !checked) {
    return std::unexpected(checked.error());
  }
  auto response = EmbeddingCalls(core, request, model, **codec, call).run(warnings);
  if (response) response->warnings = std::move(warnings).take();
  return response;
}

}  // namespace llm::bedrock
