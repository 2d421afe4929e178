#pragma once

#include <vector>

#include <llm/error.hpp>
#include <llm/message.hpp>

#include "bedrock/codec/conversation.hpp"

namespace llm::bedrock {

/// A block, and the cache point that follows it or null.
struct MarkedBlock {
  PlacedBlock block{};
  const CachePoint* cache = nullptr;
};

struct MarkedTurn {
  Role role = Role::user;
  std::vector<MarkedBlock> blocks{};  ///< Never empty.
};

/// A conversation whose cache points hang on what stands before them: Claude has no blocks for
/// them, but marks.
struct MarkedConversation {
  const CachePoint* tools_cache = nullptr;  ///< On the last tool.
  std::vector<MarkedBlock> system{};
  std::vector<MarkedTurn> turns{};
};

/// Whether tools stand before the system text.
enum class ToolsSent { no, yes };

/// Hangs each cache point on the block before it, in the order tools, system, messages: one at the
/// beginning of the system text marks the last tool, one at the beginning of a turn the last block
/// of the turn before.
/// Errors: invalid_request_error for a point with nothing before it, a second one in the same
/// place, or a turn without other content; unsupported_feature after reasoning; configuration_error
/// for an unknown ttl. How many there may be, and for which models, is the lint's business.
[[nodiscard]] Result<MarkedConversation> mark_cache_points(const Conversation& conversation,
                                                           ToolsSent tools);

}  // namespace llm::bedrock
