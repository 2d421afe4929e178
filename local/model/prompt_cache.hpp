#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "local/model/cache_limits.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Adds a block to the prefix that the next cache point covers, after its tokens have been counted.
/// Blocks must be added in the order tools, system, messages. Has no effect unless `prompt.caches`.
void extend_prefix(std::string_view block, Prompt& prompt);
/// The same for `start` followed by the JSON of `block`, which is written only if it is needed.
void extend_prefix(std::string_view start, const json::Value& block, Prompt& prompt);
/// Adds a cache point after the blocks so far. `ttl` is `5m`, `1h` or empty.
void add_cache_point(std::string_view ttl, Prompt& prompt);

/// The prefixes that earlier requests have cached. Safe from any thread.
class PromptCache {
 public:
  /// Whether a request changes what is cached.
  enum class Keep { yes, no };

  /// What the cache has of a prompt, longest prefix first. `owner` separates models and access
  /// keys. With `Keep::yes` the prefixes of its cache points are cached from now on, for the
  /// longest lifetime that they have had, and the prefix that was read is renewed.
  [[nodiscard]] CacheUsage use(const std::string& owner, const Prompt& prompt,
                               const CacheLimits& limits, base::TimePoint now, Keep keep);
  void clear();

 private:
  struct Entry {
    base::TimePoint expires{};
    std::chrono::minutes lifetime{};
  };

  std::mutex mutex_;
  std::map<std::string, Entry> entries_;  ///< By owner and digest.
};

}  // namespace llm::local
