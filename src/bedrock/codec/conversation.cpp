#include "bedrock/codec/conversation.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/base64.hpp"
#include "base/overloaded.hpp"
#include "base/text.hpp"

namespace llm::bedrock {
namespace {

using base::is_valid_utf8;

// True when every text of a block is UTF-8; the bytes of media are not checked.
struct TextIsValid {
  bool operator()(const TextContent& block) const { return is_valid_utf8(block.text); }
  bool operator()(const ImageContent&) const { return true; }
  bool operator()(const DocumentContent& block) const {
    return is_valid_utf8(block.name) && is_valid_utf8(block.context) &&
           std::ranges::all_of(block.passages, is_valid_utf8);
  }
  bool operator()(const VideoContent&) const { return true; }
  bool operator()(const AudioContent&) const { return true; }
  bool operator()(const Json&) const { return true; }
  bool operator()(const ToolCallContent& block) const {
    return is_valid_utf8(block.id) && is_valid_utf8(block.name) && is_valid_utf8(block.type);
  }
  bool operator()(const ToolResultContent& block) const {
    return is_valid_utf8(block.tool_call_id) && std::ranges::all_of(block.content, [](auto& part) {
             return std::visit(TextIsValid{}, part);
           });
  }
  bool operator()(const ReasoningContent& block) const {
    return is_valid_utf8(block.text) && is_valid_utf8(block.signature);
  }
  bool operator()(const RedactedReasoningContent& block) const { return is_valid_utf8(block.data); }
  bool operator()(const CitationsContent& block) const { return is_valid_utf8(block.text); }
  bool operator()(const SearchResultContent& block) const {
    return is_valid_utf8(block.source) && is_valid_utf8(block.title) &&
           std::ranges::all_of(block.content, is_valid_utf8);
  }
  bool operator()(const CachePoint& block) const { return is_valid_utf8(block.ttl); }
  bool operator()(const GuardContent& block) const {
    return std::visit(TextIsValid{}, block.content);
  }
  bool operator()(const ToolAdditionContent& block) const { return is_valid(block.tool); }
  bool operator()(const ToolRemovalContent& block) const { return is_valid(block.tool); }
  bool operator()(const UnknownContent&) const { return true; }

