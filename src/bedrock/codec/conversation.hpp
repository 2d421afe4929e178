#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/message.hpp>

#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {

/// Where a block stands in the caller's request.
struct BlockPosition {
  std::size_t message = 0;
  std::size_t content = 0;
};

/// `messages[3].content[1]`.
[[nodiscard]] std::string to_string(BlockPosition position);

/// One block of a request, and where it stands. The pointer lives as long as the request.
struct PlacedBlock {
  const Content* content = nullptr;
  BlockPosition position{};
};

/// What one side says before the other answers: its messages, joined. Never empty.
struct Turn {
  Role role = Role::user;  ///< `user` or `assistant`.
  std::vector<PlacedBlock> blocks{};
};

/// The messages of a request as Bedrock takes them: system apart, roles alternating.
struct Conversation {
  std::vector<PlacedBlock> system{};
  std::vector<Turn> turns{};  ///< Never empty.
  std::vector<Warning> warnings{};
};

/// Arranges the messages of a request: gathers system messages, turns tool messages into user
/// turns, joins neighbours of one role, and leaves out empty texts (`empty_text`). A system message
/// after the conversation has begun is moved to the front (`system_moved`).
/// Errors: invalid_request_error for no messages, a message without content, or content that its
/// role cannot have; configuration_error for text that is not UTF-8. That the user begins is the
/// lint's business.
[[nodiscard]] Result<Conversation> arrange(const ChatRequest& request);

/// True for a block that says nothing: it would be refused if it went back.
[[nodiscard]] bool says_nothing(const Content& content);

/// About the size of a body that carries the conversation, so that its media are encoded into one
/// allocation.
[[nodiscard]] std::size_t body_size_hint(const Conversation& conversation);

/// What a block is, for messages: `an image`, `a tool call`, ...
[[nodiscard]] std::string_view kind_name(const Content& content);

/// unsupported_feature: names the block's kind, its place and the model.
/// `reason` ends the sentence; empty: that the native form has no such block.
[[nodiscard]] Error unsupported_block(const PlacedBlock& block, const ModelId& model,
                                      std::string_view reason = {});

/// The text of a block, for a wire form that carries text alone. The view lives as long as the
/// request. Errors: unsupported_feature for any other block, cited text and cache points included.
[[nodiscard]] Result<std::string_view> block_text(const PlacedBlock& block, const ModelId& model);

/// The text of several blocks: those of one message as they follow each other, messages parted by
/// a line feed. Errors: as `block_text`.
[[nodiscard]] Result<std::string> plain_text(std::span<const PlacedBlock> blocks,
                                             const ModelId& model);

/// Warns (`special_token_in_text`) of each text of user, tool or system that holds one of the words
/// by which a prompt form tells the speakers apart: whoever wrote it may speak in another's name.
void warn_of_special_tokens(const Conversation& conversation,
                            std::span<const std::string_view> tokens,
                            std::vector<Warning>& warnings);

}  // namespace llm::bedrock
