#include "local/formats/cache_points.hpp"

#include <algorithm>

#include "local/model/cache_limits.hpp"
#include "local/model/prompt_cache.hpp"

namespace llm::local {
namespace {

Checked<void> check_cache_control(const json::Value& control, const std::string& at) {
  if (!control.is_object()) return invalid(at + ": Input should be an object");
  if (control["type"].string() != "ephemeral") {
    return invalid(at + ".type: Input should be 'ephemeral'");
  }
  const json::Value ttl = control["ttl"];
  if (!ttl.exists() || ttl.string() == "5m" || ttl.string() == "1h") return {};
  return invalid(at + ".ttl: Input should be '5m' or '1h'");
}

}  // namespace

Checked<void> read_cache_point(std::string_view ttl, const std::string& place, const Model& model,
                               Prompt& prompt) {
  if (cache_limits(model).caching == Caching::no) {
    return std::unexpected(
        Refusal{.status = 403,
                .name = "AccessDeniedException",
                .message = "You invoked an unsupported model or your request did not allow prompt "
                           "caching. See the documentation for more information."});
  }
  const bool follows_short =
      std::ranges::count(prompt.cache_points, kShortCacheLifetime, &CachePoint::lifetime) > 0;
  if (ttl == "1h" && follows_short) {
    return invalid(place +
                   ".cache_control.ttl: a ttl='1h' cache_control block must not come after a "
                   "ttl='5m' cache_control block. Note that blocks are processed in the following "
                   "order: `tools`, `system`, `messages`.");
  }
  add_cache_point(ttl, prompt);
  return {};
}

// NOLINTNEXTLINE(misc-no-recursion): JSON has at most 256 levels, see json/reader.hpp
std::size_t count_cache_controls(const json::Value& value) {
  std::size_t count = 0;
  for (const json::Value element : value.elements()) count += count_cache_controls(element);
  for (const json::Member& member : value.members()) {
    // The arguments and the schema of a tool may contain anything.
    if (member.key == "input" || member.key == "input_schema") continue;
    count += member.key == "cache_control" && !member.value.is_null() ? 1 : 0;
    count += count_cache_controls(member.value);
  }
  return count;
}

void extend_claude_prefix(std::string_view owner, const json::Value& text, Prompt& prompt) {
  extend_prefix(std::string(owner) + R"(type"text"text)", text, prompt);
}

Checked<void> read_claude_block_caching(const json::Value& block, std::string_view owner,
                                        const std::string& place, const Model& model,
                                        Prompt& prompt) {
  if (!prompt.caches) return {};
  // Without the cache point, which may move to a later block with the next request.
  std::string text(owner);
  for (const auto& [key, value] : block.members()) {
    if (key != "cache_control") text.append(key).append(value.to_text());
  }
  extend_prefix(text, prompt);
  const json::Value control = block["cache_control"];
  if (!control.exists() || control.is_null()) return {};
  if (auto checked = check_cache_control(control, place + ".cache_control"); !checked) {
    return checked;
  }
  return read_cache_point(control["ttl"].text_or_empty(), place, model, prompt);
}

}  // namespace llm::local
