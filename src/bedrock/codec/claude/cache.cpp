#include "bedrock/codec/claude/cache.hpp"

#include <string>
#include <utility>
#include <variant>

namespace llm::bedrock {
namespace {

Error refused(ErrorCode code, const PlacedBlock& block, std::string_view problem,
              std::string_view advice = {}) {
  std::string message = "The cache point at " + to_string(block.position) + " ";
  message.append(problem).append(".");
  return make_error(code, std::move(message), std::string(advice));
}

bool cannot_be_marked(const Content& content) {
  return std::holds_alternative<ReasoningContent>(content) ||
         std::holds_alternative<RedactedReasoningContent>(content) ||
         std::holds_alternative<UnknownContent>(content);
}

// Walks through a conversation and remembers the block that the next cache point marks.
class Marker {
 public:
  explicit Marker(const CachePoint** tools) : target_(tools) {}

  Result<void> mark(const std::vector<PlacedBlock>& blocks, std::vector<MarkedBlock>& out) {
    out.reserve(blocks.size());  // `target_` points into it.
    for (const PlacedBlock& block : blocks) {
      const auto* point = std::get_if<CachePoint>(block.content);
      if (point == nullptr) {
        out.push_back({block});
        target_ = &out.back().cache;
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
      return std::unexpected(refused(ErrorCode::configuration_error, block, "has an unknown ttl",
                                     "Use \"5m\", \"1h\" or none."));
    }
    if (target_ == nullptr) {
      return std::unexpected(
          refused(ErrorCode::invalid_request_error, block, "has nothing before it to cache"));
    }
    if (last_ != nullptr && cannot_be_marked(*last_)) {
      return std::unexpected(
          refused(ErrorCode::unsupported_feature, block,
                  "follows " + std::string(kind_name(*last_)) + ", which cannot be cached up to",
                  "Move it after another block."));
    }
    if (*target_ != nullptr) {
      return std::unexpected(
          refused(ErrorCode::invalid_request_error, block, "has the same position as another one"));
    }
    *target_ = &point;
    return {};
  }

  const CachePoint** target_;
  const Content* last_ = nullptr;
};

}  // namespace

Result<MarkedConversation> mark_cache_points(const Conversation& conversation, HasTools tools) {
  MarkedConversation marked;
  Marker marker(tools == HasTools::yes ? &marked.tools_cache : nullptr);
  const auto system = marker.mark(conversation.system, marked.system);
  if (!system) return std::unexpected(system.error());
  marked.turns.reserve(conversation.turns.size());
  for (const Turn& turn : conversation.turns) {
    MarkedTurn& out = marked.turns.emplace_back(turn.role);
    const auto done = marker.mark(turn.blocks, out.blocks);
    if (!done) return std::unexpected(done.error());
    if (out.blocks.empty()) {
      return std::unexpected(refused(ErrorCode::invalid_request_error, turn.blocks.front(),
                                     "is the only content of its message",
                                     "Add other content to the message."));
    }
  }
  return marked;
}

}  // namespace llm::bedrock
