#pragma once

#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <variant>

#include <llm/chat.hpp>
#include <llm/message.hpp>

#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/codec/conversation.hpp"
#include "bedrock/codec/delivery.hpp"

namespace llm::bedrock::linter {

/// Where a request goes.
struct Target {
  const ModelFacts* facts = nullptr;  ///< Null: the catalogue does not know the model.
  bool by_converse = true;            ///< Otherwise in the model's native format.
  Delivery delivery = Delivery::buffered;
  std::string_view today{};  ///< `2026-11-30`; empty: dates do not count.
};

/// Which kinds of blocks a request has, the parts of its tool results included.
struct BlockKinds {
  bool tool_blocks = false;  ///< Tool calls or results.
  bool media = false;        ///< Images, documents, video or audio.
  bool cache_points = false;
};

/// A request as the rules read it. Lives as long as the request, its conversation and the
/// catalogue.
struct RequestView {
  const ChatRequest& request;
  const ModelFacts& facts;  ///< For an unknown model: nothing known, no quirks.
  bool is_known = false;
  bool by_converse = true;
  bool is_claude = false;  ///< A Claude of the Messages API, whichever API carries the chat.
  Delivery delivery = Delivery::buffered;
  std::string_view today{};
  std::span<const PlacedBlock> system{};
  std::span<const Turn> turns{};
  BlockKinds kinds{};
};

/// Requires: `conversation` is `arrange(request)`.
[[nodiscard]] RequestView view_of(const ChatRequest& request, const Conversation& conversation,
                                  const Target& target);

/// Of two facts about a model, the one of the API that carries the request.
[[nodiscard]] inline Support by_api(const RequestView& view, Support converse, Support invoke) {
  return view.by_converse ? converse : invoke;
}

/// The position of a block, or of a part of the tool result that the block is.
struct Place {
  BlockPosition block{};
  std::optional<std::size_t> part{};
};

/// `messages[2].content[0]` or `messages[2].content[0].content[1]`.
[[nodiscard]] std::string to_string(Place place);

/// True for a text of more than white space.
[[nodiscard]] bool is_nonblank_text(const Content& content);

/// True for a call or a result of the caller's own tools, as opposed to tools that the service
/// runs.
[[nodiscard]] bool is_own_tool_block(const Content& content);

/// Whether a block of that kind can also be a part of a tool result.
template <typename Media>
inline constexpr bool kIsToolResultPart =
    std::is_same_v<Media, ImageContent> || std::is_same_v<Media, DocumentContent> ||
    std::is_same_v<Media, VideoContent>;

/// Calls `visit(media, place, role)` for each block of that kind in the turns and in tool results.
template <typename Media, typename Visit>
void for_each_of(const RequestView& view, Visit visit) {
  for (const Turn& turn : view.turns) {
    for (const PlacedBlock& block : turn.blocks) {
      if (const auto* media = std::get_if<Media>(block.content)) {
        visit(*media, Place{block.position, {}}, turn.role);
      }
      if constexpr (kIsToolResultPart<Media>) {
        const auto* result = std::get_if<ToolResultContent>(block.content);
        if (result == nullptr) continue;
        for (std::size_t part = 0; part < result->content.size(); ++part) {
          const auto* media = std::get_if<Media>(&result->content[part]);
          if (media != nullptr) visit(*media, Place{block.position, part}, turn.role);
        }
      }
    }
  }
}

}  // namespace llm::bedrock::linter
