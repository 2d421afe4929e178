#include "local/formats/claude/content.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>

#include "base/text.hpp"
#include "local/formats/cache_points.hpp"
#include "local/formats/claude/image.hpp"
#include "local/formats/claude/limits.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

using json::Value;

/// The members of a type of block, separated by spaces.
struct BlockShape {
  std::string_view type;
  std::string_view required;
  std::string_view optional;
};

// Sorted by type. Source: Anthropic Messages API as Bedrock passes it through.
constexpr std::array kShapes{
    BlockShape{"document", "source", "title context citations cache_control"},
    BlockShape{"image", "source", "cache_control"},
    BlockShape{"redacted_thinking", "data", ""},
    BlockShape{"search_result", "source title content", "citations cache_control"},
    BlockShape{"text", "text", "citations cache_control"},
    BlockShape{"thinking", "thinking signature", ""},
    BlockShape{"tool_result", "tool_use_id", "content is_error cache_control"},
    BlockShape{"tool_use", "id name input", "cache_control caller"},
};

bool listed(std::string_view list, std::string_view name) {
  return std::ranges::count(base::split(list, ' '), name) > 0;
}

Checked<void> check_claude_block(const Value& block, const std::string& at) {
  const std::string type = block["type"].text_or_empty();
  if (type.empty()) return invalid(at + ".type: Field required");
  const auto* shape = std::ranges::find(kShapes, std::string_view(type), &BlockShape::type);
  if (shape == kShapes.end()) {
    std::string tags;
    for (const BlockShape& known : kShapes) {
      tags += (tags.empty() ? "'" : ", '") + std::string(known.type) + "'";
    }
    return invalid(at + ": Input tag '" + type +
                   "' found using 'type' does not match any of the expected tags: " + tags);
  }
  for (const std::string_view name : base::split(shape->required, ' ')) {
    if (!block[name].exists()) {
      return invalid(at + "." + type + "." + std::string(name) + ": Field required");
    }
  }
  for (const json::Member& member : block.members()) {
    if (member.key == "type" || listed(shape->required, member.key) ||
        listed(shape->optional, member.key)) {
      continue;
    }
    return invalid(at + "." + type + "." + std::string(member.key) +
                   ": Extra inputs are not permitted");
  }
  return {};
}

/// The text of a `tool_result`: a string, or its text blocks joined.
std::string claude_result_text(const Value& content) {
  if (content.is_string()) return content.text_or_empty();
  std::string text;
  for (const Value block : content.elements()) text += block["text"].text_or_empty();
  return text;
}

std::size_t count_claude_images(const Value& messages) {
  std::size_t count = 0;
  for (const Value message : messages.elements()) {
    for (const Value block : message["content"].elements()) {
      count += block["type"].string() == "image" ? 1 : 0;
    }
  }
  return count;
}

/// What one message contains, as far as the next one is checked against it.
struct ClaudeTurn {
  bool assistant = false;
  std::string text{};                          ///< Its text blocks, joined by line breaks.
  std::map<std::string, std::string> calls{};  ///< Its tool calls, id to tool.
  std::set<std::string> answered{};            ///< Ids of the calls that it has results for.
};

/// Checks one message after the other; a message is checked against the previous turn.
class ClaudeMessagesReader {
 public:
  ClaudeMessagesReader(const Model& model, Prompt& prompt, std::size_t images)
      : model_(model), prompt_(prompt), max_pixels_(max_image_pixels(images)) {}

  Checked<void> message(const Value& message, std::size_t index, bool last) {
    const std::string at = "messages." + std::to_string(index);
    if (auto checked = check_envelope(message, at); !checked) return checked;
    const std::string role = message["role"].text_or_empty();
    if (role == "system" && model_.system_messages && index > 0) {
      // Not a turn: the next message is checked against the one before.
      ClaudeTurn aside{.assistant = previous_.assistant};
      return content(message["content"], at, last, aside);
    }
    if (auto checked = check_role(role, index); !checked) return checked;

    ClaudeTurn turn{.assistant = role == "assistant"};
    prompt_.images.clear();
    prompt_.tool_results.clear();
    if (auto checked = content(message["content"], at, last, turn); !checked) return checked;
    if (auto checked = check_results(turn, index); !checked) return checked;
    if (!turn.assistant && !base::is_blank(turn.text)) prompt_.user_text = turn.text;
    previous_ = std::move(turn);
    return {};
  }

