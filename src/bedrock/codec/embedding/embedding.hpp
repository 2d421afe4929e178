#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <llm/embedding.hpp>
#include <llm/error.hpp>

#include "bedrock/codec/codec.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {

/// The result of one InvokeModel call for embeddings.
struct EmbeddingResult {
  std::vector<std::vector<double>> embeddings{};  ///< In the order of its inputs.
  std::optional<std::int64_t> prompt_tokens{};    ///< If the body reports it.
};

/// Translates EmbeddingRequests to one wire format and its responses back. Stateless; safe from any
/// thread; pure.
class EmbeddingCodec {
 public:
  virtual ~EmbeddingCodec() = default;

  /// How many of the first inputs fit into one call; at least 1. Requires: `inputs` is not empty.
  [[nodiscard]] virtual std::size_t batch_size(std::span<const EmbeddingInput> inputs) const = 0;

  /// The request for `batch`, some of the inputs of `request`. Requires: the request is checked
  /// (`check_embedding`). Errors: unsupported_feature for an option that the format lacks;
  /// configuration_error for a missing input_type or extra fields that are not an object.
  [[nodiscard]] virtual Result<WireRequest> encode(const EmbeddingRequest& request,
                                                   std::span<const EmbeddingInput> batch,
                                                   const ModelId& model) const = 0;

  /// Errors: model_error when it is not a response of this format.
  [[nodiscard]] virtual Result<EmbeddingResult> decode(std::string_view body) const = 0;
};

/// One per family; each lives as long as the program.
[[nodiscard]] const EmbeddingCodec& titan_embedding_codec();
[[nodiscard]] const EmbeddingCodec& cohere_embedding_codec();
[[nodiscard]] const EmbeddingCodec& nova_embedding_codec();

/// The codec of a wire format; null for a format of chats.
[[nodiscard]] const EmbeddingCodec* embedding_codec_for(WireFormat format);

/// `inputs[3]`.
[[nodiscard]] std::string input_name(std::size_t index);

/// Refuses what no format can carry: no inputs, a text that is empty or not UTF-8, an image that is
/// invalid or that the model does not accept, an unknown value of `truncate`, numbers below 1.
/// Errors: invalid_request_error for no inputs; configuration_error; unsupported_feature.
[[nodiscard]] Result<void> check_embedding(const EmbeddingRequest& request, const ModelId& model);

/// The options of an EmbeddingRequest that a format has.
struct EmbeddingOptions {
  bool dimensions = false;
  int fixed_dimensions = 0;  ///< Length of every vector, if there is no such option; 0: unknown.
  bool input_type = false;   ///< Then it is required.
  bool truncate = false;
  bool max_tokens = false;
};

/// An option that is set to what the model does anyway is not refused: `truncate` to `none`,
/// `dimensions` to their only length, `normalize` at all, because `normalize_here` can do that.
/// Errors: unsupported_feature for an option that is set but not supported; configuration_error
/// when a required `input_type` is not set.
[[nodiscard]] Result<void> check_options(const EmbeddingRequest& request, const ModelId& model,
                                         const EmbeddingOptions& supported);

/// Scales vectors to length 1 if the request asks for it and its format has no such option, with
/// the warning `normalized_here`. A vector without a length stays as it is.
void normalize_here(const EmbeddingRequest& request, WireFormat format,
                    std::span<std::vector<double>> vectors, std::vector<Warning>& warnings);

/// `truncate` on the wire: `NONE`, `START` or `END`; `NONE` when it is not set.
[[nodiscard]] std::string_view wire_truncate(const EmbeddingRequest& request);

/// The numbers of an array; nullopt when it is not an array, is empty, or holds anything else.
[[nodiscard]] std::optional<std::vector<double>> numbers_of(const json::Value& array);

}  // namespace llm::bedrock
