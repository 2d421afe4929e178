#include "bedrock/operations/embed.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "aws/service_error.hpp"
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
                 "Model \"" + model.requested_id +
                     "\" makes no embeddings that are known here; `bedrock models embed` lists "
                     "those that do."));
}

/// The calls of one request, and what they have given so far.
class EmbeddingCalls {
 public:
  EmbeddingCalls(const ProviderCore& core, const EmbeddingRequest& request, const ModelId& model,
                 const EmbeddingCodec& codec, const Call& call)
      : core_(core), request_(request), model_(model), codec_(codec), call_(call) {
    response_.model = model.requested_id;
    response_.warnings = core.config.warnings;
    response_.usage.prompt_tokens = 0;
    response_.details.model_latency = std::chrono::milliseconds(0);
  }

  Result<EmbeddingResponse> run() && {
    for (Inputs rest = request_.inputs; !rest.empty();) {
      const Inputs batch = rest.first(codec_.batch_size(rest));
      if (auto called = call(batch); !called) {
        return std::unexpected(placed(std::move(called.error()), batch.size()));
      }
      rest = rest.subspan(batch.size());
    }
    finish();
    return std::move(response_);
  }

 private:
  /// A failure of one call among several says which; what was sent before counts too.
  [[nodiscard]] Error placed(Error error, std::size_t batch_size) const {
    const bool is_only_one = batch_size == request_.inputs.size();
    if (!is_only_one) {
      error.message = input_name(response_.embeddings.size()) + ": " + error.message;
    }
    error.attempts += response_.details.attempts;
    return error;
  }

  Result<void> call(Inputs batch) {
    Result<WireRequest> wire = codec_.encode(request_, batch, model_);
    if (!wire) return std::unexpected(std::move(wire.error()));
    Result<UnsignedRequest> operation = operation_on(core_, model_, *wire, Delivery::buffered);
    if (!operation) return std::unexpected(std::move(operation.error()));
    const Result<Response> answer = send(core_, *operation, call_);
    if (!answer) return std::unexpected(answer.error());

    Result<EmbeddingResult> given = codec_.decode(answer->body);
    if (given && given->embeddings.size() != batch.size()) {
      given = std::unexpected(
          malformed_response(to_string(model_.facts->wire_format),
                             "it has " + std::to_string(given->embeddings.size()) +
                                 " embeddings for " + std::to_string(batch.size()) + " inputs"));
    }
    if (!given) {
      return std::unexpected(not_understood(core_, *operation, *answer, std::move(given.error())));
    }
    // What is said of the request is said once, not with each call.
    if (response_.embeddings.empty()) {
      std::ranges::move(wire->warnings, std::back_inserter(response_.warnings));
      add_front(response_.warnings, answer->warnings);
    }
    add(*answer, std::move(*given));
    return {};
  }

  void add(const Response& answer, EmbeddingResult given) {
    InvocationNotes notes;
    notes.read_head(answer.head());
    const auto tokens = notes.input_tokens ? notes.input_tokens : given.prompt_tokens;
    auto& sum = response_.usage.prompt_tokens;
    sum = sum && tokens ? std::optional(*sum + *tokens) : std::nullopt;
    auto& latency = response_.details.model_latency;
    latency = latency && notes.latency ? std::optional(*latency + *notes.latency) : std::nullopt;
    std::ranges::move(given.embeddings, std::back_inserter(response_.embeddings));
    response_.details.attempts += answer.attempts;
    response_.details.request_ids.push_back(aws::request_id(answer.head()));
  }

  void finish() {
    response_.usage.total_tokens = response_.usage.prompt_tokens;
    // The catalogue's prices are for text; an image has one of its own.
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
  const Result<FoundModel> found = model_of(core, request.model, call);
  if (!found) return std::unexpected(found.error());
  const ModelId& model = *found->model;
  const Result<const EmbeddingCodec*> codec = choose_embedding_codec(model);
  if (!codec) return std::unexpected(codec.error());
  if (const auto checked = check_embedding(request, model); !checked) {
    return std::unexpected(checked.error());
  }
  auto response = EmbeddingCalls(core, request, model, **codec, call).run();
  if (response) add_front(response->warnings, found->warnings);
  return response;
}

}  // namespace llm::bedrock
