#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/model.hpp>

#include "bedrock/catalogue/takes.hpp"
#include "bedrock/catalogue/wire_format.hpp"

namespace llm::bedrock {

/// Deviations of a model that no other fact covers.
struct Quirks {
  bool no_stream_tools = false;  ///< Tools only without streaming (Llama 3.1–4, Mistral Large).
  bool no_system = false;        ///< No system messages (Titan Text, Mistral 7B).
  bool needs_profile = false;    ///< The base id has no on-demand throughput.
  bool openai_path = false;      ///< bedrock-mantle serves it under `/openai/v1` alone.
};

/// Whether the endpoint bedrock-mantle serves a model.
enum class Mantle : std::uint8_t {
  unknown,
  also,  ///< Beside Bedrock Runtime.
  only,  ///< Bedrock Runtime does not.
};

/// Prices beside the usual one. Empty: unknown.
struct OtherPrices {
  /// A request with more input than this, cached tokens included, costs `above` for all its tokens;
  /// 0: the price does not depend on the length.
  std::int64_t above_tokens = 0;
  Price above{};
  Price flex{};      ///< Of the service tier `flex`.
  Price priority{};  ///< Of the service tier `priority`.
  friend bool operator==(const OtherPrices&, const OtherPrices&) = default;
};

/// Prices of one inference profile that differ from those of the base id.
struct ProfilePrice {
  std::string_view prefix{};  ///< `us` of `us.anthropic...`
  Price price{};
  OtherPrices other{};
};

/// One base model. All views live as long as the catalogue with it: as long as the program for the
/// compiled-in one, otherwise as long as the overlay.
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
  std::uint32_t cache_min_tokens = 0;   ///< Tokens that a cache point needs before it; 0: unknown.
  std::string_view input_modalities{};  ///< Comma list.
  std::string_view profile_prefixes{};  ///< Comma list, e.g. `us,eu,global`.
  Price price{};
  OtherPrices other_prices{};
  std::span<const ProfilePrice> profile_prices{};
  Lifecycle lifecycle = Lifecycle::unknown;
  std::string_view end_of_life{};  ///< ISO date, or year and month; empty: unknown.
  std::string_view successor{};    ///< Base id; empty: unknown.
  Mantle mantle = Mantle::unknown;
  Quirks quirks{};
  Takes takes{};
  /// Comma list of the regions that serve the base id on demand; the others have its profiles only.
  /// Empty: unknown, or not restricted.
  std::string_view on_demand_regions{};
  std::span<const std::string_view> sources{};  ///< For people: name, version, date.
};

/// Every model of the catalogue, sorted by base id. Compiled in; nothing is parsed at start.
[[nodiscard]] std::span<const ModelFacts> all_models();

/// The facts of a base id, or null.
[[nodiscard]] const ModelFacts* find_model(std::string_view base_id);

/// The kind of a model identifier.
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

/// A parsed model identifier. Owns its texts.
struct ModelId {
  std::string requested_id{};  ///< As given; sent in the path.
  /// Without ARN, profile prefix and context suffix. Empty if the id does not contain it and it was
  /// not set otherwise (bedrock/catalogue/base_model.hpp).
  std::string base_id{};
  std::string prefix{};   ///< `us`, `global`, ...; empty: none.
  std::string context{};  ///< `200k` of `:200k`; empty: none.
  std::string region{};   ///< From an ARN; empty: none. Used for signing.
  IdKind kind = IdKind::unknown;
  const ModelFacts* facts = nullptr;  ///< Null: not in the catalogue.
  bool priced = true;                 ///< The catalogue's price of base model and prefix applies.
  std::string project{};  ///< The client's Bedrock project; empty: the account's default.
};

class CatalogueOverlay;

/// Parses an identifier. Pure. An overlay's facts take precedence over the compiled-in ones; null:
/// none. The result's `facts` point into the overlay, which must outlive it.
/// Errors: configuration_error for an empty id, `.`, `..`, more than 2,048 bytes, a byte that no
/// documented form allows, or a malformed ARN. An unknown but well-formed id is accepted.
/// Source: botocore `ConversationalModelId`.
[[nodiscard]] Result<ModelId> parse_model_id(std::string_view id,
                                             const CatalogueOverlay* overlay = nullptr);

/// The facts of a base id as `parse_model_id` finds them, or null.
[[nodiscard]] const ModelFacts* facts_of(std::string_view base_id, const CatalogueOverlay* overlay);

/// The price of calls with this identifier, by its profile. Empty where it is unknown.
[[nodiscard]] Price price_of(const ModelId& id);
/// The other prices of such calls.
[[nodiscard]] OtherPrices other_prices_of(const ModelId& id);

/// Whether an end of life (an ISO date, or year and month) has come on a day (`2026-11-30`). A
/// month ends with its last day; an unknown end has not come.
[[nodiscard]] bool has_ended(std::string_view end_of_life, std::string_view today);

/// The lifecycle on a day: `end_of_life` once its date has come, whatever the status says.
[[nodiscard]] Lifecycle lifecycle_on(std::string_view today, const ModelFacts& facts);

/// The public description of an identifier on a day (`2026-11-30`), with the price of its profile.
[[nodiscard]] ModelInfo to_model_info(const ModelId& id, std::string_view today);

/// The prefix of the best inference profile that the model has for a region (`us`, `eu`, `apac`,
/// `us-gov`, ...); `global` if it has none for the geography; empty if no profile serves the
/// region.
[[nodiscard]] std::string_view profile_prefix(const ModelFacts& facts, std::string_view region);

/// The id to call for a base model from a region: the base id, or a profile's if the model needs
/// one. Empty if it needs one and none serves the region.
[[nodiscard]] std::string callable_id(const ModelFacts& facts, std::string_view region);

/// The base id of the command's default model: a current Claude Haiku.
[[nodiscard]] std::string_view default_base_model();

/// The default model's base id for a region on a day: the overlay's for the region, else the
/// overlay's own, else the compiled-in one for the region, else the compiled-in one; its successor
/// once it has ended. An overlay of null: none.
[[nodiscard]] std::string_view default_base_model(std::string_view region, std::string_view today,
                                                  const CatalogueOverlay* overlay);

/// A default model of the regions with a prefix.
struct RegionDefault {
  std::string_view region_prefix{};  ///< `us-gov-`
  std::string_view base_id{};
};

/// The default models that the catalogue has for some regions.
[[nodiscard]] std::span<const RegionDefault> region_defaults();

}  // namespace llm::bedrock
