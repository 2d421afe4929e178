#pragma once

#include <llm/cxx23.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace llm {

/// A fact that may be unknown.
enum class Support { unknown, no, yes };

/// The lifecycle status of a model.
enum class Lifecycle { unknown, active, legacy, end_of_life };

/// On-demand price in US dollars per million tokens. Unset: unknown.
struct Price {
  std::optional<double> input{};
  std::optional<double> output{};
  std::optional<double> cache_read{};
  std::optional<double> cache_write{};     ///< For five minutes.
  std::optional<double> cache_write_1h{};  ///< For one hour.
  friend bool operator==(const Price&, const Price&) = default;
};

/// What the catalogue knows about a model. `id` is the id that was requested.
struct ModelInfo {
  std::string id{};
  std::string base_id{};   ///< Without profile prefix, ARN and context suffix; empty: unknown.
  std::string provider{};  ///< `Anthropic`, `Amazon`, `Meta`, ...; empty: unknown.
  std::string name{};      ///< Display name; may be empty.
  std::string api{};  ///< Used by this library: `invoke` (native format), `converse` or `mantle`.
  std::string wire_format{};  ///< `claude_messages`, `claude_text`, `titan_text`, `llama2`, ...,
                              ///< `converse`.
  std::string mode{};         ///< `chat`, `embedding`, ...
  std::optional<std::int64_t> context_window{};     ///< Tokens.
  std::optional<std::int64_t> max_output_tokens{};  ///< Tokens.
  Support tools = Support::unknown;
  Support vision = Support::unknown;
  Support streaming = Support::unknown;
  Support reasoning = Support::unknown;
  Support prompt_caching = Support::unknown;
  std::vector<std::string> input_modalities{};
  std::vector<std::string>
      profile_prefixes{};  ///< Inference profiles that exist: `us`, `eu`, `global`, ...
  Price price{};
  Lifecycle lifecycle = Lifecycle::unknown;
  std::string end_of_life{};           ///< ISO 8601 date, or year and month; empty: none known.
  std::string successor{};             ///< Base id of the model to use instead; empty: none known.
  std::vector<std::string> sources{};  ///< Where these facts are documented.
};

/// The model as one line of JSON, with null for what is unknown; docs/json.md has an example.
[[nodiscard]] std::string to_json(const ModelInfo& model);

}  // namespace llm