  [[nodiscard]] bool uses_tools() const { return uses_tools_; }

  /// Checks that apply to the last message only, the one at `index`.
  Checked<void> finish(std::size_t index) const {
    if (!previous_.assistant) return {};
    if (!model_.prefill) {
      return invalid(
          "This model does not support assistant message prefill. The conversation must end with a "
          "user message.");
    }
    if (!previous_.calls.empty()) return missing_results(previous_.calls, index);
    const std::string& text = previous_.text;
    if (!text.empty() && std::string_view(" \n\t\r").contains(text.back())) {
      return invalid("messages: final assistant content cannot end with trailing whitespace");
    }
    return {};
  }

 private:
  static Checked<void> check_envelope(const Value& message, const std::string& at) {
    if (!message.is_object()) return invalid(at + ": Input should be an object");
    for (const std::string_view name : {"role", "content"}) {
      if (!message[name].exists()) {
        return invalid(at + "." + std::string(name) + ": Field required");
      }
    }
    for (const json::Member& member : message.members()) {
      if (member.key != "role" && member.key != "content") {
        return invalid(at + "." + std::string(member.key) + ": Extra inputs are not permitted");
      }
    }
    return {};
  }

  Checked<void> check_role(const std::string& role, std::size_t index) const {
    if (role != "user" && role != "assistant") {
      return invalid("messages: Unexpected role \"" + role +
                     "\". Allowed roles are \"user\" or \"assistant\".");
    }
    if (index == 0 && role != "user") {
      return invalid("messages: first message must use the \"user\" role");
    }
    if (index > 0 && previous_.assistant == (role == "assistant")) {
      return invalid(
          "messages: roles must alternate between \"user\" and \"assistant\", but found multiple "
          "\"" +
          role + "\" roles in a row");
    }
    return {};
  }

  Checked<void> content(const Value& content, const std::string& at, bool last, ClaudeTurn& turn) {
    const bool empty = content.is_string() ? content.string()->empty() : content.size() == 0;
    if (empty && !(last && turn.assistant)) {
      return invalid(at +
                     ": all messages must have non-empty content except for the optional final "
                     "assistant message");
    }
    if (content.is_string()) {
      add_text(*content.string(), turn);
      extend_claude_prefix(role_of(turn), content, prompt_);
      return {};
    }
    if (!content.is_array()) return invalid(at + ".content: Input should be a valid list");
    std::size_t index = 0;
    for (const Value element : content.elements()) {
      const std::string place = at + ".content." + std::to_string(index++);
      auto checked = block(element, place, turn);
      if (checked) {
        checked = read_claude_block_caching(element, role_of(turn), place, model_, prompt_);
      }
      if (!checked) return checked;
    }
    return {};
  }

  static std::string role_of(const ClaudeTurn& turn) {
    return turn.assistant ? "assistant" : "user";
  }

  void add_text(std::string_view text, ClaudeTurn& turn) {
    if (!turn.text.empty()) turn.text += '\n';
    turn.text += text;
    prompt_.prompt_tokens += count_tokens(text);
  }

  Checked<void> block(const Value& block, const std::string& at, ClaudeTurn& turn) {
    if (auto checked = check_claude_block(block, at); !checked) return checked;
    const std::string_view type = *block["type"].string();
    if (type == "text") return text(block, at, turn);
    if (type == "image") return image(block, at);
    if (type == "tool_use") return tool_use(block, at, turn);
    if (type == "tool_result") return tool_result(block, at, turn);
    if (type == "thinking") {
      auto checked = check_claude_signature(block["signature"].text_or_empty(), at);
      if (!checked) return checked;
    }
    prompt_.prompt_tokens += count_tokens(block.to_text());
    return {};
  }

