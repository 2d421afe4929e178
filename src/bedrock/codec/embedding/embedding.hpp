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

/// What one InvokeModel call for embeddings gave.
struct EmbeddingResult {
  std::vector<std::vector<double>> embeddings{};  ///< In the order of its inputs.
  std::optional<std::int64_t> prompt_tokens{};    ///< Where the body says it.
};

/// Says an EmbeddingRequest in one wire form and back. Stateless; safe from any thread; pure.
class EmbeddingCodec {
 public:
  virtual ~EmbeddingCodec() = default;

  /// How many of the first inputs go into one call; at least 1. Requires: there is one.
  [[nodiscard]] virtual std::size_t batch_size(std::span<const EmbeddingInput> inputs) const = 0;

  /// The call for `batch`, a part of the request's inputs. Requires: the request is checked
  /// (`check_embedding`). Errors: unsupported_feature for an option that the form has not;
  /// configuration_error for a missing input_type or extra fields that are no object.
  [[nodiscard]] virtual Result<WireRequest> encode(const EmbeddingRequest& request,
                                                   std::span<const EmbeddingInput> batch,
                                                   const ModelId& model) const = 0;

  /// Errors: model_error when it is not an answer of this form.
  [[nodiscard]] virtual Result<EmbeddingResult> decode(std::string_view body) const = 0;
};

/// One per family; each lives as long as the program.
[[nodiscard]] const EmbeddingCodec& titan_embedding_codec();
[[nodiscard]] const EmbeddingCodec& cohere_embedding_codec();
[[nodiscard]] const EmbeddingCodec& nova_embedding_codec();

/// The codec of a wire form; null for one that makes no embeddings.
[[nodiscard]] const EmbeddingCodec* embedding_codec_for(WireFormat form);

/// `inputs[3]`.
[[nodiscard]] std::string input_name(std::size_t index);

/// Refuses what no form can carry: no inputs, an empty text or one that is not UTF-8, an image that
/// the model cannot see or is none, an unknown word for `truncate`, numbers below 1.
/// Errors: invalid_request_error for no inputs; configuration_error; unsupported_feature.
[[nodiscard]] Result<void> check_embedding(const EmbeddingRequest& request, const ModelId& model);

/// The options of an EmbeddingRequest that a form has.
struct EmbeddingOptions {
  bool dimensions = false;
  bool normalize = false;
  bool input_type = false;  ///< It is required then.
  bool truncate = false;
  bool max_tokens = false;
};

/// Errors: unsupported_feature for an option that is set and not had; configuration_error when
/// `input_type` is not set where it must be.
[[nodiscard]] Result<void> check_options(const EmbeddingRequest& request, const ModelId& model,
                                         const EmbeddingOptions& had);

/// The word of `truncate` on the wire: `NONE`, `START` or `END`; `NONE` when it is not set.
[[nodiscard]] std::string_view truncate_word(const EmbeddingRequest& request);

/// The numbers of an array; nullopt when it is none, is empty, or holds something else.
[[nodiscard]] std::optional<std::vector<double>> numbers_of(const json::Value& array);

}  // namespace llm::bedrock
