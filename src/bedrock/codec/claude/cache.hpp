#pragma once

#include <vector>

#include <llm/error.hpp>
#include <llm/message.hpp>

#include "bedrock/codec/conversation.hpp"

namespace llm::bedrock {

/// A block, and the cache point that follows it; null: none.
struct MarkedBlock {
  PlacedBlock block{};
  const CachePoint* cache = nullptr;
};

struct MarkedTurn {
  Role role = Role::user;
  std::vector<MarkedBlock> blocks{};  ///< Never empty.
};

/// A conversation whose cache points are attached to the content before them: Claude marks blocks
/// (`cache_control`) and has no block for a cache point.
struct MarkedConversation {
  const CachePoint* tools_cache = nullptr;  ///< On the last tool.
  std::vector<MarkedBlock> system{};
  std::vector<MarkedTurn> turns{};
};

/// Whether the request has tools, which come before the system text.
enum class HasTools { no, yes };

/// Attaches each cache point to the block before it, in the order tools, system, messages: one at
/// the start of the system text marks the last tool, one at the start of a turn marks the last
/// block of the previous turn. Errors: invalid_request_error for a cache point with nothing before
/// it, a second one at the same position, or a turn without other content; unsupported_feature
/// after reasoning; configuration_error for an unknown ttl. How many are allowed, and for which
/// models, is checked by the lint rules.
[[nodiscard]] Result<MarkedConversation> mark_cache_points(const Conversation& conversation,
                                                           HasTools tools);

}  // namespace llm::bedrock
