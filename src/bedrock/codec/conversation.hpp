#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/message.hpp>

#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {

/// The position of a block in the caller's request.
struct BlockPosition {
  std::size_t message = 0;
  std::size_t content = 0;
};

/// `messages[3].content[1]`.
[[nodiscard]] std::string to_string(BlockPosition position);

/// One block of a request, with its position. The pointer lives as long as the request.
struct PlacedBlock {
  const Content* content = nullptr;
  BlockPosition position{};
};

/// Consecutive messages of one role, joined. Never empty.
struct Turn {
  Role role = Role::user;  ///< `user` or `assistant`; `system` if it changes the tools.
  std::vector<PlacedBlock> blocks{};
};

/// The messages of a request as Bedrock takes them: system apart, roles alternating. Made once for
/// a request; the lint rules and the codec both read it. Lives as long as the request's messages,
/// which may be moved as a vector.
struct Conversation {
  std::vector<PlacedBlock> system{};
  std::vector<Turn> turns{};
  std::vector<Warning> warnings{};
  /// The first reason why no format can carry the messages; then the rest is best effort. Unset:
  /// `turns` is not empty.
  std::optional<Error> error{};
};

/// Arranges the messages of a request: gathers system messages, turns tool messages into user
/// turns, joins neighbours of one role, and leaves out empty texts (`empty_text`). A system message
/// after the conversation has begun is moved to the front (`system_moved`), unless it changes the
/// tools from there on. Never fails: what
/// cannot be sent is noted in `error`. That is invalid_request_error for no messages, a message
/// without content, or content that its role cannot have; configuration_error for text that is not
/// UTF-8. Whether the user speaks first is checked by the lint rules.
[[nodiscard]] Conversation arrange(const ChatRequest& request);

/// True for a system message that adds or removes tools: it stays in its place.
[[nodiscard]] bool changes_tools(const Message& message);

/// True for a block without content, which Bedrock would refuse if it were sent back.
[[nodiscard]] bool is_empty_content(const Content& content);

/// Approximate size in bytes of a body that carries the conversation, so that media are encoded
/// into one allocation.
[[nodiscard]] std::size_t body_size_hint(const Conversation& conversation);

/// The kind of a block, for messages: `an image`, `a tool call`, ...
[[nodiscard]] std::string_view kind_name(const Content& content);

/// Why a model refuses a block.
struct BlockRefusal {
  std::string_view reason{};  ///< Completes "Model X ..."; no full stop.
  std::string_view advice{};  ///< A sentence; may be empty.
};

/// unsupported_feature: names the block's kind, its position and the model.
[[nodiscard, gnu::cold]] Error unsupported_block(const PlacedBlock& block, const ModelId& model,
                                                 BlockRefusal refusal);

/// unsupported_feature: a block of unknown kind whose deltas could not be joined.
[[nodiscard, gnu::cold]] Error incomplete_block(const PlacedBlock& block, const ModelId& model);

/// The text of a block, for a wire format that carries text only. The view lives as long as the
/// request. Errors: unsupported_feature for any other block, cited text and cache points included.
[[nodiscard]] Result<std::string_view> block_text(const PlacedBlock& block, const ModelId& model);

/// The text of several blocks: those of one message follow each other directly, messages are
/// separated by a line feed. Errors: as `block_text`.
[[nodiscard]] Result<std::string> plain_text(std::span<const PlacedBlock> blocks,
                                             const ModelId& model);

/// Warns (`special_token_in_text`) of each text of user, tool or system that holds one of the
/// tokens by which a prompt template separates the speakers: its author could impersonate another
/// speaker.
void warn_of_special_tokens(const Conversation& conversation,
                            std::span<const std::string_view> tokens,
                            std::vector<Warning>& warnings);

}  // namespace llm::bedrock
