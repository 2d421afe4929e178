#include "local/formats/claude/limits.hpp"

#include <algorithm>
#include <string>

#include "base/base64.hpp"
#include "base/text.hpp"

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

Checked<void> check_claude_stop_sequences(std::span<const std::string> sequences) {
  const auto blank = [](std::string_view sequence) { return base::is_blank(sequence); };
  if (std::ranges::none_of(sequences, blank)) return {};
  return invalid("stop_sequences: each stop sequence must contain non-whitespace");
}

bool is_claude_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

Checked<void> check_claude_id(std::string_view id, const std::string& member) {
  if (is_claude_name(id)) return {};
  return invalid(member + ": String should match pattern '^[a-zA-Z0-9_-]+$'");
}

bool has_claude_beta(const json::Value& body, std::string_view beta) {
  for (const json::Value each : body["anthropic_beta"].elements()) {
    if (each.string() == beta) return true;
  }
  return false;
}

Checked<void> check_claude_signature(std::string_view signature, const std::string& at) {
  constexpr std::size_t kMinBytes = 32;  // A SHA-256 digest, as this server signs.
  std::string decoded;
  if (base::append_base64_decoded(signature, decoded) && decoded.size() >= kMinBytes) return {};
  return invalid(at + ": Invalid `signature` in `thinking` block");
}

}  // namespace llm::local