  static bool is_valid(const ToolReference& tool) {
    return is_valid_utf8(tool.type) && is_valid_utf8(tool.name) && is_valid_utf8(tool.server_name);
  }
};

struct KindName {
  std::string_view operator()(const TextContent&) const { return "text"; }
  std::string_view operator()(const ImageContent&) const { return "an image"; }
  std::string_view operator()(const DocumentContent&) const { return "a document"; }
  std::string_view operator()(const VideoContent&) const { return "a video"; }
  std::string_view operator()(const AudioContent&) const { return "audio"; }
  std::string_view operator()(const ToolCallContent&) const { return "a tool call"; }
  std::string_view operator()(const ToolResultContent&) const { return "a tool result"; }
  std::string_view operator()(const ReasoningContent&) const { return "reasoning"; }
  std::string_view operator()(const RedactedReasoningContent&) const {
    return "redacted reasoning";
  }
  std::string_view operator()(const CitationsContent&) const { return "cited text"; }
  std::string_view operator()(const SearchResultContent&) const { return "a search result"; }
  std::string_view operator()(const CachePoint&) const { return "a cache point"; }
  std::string_view operator()(const GuardContent&) const { return "guard content"; }
  std::string_view operator()(const ToolAdditionContent&) const { return "a tool addition"; }
  std::string_view operator()(const ToolRemovalContent&) const { return "a tool removal"; }
  std::string_view operator()(const UnknownContent&) const { return "a block of unknown kind"; }
};

std::string message_position(std::size_t index) {
  return "messages[" + std::to_string(index) + "]";
}

Error misplaced(const PlacedBlock& block, Role role) {
  return make_error(ErrorCode::invalid_request_error,
                    "Block " + to_string(block.position) + " is " +
                        std::string(kind_name(*block.content)) +
                        ", which a message with the role \"" + std::string(to_string(role)) +
                        "\" cannot contain.");
}

bool is_tool_change(const Content& content) {
  return std::holds_alternative<ToolAdditionContent>(content) ||
         std::holds_alternative<ToolRemovalContent>(content);
}

bool may_contain(Role role, const Content& content) {
  if (role == Role::tool) {
    return std::holds_alternative<ToolResultContent>(content) ||
           std::holds_alternative<CachePoint>(content);
  }
  if (role == Role::system) {
    return std::holds_alternative<TextContent>(content) ||
           std::holds_alternative<CachePoint>(content) ||
           std::holds_alternative<GuardContent>(content) || is_tool_change(content);
  }
  return true;
}

void note(Error&& error, Conversation& conversation) {
  if (!conversation.error) conversation.error = std::move(error);
}

void check_block(const PlacedBlock& block, Role role, Conversation& conversation) {
  if (!may_contain(role, *block.content)) {
    note(misplaced(block, role), conversation);
  } else if (!std::visit(TextIsValid{}, *block.content)) {
    note(make_error(ErrorCode::configuration_error,
                    "Block " + to_string(block.position) + " is not valid UTF-8."),
         conversation);
  }
}

// The blocks that those of a message with this role join.
std::vector<PlacedBlock>& blocks_for(const Message& message, Conversation& conversation) {
  const bool is_turn = message.role != Role::system || changes_tools(message);
  if (!is_turn) return conversation.system;
  const Role sender = message.role == Role::tool ? Role::user : message.role;
  auto& turns = conversation.turns;
  if (turns.empty() || turns.back().role != sender) turns.push_back({sender});
  return turns.back().blocks;
}

bool is_empty_text(const Content& content) {
  if (const auto* text = std::get_if<TextContent>(&content)) return text->text.empty();
  const auto* cited = std::get_if<CitationsContent>(&content);
  return cited != nullptr && cited->text.empty() && cited->citations.empty();
}

void place(const Message& message, std::size_t index, Conversation& conversation) {
  std::vector<PlacedBlock>* blocks = nullptr;
  for (std::size_t at = 0; at < message.content.size(); ++at) {
    const PlacedBlock block{&message.content[at], {index, at}};
    check_block(block, message.role, conversation);
    if (is_empty_text(*block.content)) {
      conversation.warnings.push_back(
          {"empty_text", "The empty text at " + to_string(block.position) + " was left out."});
      continue;
    }
    if (blocks == nullptr) blocks = &blocks_for(message, conversation);
    blocks->push_back(block);
  }
  if (blocks == nullptr) {
    note(make_error(ErrorCode::invalid_request_error,
                    "The message " + message_position(index) + " has no content."),
         conversation);
  } else if (message.role == Role::system && !changes_tools(message) &&
             !conversation.turns.empty()) {
    conversation.warnings.push_back(
        {"system_moved", "The system message " + message_position(index) +
                             " follows other messages and was moved to the front."});
  }
}

void warn_of_tokens_in(std::span<const PlacedBlock> blocks,
                       std::span<const std::string_view> tokens, std::vector<Warning>& warnings) {
  for (const PlacedBlock& block : blocks) {
    const auto* text = std::get_if<TextContent>(block.content);
    if (text == nullptr) continue;
    const auto is_in_text = [&](std::string_view token) { return text->text.contains(token); };
    if (std::ranges::none_of(tokens, is_in_text)) continue;
    warnings.push_back({"special_token_in_text",
                        "The text at " + to_string(block.position) +
                            " contains a special token of the model's prompt template and was sent "
                            "unchanged: the model may read it as another speaker."});
  }
}

}  // namespace

bool changes_tools(const Message& message) {
  return message.role == Role::system && std::ranges::any_of(message.content, is_tool_change);
}

std::string to_string(BlockPosition position) {
  return message_position(position.message) + ".content[" + std::to_string(position.content) + "]";
}

Conversation arrange(const ChatRequest& request) {
  Conversation conversation;
  for (std::size_t index = 0; index < request.messages.size(); ++index) {
    place(request.messages[index], index, conversation);
  }
  if (conversation.turns.empty()) {
    note(make_error(ErrorCode::invalid_request_error, "The request has no user message.",
                    "Add one to messages."),
         conversation);
  }
  return conversation;
}

bool is_empty_content(const Content& content) {
  if (const auto* text = std::get_if<TextContent>(&content))
    return text->text.empty() && text->unknown.empty();
  return content == Content(ReasoningContent{}) || content == Content(RedactedReasoningContent{});
}

std::size_t body_size_hint(const Conversation& conversation) {
  std::size_t bytes = 512;
  const auto add_media = [&](const auto& media) {
    const auto* inlined = std::get_if<std::string>(&media.source);
    if (inlined != nullptr) bytes += base::base64_size(inlined->size());
  };
  const base::Overloaded add{[&](const TextContent& text) { bytes += text.text.size(); },
                             [&](const ImageContent& image) { add_media(image); },
                             [&](const DocumentContent& document) { add_media(document); },
                             [&](const VideoContent& video) { add_media(video); },
                             [&](const AudioContent& audio) { add_media(audio); },
                             [](const auto&) {}};
  for (const Turn& turn : conversation.turns) {
    for (const PlacedBlock& block : turn.blocks) {
      bytes += 64;
      std::visit(add, *block.content);
    }
  }
  return bytes;
}

std::string_view kind_name(const Content& content) { return std::visit(KindName{}, content); }

Error unsupported_block(const PlacedBlock& block, const ModelId& model, BlockRefusal refusal) {
  std::string message = "Block " + to_string(block.position) + " is ";
  message.append(kind_name(*block.content)).append(". Model \"").append(model.requested_id);
  message.append("\" ").append(refusal.reason).append(".");
  return make_error(ErrorCode::unsupported_feature, std::move(message),
                    std::string(refusal.advice));
}

Error incomplete_block(const PlacedBlock& block, const ModelId& model) {
  return unsupported_block(block, model,
                           {"sent it in deltas that could not be joined",
                            "Request a buffered response, or leave the block out."});
}

Result<std::string_view> block_text(const PlacedBlock& block, const ModelId& model) {
  if (const auto* text = std::get_if<TextContent>(block.content)) return text->text;
  const auto* cited = std::get_if<CitationsContent>(block.content);
  if (cited != nullptr && cited->citations.empty()) return cited->text;
  return std::unexpected(unsupported_block(block, model, {"accepts text only"}));
}

Result<std::string> plain_text(std::span<const PlacedBlock> blocks, const ModelId& model) {
  std::string joined;
  std::size_t message = blocks.empty() ? 0 : blocks.front().position.message;
  for (const PlacedBlock& block : blocks) {
    const auto text = block_text(block, model);
    if (!text) return std::unexpected(text.error());
    if (block.position.message != message) joined += '\n';
    message = block.position.message;
    joined += *text;
  }
  return joined;
}

void warn_of_special_tokens(const Conversation& conversation,
                            std::span<const std::string_view> tokens,
                            std::vector<Warning>& warnings) {
  warn_of_tokens_in(conversation.system, tokens, warnings);
  for (const Turn& turn : conversation.turns) {
    if (turn.role == Role::user) warn_of_tokens_in(turn.blocks, tokens, warnings);
  }
}

}  // namespace llm::bedrock
