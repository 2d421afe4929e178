#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/model.hpp>

namespace llm::bedrock {

/// How a model's native InvokeModel body is written. `none`: only Converse reaches it.
enum class WireFormat : std::uint8_t {
  none,
  claude_messages,
  claude_text,
  titan_text,
  llama2,
  llama3,
  llama4,
  titan_embedding_v1,
  titan_embedding_v2,
  cohere_embedding_v3,
  cohere_embedding_v4,
  nova_embedding
};

[[nodiscard]] std::string_view to_string(WireFormat form);

/// Sampling parameters and features that a model refuses; quirks as data.
struct Quirks {
  bool temperature_or_top_p = false;  ///< Not both (Claude 4.5 and later).
  bool no_sampling = false;  ///< No temperature, top_p, top_k at all (Claude Opus 4.7 and later).
  bool no_prefill = false;  ///< The last message may not be the assistant's (Claude 4.6 and later).
  bool no_stream_tools = false;    ///< Tools only without streaming (Llama 3.1–4, Mistral Large).
  bool no_system = false;          ///< No system messages (Titan Text, Mistral 7B).
  bool adaptive_thinking = false;  ///< Thinking is `adaptive`, not a budget.
  bool native_schema = false;      ///< Structured output by the service itself.
  bool needs_profile = false;      ///< No on-demand throughput under the bare id.
};

/// Prices of one inference profile that differ from the bare id's.
struct ProfilePrice {
  std::string_view prefix{};  ///< `us` of `us.anthropic...`
  Price price{};
};

/// One base model. All views live as long as the catalogue that holds it: for ever for the
/// compiled-in one, as long as the overlay otherwise.
struct ModelFacts {
  std::string_view base_id{};
  std::string_view provider{};
  std::string_view name{};
  std::string_view mode{};  ///< `chat` or `embedding`.
  WireFormat wire_format = WireFormat::none;
  std::int64_t context_window = 0;     ///< Tokens; 0: unknown.
  std::int64_t max_output_tokens = 0;  ///< Tokens; 0: unknown.
  Support tools = Support::unknown;
  Support vision = Support::unknown;
  Support streaming = Support::unknown;
  Support reasoning = Support::unknown;
  Support prompt_caching = Support::unknown;
  std::uint32_t cache_min_tokens = 0;   ///< Tokens before a cache point; 0: unknown.
  std::string_view input_modalities{};  ///< Comma list.
  std::string_view profile_prefixes{};  ///< Comma list, e.g. `us,eu,global`.
  Price price{};
  std::span<const ProfilePrice> profile_prices{};
  Lifecycle lifecycle = Lifecycle::unknown;
  std::string_view end_of_life{};  ///< ISO date or year and month; empty: none known.
  std::string_view successor{};    ///< Base id; empty: none known.
  Quirks quirks{};
  std::span<const std::string_view> sources{};  ///< For people: name, version, date.
};

/// Every model of the catalogue, sorted by base id. Compiled in; nothing is parsed at start.
[[nodiscard]] std::span<const ModelFacts> all_models();

/// The facts of a base id, or null.
[[nodiscard]] const ModelFacts* find_model(std::string_view base_id);

/// What a model identifier is.
enum class IdKind : std::uint8_t {
  base_model,
  inference_profile,  ///< `us.` and the like, or its ARN
  application_profile,
  provisioned,
  custom,
  imported,
  router,
  prompt,
  sagemaker,
  unknown,
};

/// A model identifier, taken apart. Owns its texts.
struct ModelId {
  std::string requested_id{};  ///< As it goes into the path.
  std::string
      base_id{};  ///< Without ARN, profile prefix and context suffix; empty when the id
                  ///< does not tell and nobody has said it (bedrock/catalogue/base_model.hpp).
  std::string prefix{};   ///< `us`, `global`, ...; empty: none.
  std::string context{};  ///< `200k` of `:200k`; empty: none.
  std::string region{};   ///< From an ARN; empty: none. Signing uses it.
  IdKind kind = IdKind::unknown;
  const ModelFacts* facts = nullptr;  ///< Null: the catalogue does not know it.
  bool priced = true;  ///< Calls cost what the catalogue says of base model and prefix.
};

class CatalogueOverlay;

/// Takes an identifier apart. Pure. An overlay's facts win over the compiled-in ones; null: none.
/// The result's `facts` point into the overlay, which must outlive it.
/// Errors: configuration_error for an empty one, `.`, `..`, over 2,048 bytes, a byte that no
/// documented form allows, or a malformed ARN. An unknown but well-formed id is no error.
/// Source: botocore `ConversationalModelId`.
[[nodiscard]] Result<ModelId> parse_model_id(std::string_view id,
                                             const CatalogueOverlay* overlay = nullptr);

/// The facts of a base id, or null; an overlay's win. As `parse_model_id` finds them.
[[nodiscard]] const ModelFacts* facts_of(std::string_view base_id, const CatalogueOverlay* overlay);

/// What calls of that identifier cost; the price of its profile. Empty where nothing is known.
[[nodiscard]] Price price_of(const ModelId& id);

/// The public description of an identifier, with the price of its profile.
[[nodiscard]] ModelInfo to_model_info(const ModelId& id);

/// The prefix of the inference profiles of a region (`us`, `eu`, `apac`, `us-gov`, ...), best
/// first, of those that the model has; `global` where the geography has none of its own; empty when
/// the model has none that serves the region.
[[nodiscard]] std::string_view profile_prefix(const ModelFacts& facts, std::string_view region);

/// The id to call for a base model from a region: the bare id, or a profile's where one is needed.
/// Empty when one is needed and none serves the region.
[[nodiscard]] std::string callable_id(const ModelFacts& facts, std::string_view region);

/// The base id of the command's default model: a current Claude Haiku.
[[nodiscard]] std::string_view default_base_model();

}  // namespace llm::bedrock
