#pragma once

#include <cstdint>

#include "local/model/models.hpp"

namespace llm::local {

/// Whether a model caches prompts.
enum class Caching {
  unknown,  ///< Cache points are accepted and have no effect.
  no,       ///< A request with a cache point is refused.
  yes,
};

/// The prompt-caching limits of a model.
struct CacheLimits {
  Caching caching = Caching::unknown;
  std::int64_t minimum_tokens = 0;  ///< A shorter prefix is not cached; no error.
  /// How many blocks before a cache point may end a prefix that was cached earlier.
  std::size_t blocks_looked_back = 0;
};

/// The limits of a model.
/// Source: Bedrock User Guide, "Prompt caching"; agent-toolkit-for-aws, amazon-bedrock skill
/// (August 2026); Anthropic, "Prompt caching" (blocks looked back). Where no source names a
/// minimum, 1024.
[[nodiscard]] CacheLimits cache_limits(const Model& model);

}  // namespace llm::local
