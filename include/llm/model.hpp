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

/// Where a model stands in its life.
enum class Lifecycle { unknown, active, legacy, end_of_life };

/// Price in US dollars per million tokens, on demand. Unset: unknown.
struct Price {
  std::optional<double> input{};
  std::optional<double> output{};
  std::optional<double> cache_read{};
  std::optional<double> cache_write{};
  friend bool operator==(const Price&, const Price&) = default;
};

/// What is known of a model, offline. `id` is the id that was asked for.
struct ModelInfo {
  std::string id{};
  std::string base_id{};      ///< Without profile prefix, ARN and context suffix; empty: unknown.
  std::string provider{};     ///< `Anthropic`, `Amazon`, `Meta`, ...; empty: unknown.
  std::string name{};         ///< For people; may be empty.
  std::string api{};          ///< What this library uses: `invoke` (native form) or `converse`.
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
      profile_prefixes{};  ///< `us`, `eu`, `global`, ...: which profiles exist.
  Price price{};
  Lifecycle lifecycle = Lifecycle::unknown;
  std::string end_of_life{};  ///< ISO date or year and month; empty: none known.
  std::string successor{};    ///< A base id to use instead; empty: none known.
  std::vector<std::string> sources{};
};

/// What is known as one line of JSON, what is not as null; docs/json.md shows one.
[[nodiscard]] std::string to_json(const ModelInfo& model);

}  // namespace llm
