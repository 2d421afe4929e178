#include "bedrock/codec/claude/cache.hpp"

#include <string>
#include <variant>

namespace llm::bedrock {
namespace {

Error refused(ErrorCode code, const PlacedBlock& block, std::string_view what) {
  return make_error(code, "the cache point " + to_string(block.position) + " " + std::string(what));
}

bool takes_no_mark(const Content& content) {
  return std::holds_alternative<ReasoningContent>(content) ||
         std::holds_alternative<RedactedReasoningContent>(content) ||
         std::holds_alternative<UnknownContent>(content);
}

// Walks through a conversation and remembers where a mark would go.
class Marker {
 public:
  explicit Marker(const CachePoint** tools) : place_(tools) {}

  Result<void> mark(const std::vector<PlacedBlock>& blocks, std::vector<MarkedBlock>& out) {
    out.reserve(blocks.size());  // `place_` points into it.
    for (const PlacedBlock& block : blocks) {
      const auto* point = std::get_if<CachePoint>(block.content);
      if (point == nullptr) {
        out.push_back({block});
        place_ = &out.back().cache;
        last_ = block.content;
        continue;
      }
      const auto set = set_mark(block, *point);
      if (!set) return set;
    }
    return {};
  }

 private:
  Result<void> set_mark(const PlacedBlock& block, const CachePoint& point) {
    if (!point.ttl.empty() && point.ttl != "5m" && point.ttl != "1h") {
      return std::unexpected(refused(ErrorCode::configuration_error, block,
                                     "must have a ttl of \"5m\" or \"1h\", or none"));
    }
    if (place_ == nullptr) {
      return std::unexpected(
          refused(ErrorCode::invalid_request_error, block, "has nothing before it to cache"));
    }
    if (last_ != nullptr && takes_no_mark(*last_)) {
      return std::unexpected(refused(ErrorCode::unsupported_feature, block,
                                     "follows " + std::string(kind_name(*last_)) +
                                         ", which cannot be marked; move it to another block"));
    }
    if (*place_ != nullptr) {
      return std::unexpected(refused(ErrorCode::invalid_request_error, block,
                                     "stands where another one stands already"));
    }
    *place_ = &point;
    return {};
  }

  const CachePoint** place_;
  const Content* last_ = nullptr;
};

}  // namespace

Result<MarkedConversation> mark_cache_points(const Conversation& conversation, ToolsSent tools) {
  MarkedConversation marked;
  Marker marker(tools == ToolsSent::yes ? &marked.tools_cache : nullptr);
  const auto system = marker.mark(conversation.system, marked.system);
  if (!system) return std::unexpected(system.error());
  marked.turns.reserve(conversation.turns.size());
  for (const Turn& turn : conversation.turns) {
    MarkedTurn& out = marked.turns.emplace_back(turn.role);
    const auto done = marker.mark(turn.blocks, out.blocks);
    if (!done) return std::unexpected(done.error());
    if (out.blocks.empty()) {
      return std::unexpected(refused(ErrorCode::invalid_request_error, turn.blocks.front(),
                                     "is all that its message holds; give it other content"));
    }
  }
  return marked;
}

}  // namespace llm::bedrock
