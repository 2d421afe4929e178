#include "bedrock/codec/text/request.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bedrock/codec/unknown_members.hpp"

namespace llm::bedrock {
namespace {

Result<void> check_text_only(const ChatRequest& request, const ModelId& model) {
  if (!request.tools.empty()) {
    return std::unexpected(unsupported(model, "does not support tools in its native format"));
  }
  if (request.response_format) {
    return std::unexpected(unsupported(model, "does not support response_format"));
  }
  if (request.reasoning && request.reasoning->enabled) {
    return std::unexpected(unsupported(model, "does not support reasoning"));
  }
  return {};
}

void warn_of_members_in(std::span<const PlacedBlock> blocks, std::vector<Warning>& warnings) {
  for (const PlacedBlock& block : blocks) {
    if (const auto* text = std::get_if<TextContent>(block.content)) {
      warn_of_unknown_members(text->unknown, block.position, warnings);
    } else if (const auto* cited = std::get_if<CitationsContent>(block.content)) {
      warn_of_unknown_members(cited->unknown, block.position, warnings);
    }
  }
}

}  // namespace

Result<TextRequest> begin_text_request(const ChatRequest& request, Conversation&& conversation,
                                       const ModelId& model, Delivery delivery,
                                       std::span<const std::string_view> special_tokens) {
  if (const auto checked = check_invoke(request, model, delivery); !checked) {
    return std::unexpected(checked.error());
  }
  if (const auto checked = check_text_only(request, model); !checked) {
    return std::unexpected(checked.error());
  }
  if (conversation.error) return std::unexpected(std::move(*conversation.error));
  if (conversation.turns.front().role != Role::user) {
    return std::unexpected(unsupported(model,
                                       "does not accept a conversation that the assistant starts",
                                       "Put a user message first."));
  }
  const auto max_tokens = max_tokens_to_send(request, model);
  if (!max_tokens) return std::unexpected(max_tokens.error());
  auto body = InvokeBody::create(request.extra_fields);
  if (!body) return std::unexpected(body.error());
  body->warnings() = conversation.warnings;
  warn_of_special_tokens(conversation, special_tokens, body->warnings());
  warn_of_members_in(conversation.system, body->warnings());
  for (const Turn& turn : conversation.turns) {
    warn_of_members_in(turn.blocks, body->warnings());
  }
  return TextRequest{std::move(conversation), std::move(*body), *max_tokens};
}

Result<std::string> fold_system(TextRequest& text, const ModelId& model) {
  auto system = plain_text(text.conversation.system, model);
  if (!system || system->empty()) return system;
  text.body.warnings().push_back(
      {"system_folded",
       "Model \"" + model.requested_id +
           "\" has no system prompt, so the system text was put before the first user message."});
  return *system + "\n\n";
}

Result<void> check_user_is_last(const Conversation& conversation, const ModelId& model) {
  if (conversation.turns.back().role == Role::user) return {};
  return std::unexpected(
      unsupported(model, "cannot continue a message of the assistant", "End with a user message."));
}

}  // namespace llm::bedrock
