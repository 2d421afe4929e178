#include "local/model/prompt_cache.hpp"

#include <algorithm>

#include "base/sha256.hpp"

namespace llm::local {

void extend_prefix(std::string_view block, Prompt& prompt) {
  if (!prompt.caches) return;
  std::string text = prompt.prefixes.empty() ? std::string() : prompt.prefixes.back().digest;
  text += block;
  prompt.prefixes.push_back(
      {.digest = base::hex(base::sha256(text)), .tokens = prompt.prompt_tokens});
}

void extend_prefix(std::string_view start, const json::Value& block, Prompt& prompt) {
  if (prompt.caches) extend_prefix(std::string(start) + block.to_text(), prompt);
}

void add_cache_point(std::string_view ttl, Prompt& prompt) {
  if (prompt.prefixes.empty()) return;
  prompt.cache_points.push_back(
      {.prefix = prompt.prefixes.size() - 1,
       .lifetime = ttl == "1h" ? kLongCacheLifetime : kShortCacheLifetime});
}

CacheUsage PromptCache::use(const std::string& owner, const Prompt& prompt,
                            const CacheLimits& limits, base::TimePoint now, Keep keep) {
  CacheUsage usage;
  if (limits.caching != Caching::yes) return usage;
  usage.reported = true;
  const auto is_long_enough = [&](const CachePoint& point) {
    return prompt.prefixes[point.prefix].tokens >= limits.minimum_tokens;
  };

  const std::scoped_lock lock(mutex_);
  std::erase_if(entries_, [now](const auto& entry) { return entry.second.expires <= now; });
  for (const CachePoint& point : prompt.cache_points) {
    if (!is_long_enough(point)) continue;
    const std::size_t back = std::min(point.prefix, limits.blocks_looked_back);
    for (std::size_t prefix = point.prefix; prefix + back >= point.prefix; --prefix) {
      const auto found = entries_.find(owner + prompt.prefixes[prefix].digest);
      if (found == entries_.end()) {
        if (prefix == 0) break;
        continue;
      }
      usage.read = std::max(usage.read, prompt.prefixes[prefix].tokens);
      if (keep == Keep::yes) found->second.expires = now + found->second.lifetime;
      break;
    }
  }
  std::int64_t covered = usage.read;
  for (const CachePoint& point : prompt.cache_points) {
    if (!is_long_enough(point)) continue;
    const Prefix& prefix = prompt.prefixes[point.prefix];
    const std::int64_t added = std::max<std::int64_t>(prefix.tokens - covered, 0);
    (point.lifetime == kLongCacheLifetime ? usage.written_for_an_hour : usage.written) += added;
    covered += added;
    if (keep == Keep::no) continue;
    Entry& entry = entries_[owner + prefix.digest];
    entry.lifetime = std::max(entry.lifetime, point.lifetime);
    entry.expires = now + entry.lifetime;
  }
  return usage;
}

void PromptCache::clear() {
  const std::scoped_lock lock(mutex_);
  entries_.clear();
}

}  // namespace llm::local
