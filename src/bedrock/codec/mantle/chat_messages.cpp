// Chat Completions: the messages of a request.
#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "base/base64.hpp"
#include "bedrock/codec/mantle/chat.hpp"
#include "bedrock/codec/media.hpp"
#include "bedrock/codec/unknown_members.hpp"

namespace llm::bedrock {
namespace {

/// The texts of one message, which follow each other directly.
struct ChatText {
  std::string text{};
  bool exists = false;

  void add(std::string_view more) {
    text += more;
    exists = true;
  }
};

class ChatMessageWriter {
 public:
  ChatMessageWriter(const ModelId& model, json::Writer& writer, std::vector<Warning>& warnings)
      : model_(model), writer_(writer), warnings_(warnings) {}

  Result<void> write_system(const std::vector<PlacedBlock>& blocks) {
    if (blocks.empty()) return {};
    const auto text = plain_text(blocks, model_);
    if (!text) return std::unexpected(text.error());
    writer_.begin_object().member("role", "system").member("content", *text).end_object();
    return {};
  }

  Result<void> write_turn(const Turn& turn) {
    if (turn.role == Role::assistant) return write_assistant(turn);
    if (turn.role == Role::user) return write_user(turn);
    return std::unexpected(refused(turn.blocks.front(), "changes its tools only through Converse"));
  }

 private:
  /// The results of tools come first, each a message of its own.
  Result<void> write_user(const Turn& turn) {
    bool has_others = false;
    for (const PlacedBlock& block : turn.blocks) {
      const auto* const result = std::get_if<ToolResultContent>(block.content);
      has_others = has_others || result == nullptr;
      if (result == nullptr) continue;
      if (auto written = write_tool_result(*result, block); !written) return written;
    }
    if (!has_others) return {};
    writer_.begin_object().member("role", "user").key("content");
    if (const auto* const text = only_text(turn)) {
      writer_.string(text->text).end_object();
      return {};
    }
    writer_.begin_array();
    for (const PlacedBlock& block : turn.blocks) {
      if (auto written = write_part(block); !written) return written;
    }
    writer_.end_array().end_object();
    return {};
  }

  static const TextContent* only_text(const Turn& turn) {
    return turn.blocks.size() == 1 ? std::get_if<TextContent>(turn.blocks.front().content)
                                   : nullptr;
  }

  Result<void> write_part(const PlacedBlock& block) {
    if (std::holds_alternative<ToolResultContent>(*block.content)) return {};
    if (const auto* const image = std::get_if<ImageContent>(block.content)) {
      return write_image(*image, block);
    }
    const auto text = block_text(block, model_);
    if (!text) return std::unexpected(text.error());
    writer_.begin_object().member("type", "text").member("text", *text).end_object();
    return {};
  }

  Result<void> write_image(const ImageContent& image, const PlacedBlock& block) {
    if (model_.facts != nullptr && model_.facts->vision == Support::no) {
      return std::unexpected(refused(block, "does not accept images"));
    }
    const auto read = read_image(image, block.position, model_);
    if (!read) return std::unexpected(read.error());
    std::string url = "data:";
    url.append(read->media_type).append(";base64,");
    base::append_base64(read->bytes, url);
    writer_.begin_object().member("type", "image_url").key("image_url");
    writer_.begin_object().member("url", url).end_object().end_object();
    return {};
  }

  Result<void> write_tool_result(const ToolResultContent& result, const PlacedBlock& block) {
    if (!result.type.empty()) {
      return std::unexpected(refused(block, "accepts results of the caller's own tools only"));
    }
    ChatText content;
    for (const ToolResultPart& part : result.content) {
      if (const auto* const text = std::get_if<TextContent>(&part)) {
        content.add(text->text);
      } else if (const auto* const json = std::get_if<Json>(&part)) {
        content.add(json->text());
      } else {
        return std::unexpected(
            refused(block, "takes texts and JSON as tool results in Chat Completions"));
      }
    }
    if (result.status == ToolStatus::error) {
      warnings_.push_back({"tool_status_not_sent",
                           "The status of the tool result at " + to_string(block.position) +
                               " was left out because Chat Completions has no member for it. The "
                               "model reads only its text."});
    }
    writer_.begin_object().member("role", "tool").member("tool_call_id", result.tool_call_id);
    writer_.member("content", content.text).end_object();
    return {};
  }

  Result<void> write_assistant(const Turn& turn) {
    ChatText content;
    for (const PlacedBlock& block : turn.blocks) {
      if (std::holds_alternative<ToolCallContent>(*block.content)) continue;
      if (std::holds_alternative<ReasoningContent>(*block.content)) {
        warn_of_reasoning(block);
        continue;
      }
      const auto text = block_text(block, model_);
      if (!text) return std::unexpected(text.error());
      content.add(*text);
    }
    const auto is_call = [](const PlacedBlock& block) {
      return std::holds_alternative<ToolCallContent>(*block.content);
    };
    const bool has_calls = std::ranges::any_of(turn.blocks, is_call);
    if (!content.exists && !has_calls) return {};  // Only reasoning.
    writer_.begin_object().member("role", "assistant").key("content");
    content.exists ? writer_.string(content.text) : writer_.null();
    if (has_calls) {
      if (auto written = write_tool_calls(turn); !written) return written;
    }
    writer_.end_object();
    return {};
  }

  Result<void> write_tool_calls(const Turn& turn) {
    writer_.key("tool_calls").begin_array();
    for (const PlacedBlock& block : turn.blocks) {
      const auto* const call = std::get_if<ToolCallContent>(block.content);
      if (call == nullptr) continue;
      if (!call->type.empty()) {
        return std::unexpected(refused(block, "has no tools of its own in Chat Completions"));
      }
      warn_of_unknown_members(call->unknown, block.position, warnings_);
      writer_.begin_object().member("id", call->id).member("type", "function");
      writer_.key("function").begin_object().member("name", call->name);
      writer_.member("arguments", call->arguments.text()).end_object().end_object();
    }
    writer_.end_array();
    return {};
  }

  void warn_of_reasoning(const PlacedBlock& block) {
    warnings_.push_back({"reasoning_not_sent",
                         "The reasoning at " + to_string(block.position) +
                             " was left out because Chat Completions does not take it back."});
  }

  [[nodiscard]] Error refused(const PlacedBlock& block, std::string_view reason) const {
    return unsupported_block(block, model_, {.reason = reason});
  }

  const ModelId& model_;
  json::Writer& writer_;
  std::vector<Warning>& warnings_;
};

}  // namespace

Result<void> write_chat_messages(const Conversation& conversation, const ModelId& model,
                                 json::Writer& writer, std::vector<Warning>& warnings) {
  ChatMessageWriter out(model, writer, warnings);
  writer.begin_array();
  if (auto written = out.write_system(conversation.system); !written) return written;
  for (const Turn& turn : conversation.turns) {
    if (auto written = out.write_turn(turn); !written) return written;
  }
  writer.end_array();
  return {};
}

}  // namespace llm::bedrock
