#include "local/formats/claude/limits.hpp"

#include <algorithm>
#include <string>

namespace llm::local {
Checked<void> check_claude_sampling(std::span<const std::string_view> given, const Model& model) {
  const auto has = [given](std::string_view name) { return std::ranges::count(given, name) > 0; };
  if (model.sampling == Sampling::either && has("temperature") && has("top_p")) {
    return invalid(
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one.");
  }
  if (model.sampling != Sampling::none || given.empty()) return {};
  return invalid("`" + std::string(given.front()) + "` is deprecated for this model.");
}

Checked<void> check_cache_points(std::size_t count) {
  constexpr std::size_t kMaxCachePoints = 4;
  if (count <= kMaxCachePoints) return {};
  return invalid("A maximum of 4 blocks with cache_control may be provided. Found " +
                 std::to_string(count) + ".");
}

}  // namespace llm::local