  Checked<void> text(const Value& block, const std::string& at, ClaudeTurn& turn) {
    const auto text = block["text"].string();
    if (!text) return invalid(at + ".text.text: Input should be a valid string");
    if (text->empty()) return invalid("messages: text content blocks must be non-empty");
    add_text(*text, turn);
    return {};
  }

  Checked<void> image(const Value& block, const std::string& at) {
    const Checked<Image> image = read_claude_image(block["source"], at, model_, max_pixels_);
    if (!image) return std::unexpected(image.error());
    prompt_.prompt_tokens += image_tokens(*image);
    prompt_.images.push_back(*image);
    return {};
  }

  Checked<void> check_id(const std::string& id, const std::string& member) const {
    return model_.tool_ids == ToolIds::claude ? check_claude_id(id, member) : Checked<void>{};
  }

  Checked<void> tool_use(const Value& block, const std::string& at, ClaudeTurn& turn) {
    if (!turn.assistant) {
      return invalid(at + ": `tool_use` blocks can only be in `assistant` messages");
    }
    if (!block["input"].is_object()) {
      return invalid(at + ".tool_use.input: Input should be a valid dictionary");
    }
    const std::string id = block["id"].text_or_empty();
    if (auto checked = check_id(id, at + ".tool_use.id"); !checked) return checked;
    if (turn.calls.contains(id)) return invalid("messages: `tool_use` ids must be unique");
    turn.calls[id] = block["name"].text_or_empty();
    prompt_.prompt_tokens += count_tokens(block["input"].to_text());
    uses_tools_ = true;
    return {};
  }

  Checked<void> tool_result(const Value& block, const std::string& at, ClaudeTurn& turn) {
    if (turn.assistant) {
      return invalid(at + ": `tool_result` blocks can only be in `user` messages");
    }
    const std::string id = block["tool_use_id"].text_or_empty();
    if (auto checked = check_id(id, at + ".tool_result.tool_use_id"); !checked) return checked;
    const auto call = previous_.calls.find(id);
    if (call == previous_.calls.end()) {
      return invalid(at + ": unexpected `tool_use_id` found in `tool_result` blocks: " + id +
                     ". Each `tool_result` block must have a corresponding `tool_use` block in the "
                     "previous message.");
    }
    turn.answered.insert(id);
    prompt_.tool_results.push_back({call->second, claude_result_text(block["content"])});
    prompt_.prompt_tokens += count_tokens(prompt_.tool_results.back().text);
    return {};
  }

  /// Every call of the previous turn must have its result in this one.
  Checked<void> check_results(const ClaudeTurn& turn, std::size_t index) const {
    std::map<std::string, std::string> open;
    for (const auto& [id, name] : previous_.calls) {
      if (!turn.answered.contains(id)) open[id] = name;
    }
    if (open.empty()) return {};
    return missing_results(open, index - 1);
  }

  static std::unexpected<Refusal> missing_results(const std::map<std::string, std::string>& calls,
                                                  std::size_t index) {
    std::string ids;
    for (const auto& [id, name] : calls) ids += (ids.empty() ? "" : ", ") + id;
    return invalid(
        "messages." + std::to_string(index) +
        ": `tool_use` ids were found without `tool_result` blocks immediately after: " + ids +
        ". Each `tool_use` block must have a corresponding `tool_result` block in the "
        "next message.");
  }

  const Model& model_;
  Prompt& prompt_;
  std::uint32_t max_pixels_;
  ClaudeTurn previous_;  ///< The last user or assistant message; empty before the first.
  bool uses_tools_ = false;
};

}  // namespace

Checked<void> read_claude_messages(const Value& messages, const Model& model, Prompt& prompt) {
  if (messages.size() == 0) {
    return malformed("#/messages: expected minimum item count: 1, found: 0");
  }
  ClaudeMessagesReader reader(model, prompt, count_claude_images(messages));
  std::size_t index = 0;
  for (const Value message : messages.elements()) {
    auto checked = reader.message(message, index, index + 1 == messages.size());
    if (!checked) return checked;
    ++index;
  }
  if (reader.uses_tools() && prompt.tools.empty()) {
    return invalid("Requests which include `tool_use` or `tool_result` blocks must define tools");
  }
  return reader.finish(index - 1);
}

}  // namespace llm::local
