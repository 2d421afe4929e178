#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include <llm/chat.hpp>
#include <llm/message.hpp>

#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/codec/codec.hpp"
#include "bedrock/codec/conversation.hpp"

namespace llm::bedrock::linter {

/// Where a request goes.
struct Target {
  const ModelFacts* facts = nullptr;  ///< Null: the catalogue does not know the model.
  bool by_converse = true;
  Delivery delivery = Delivery::buffered;
};

/// What is somewhere among the blocks of a request, or among the parts of its tool answers.
struct Holdings {
  bool tool_blocks = false;  ///< Calls or answers.
  bool media = false;        ///< Images, documents, videos or audio.
  bool cache_points = false;
};

/// A request as the rules see it. Lives as long as the request and the catalogue.
struct Subject {
  const ChatRequest& request;
  const ModelFacts& facts;  ///< Of an unknown model: nothing known, no quirks.
  bool is_known = false;
  bool by_converse = true;
  bool is_claude = false;  ///< A Claude of the Messages API, whichever way it is called.
  Delivery delivery = Delivery::buffered;
  std::vector<PlacedBlock> system{};
  std::vector<Turn> turns{};  ///< As they are sent: neighbours joined, empty texts left out.
  Holdings holds{};
};

/// Lays out a request for the rules.
[[nodiscard]] Subject subject_of(const ChatRequest& request, const Target& target);

/// A block, or a part of the tool's answer that the block is.
struct Place {
  BlockPosition block{};
  std::optional<std::size_t> part{};
};

/// `messages[2].content[0]` or `messages[2].content[0].content[1]`.
[[nodiscard]] std::string to_string(Place place);

/// True when the block is a text, and one that holds more than white space.
[[nodiscard]] bool is_speaking_text(const Content& content);

/// True for a call or an answer of the caller's own tools, not of those that the service runs.
[[nodiscard]] bool is_own_tool_block(const Content& content);

/// Whether a block of that kind may also be a part of a tool's answer.
template <typename Media>
inline constexpr bool kIsToolResultPart =
    std::is_same_v<Media, ImageContent> || std::is_same_v<Media, DocumentContent> ||
    std::is_same_v<Media, VideoContent>;

/// Of ASCII.
[[nodiscard]] bool is_letter_or_digit(char c);

/// Calls `visit(media, place, role)` for each block of that kind in the turns, and in tool answers.
template <typename Media, typename Visit>
void for_each_of(const Subject& subject, Visit visit) {
  for (const Turn& turn : subject.turns) {
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
