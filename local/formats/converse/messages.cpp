#include "local/formats/converse/messages.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "local/formats/claude/image.hpp"
#include "local/formats/claude/limits.hpp"
#include "local/formats/converse/cache_point.hpp"
#include "local/formats/converse/media.hpp"
#include "local/model/prompt_cache.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

using json::Value;

constexpr std::size_t kMaxDocuments = 5;  // botocore: Message.content

/// The member that is set in a union.
json::Member only_member(const Value& value) {
  for (const json::Member& member : value.members()) {
    if (!member.value.is_null()) return member;
  }
  return {};
}

/// The text of a tool result: its text and JSON blocks joined.
std::string converse_result_text(const Value& content) {
  std::string text;
  for (const Value block : content.elements()) {
    const json::Member part = only_member(block);
    if (part.key == "text") text += part.value.text_or_empty();
    if (part.key == "json") text += part.value.to_text();
  }
  return text;
}

std::size_t count_converse_images(const Value& messages) {
  std::size_t count = 0;
  for (const Value message : messages.elements()) {
    for (const Value block : message["content"].elements()) {
      count += block["image"].exists() ? 1 : 0;
      for (const Value part : block["toolResult"]["content"].elements()) {
        count += part["image"].exists() ? 1 : 0;
      }
    }
  }
  return count;
}

/// What one message contains, as far as its blocks and the next message are checked against it.
struct ConverseTurn {
  std::string at{};  ///< `messages.N`
  bool assistant = false;
  std::string text{};                          ///< Its text blocks, joined by line breaks.
  std::map<std::string, std::string> calls{};  ///< Its tool calls, id to tool.
  std::set<std::string> answered{};            ///< Ids of the calls that it has results for.
  std::size_t results = 0;                     ///< Result blocks, those without a call included.
};

ConverseTurn make_converse_turn(const Value& message, std::string at, bool assistant) {
  ConverseTurn turn{.at = std::move(at), .assistant = assistant};
  for (const Value element : message["content"].elements()) {
    if (const auto text = element["text"].string()) {
      turn.text += (turn.text.empty() ? "" : "\n") + std::string(*text);
    }
  }
  return turn;
}

/// Checks one message after the other; a message is checked against the previous turn.
class ConverseMessagesReader {
 public:
  ConverseMessagesReader(const Model& model, Prompt& prompt, std::size_t images)
      : model_(model), prompt_(prompt), max_pixels_(max_image_pixels(images)) {}

  Checked<void> message(const Value& message, std::size_t index) {
    const std::string role = message["role"].text_or_empty();
    if (auto checked = check_role(role, index); !checked) return checked;
    if (role == "system") return {};

    ConverseTurn turn =
        make_converse_turn(message, "messages." + std::to_string(index), role == "assistant");
    prompt_.images.clear();
    prompt_.tool_results.clear();
    if (auto checked = check_content(message["content"], turn); !checked) return checked;
    if (auto checked = read_blocks(message["content"], role, turn); !checked) return checked;
    if (auto checked = check_results(turn, index); !checked) return checked;
    if (!turn.assistant && !base::is_blank(turn.text)) prompt_.user_text = turn.text;
    previous_ = std::move(turn);
    return {};
  }

  /// Checks that apply to the end of the conversation, after `count` messages.
  Checked<void> finish(std::size_t count) const {
    if (!previous_.assistant) return {};
    if (!previous_.calls.empty()) return missing_results({}, count);
    if (model_.prefill) return check_end();
    return refused_by_model(
        "This model does not support assistant message prefill. The conversation must end with a "
        "user message.");
  }

 private:
  /// Claude continues the last text of the assistant.
  Checked<void> check_end() const {
    const std::string& text = previous_.text;
    if (model_.provider() != "Anthropic" || text.empty() ||
        !std::string_view(" \n\t\r").contains(text.back())) {
      return {};
    }
    return refused_by_model(
        "messages: final assistant content cannot end with trailing whitespace");
  }

  Checked<void> read_blocks(const Value& content, const std::string& role, ConverseTurn& turn) {
    std::size_t position = 0;
    std::size_t blocks = 0;  // Without cache points.
    json::Member before;
    for (const Value element : content.elements()) {
      const json::Member member = only_member(element);
      const std::string place = turn.at + ".content." + std::to_string(position++);
      if (member.key == "cachePoint") {
        if (auto checked = check_cache_point(before, turn.at, blocks); !checked) return checked;
        auto checked =
            read_converse_cache_point(member.value, turn.at + ".content", blocks, model_, prompt_);
        if (!checked) return checked;
        continue;
      }
      ++blocks;
      before = member;
      if (auto checked = block(member, place, turn); !checked) return checked;
      extend_prefix(role + std::string(member.key), member.value, prompt_);
    }
    return {};
  }

  /// Source: refusals as reported in public issues.
  Checked<void> check_cache_point(const json::Member& before, const std::string& at,
                                  std::size_t blocks) const {
    if (model_.provider() != "Anthropic") return {};
    if (before.key == "reasoningContent") {
      return invalid(
          "Cache point cannot be inserted after reasoning block. Please remove the invalid cache "
          "point and try again.");
    }
    if (before.key == "document" && before.value["format"].string().value_or("pdf") != "pdf") {
      return refused_by_model(at + ".content." + std::to_string(blocks) + ".type: Field required");
    }
    return {};
  }

  Checked<void> check_role(const std::string& role, std::size_t index) const {
    if (index == 0 && role != "user") {
      return invalid(
          "A conversation must start with a user message. Try again with a conversation that "
          "starts with a user message.");
    }
    if (role == "system") {
      if (model_.system_messages) return {};
      return invalid(
          "This model doesn't support system messages. Try again without a system message or use a "
          "model that supports system messages.");
    }
    // Recorded: Titan joins messages of the same role.
    const bool joins = model_.wire_format == WireFormat::titan_text;
    if (index > 0 && !joins && previous_.assistant == (role == "assistant")) {
      return invalid(
          "A conversation must alternate between user and assistant roles. Make sure the "
          "conversation alternates between user and assistant roles and try again.");
    }
    return {};
  }

  /// Checks the content as a whole.
  Checked<void> check_content(const Value& content, const ConverseTurn& turn) const {
    if (content.size() == 0) {
      return invalid("The content field in the Message object at " + turn.at +
                     " is empty. Add a ContentBlock object to the content field and try again.");
    }
    bool documents = false;
    bool results = false;
    for (const Value element : content.elements()) {
      documents = documents || element["document"].exists();
      results = results || element["toolResult"].exists();
    }
    if (documents && base::is_blank(turn.text)) {
      return invalid("A text block must be included when using documents.");
    }
    if (results && !turn.text.empty() && model_.provider() == "Meta") {
      return invalid(turn.at +
                     ".content: Conversation blocks and tool result blocks cannot be provided in "
                     "the same turn.");
    }
    return {};
  }

  Checked<void> block(const json::Member& block, const std::string& place, ConverseTurn& turn) {
    prompt_.prompt_tokens +=
        block.key == "image" || block.key == "document" ? 0 : count_tokens(block.value.to_text());
    if (block.key == "text") return text(*block.value.string(), place, turn);
    if (block.key == "image") return image(block.value, place, turn);
    if (block.key == "document") return document(block.value, place, turn);
    if (block.key == "video" || block.key == "audio") return check_converse_clip(block.key, model_);
    if (block.key == "toolUse") return tool_use(block.value, place, turn);
    if (block.key == "toolResult") return tool_result(block.value, place, turn);
    if (block.key == "reasoningContent") return reasoning(block.value, place);
    return {};
  }

  /// Recorded: a blank text is accepted beside another text, but not alone.
  static Checked<void> text(std::string_view text, const std::string& place,
                            const ConverseTurn& turn) {
    if (!text.empty() && !base::is_blank(turn.text)) return {};
    return invalid("The text field in the ContentBlock object at " + place +
                   " is blank. Add text to the text field, and try again.");
  }

  Checked<void> image(const Value& value, const std::string& place, const ConverseTurn& turn) {
    if (turn.assistant) {
      return refused_by_model(place + ": `image` blocks can only be in `user` messages");
    }
    const Checked<Image> image = read_converse_image(value, place, model_, max_pixels_);
    if (!image) return std::unexpected(image.error());
    prompt_.prompt_tokens += image_tokens(*image);
    prompt_.images.push_back(*image);
    return {};
  }

  Checked<void> document(const Value& value, const std::string& place, const ConverseTurn& turn) {
    if (turn.assistant) {
      return refused_by_model(place + ": `document` blocks can only be in `user` messages");
    }
    if (auto checked = check_converse_document(value, place, model_); !checked) return checked;
    if (auto checked = add_document(value["name"].text_or_empty()); !checked) return checked;
    prompt_.prompt_tokens += count_tokens(value["source"].to_text());
    return {};
  }

  /// The limit applies to the documents of all messages together.
  /// Source: reported refusals; botocore, Message.content.
  Checked<void> add_document(const std::string& name) {
    if (documents_.size() == kMaxDocuments) {
      return invalid(
          "You can't include more than 5 documents in a request. Reduce the number of documents "
          "and retry your request.");
    }
    if (documents_.insert(name).second) return {};
    return invalid(
        "Messages can't contain duplicate document names. Rename the document and retry your "
        "request.");
  }

  Checked<void> reasoning(const Value& value, const std::string& place) const {
    const Value text = value["reasoningText"];
    const bool signed_text = text["signature"].is_string();
    if (model_.thinking != Thinking::none && model_.thinking != Thinking::effort) {
      if (!text.exists()) return {};
      if (!signed_text) return refused_by_model(place + ".thinking.signature: Field required");
      auto checked = check_claude_signature(*text["signature"].string(), place);
      return as_refused_by_model(checked);
    }
    if (!signed_text) return {};
    return invalid(
        "This model doesn't support the reasoningContent.reasoningText.signature field. Remove "
        "reasoningContent.reasoningText.signature and try again.");
  }

  /// Claude and Mistral check the form of the ids themselves. `member` is that of the native body.
  /// Source: reported refusals.
  Checked<void> check_id(const std::string& id, const std::string& member) const {
    if (model_.tool_ids == ToolIds::claude) {
      return as_refused_by_model(check_claude_id(id, member));
    }
    const bool own = id.starts_with("tooluse_");
    const bool nine =
        id.size() == 9 && std::ranges::all_of(id, [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        });
    if (model_.tool_ids != ToolIds::nine || own || nine) return {};
    return refused_by_model("Tool call id was " + id +
                            " but must be a-z, A-Z, 0-9, with a length of 9.");
  }

  Checked<void> tool_use(const Value& call, const std::string& place, ConverseTurn& turn) const {
    if (!turn.assistant) {
      return refused_by_model(place + ": `tool_use` blocks can only be in `assistant` messages");
    }
    if (!call["input"].is_object()) {
      return not_an_object(place + ".toolUse.input");
    }
    const std::string id = call["toolUseId"].text_or_empty();
    if (auto checked = check_id(id, place + ".tool_use.id"); !checked) return checked;
    if (turn.calls.contains(id)) {
      return invalid("The toolUse blocks at " + turn.at + ".content contain duplicate Ids: " + id);
    }
    turn.calls[id] = call["name"].text_or_empty();
    return {};
  }

  Checked<void> tool_result(const Value& result, const std::string& place, ConverseTurn& turn) {
    const std::string id = result["toolUseId"].text_or_empty();
    if (turn.assistant) {
      // The result of a tool that Bedrock ran is in the same message as its call.
      if (turn.calls.erase(id) > 0) return {};
      return refused_by_model(place + ": `tool_result` blocks can only be in `user` messages");
    }
    if (auto checked = check_id(id, place + ".tool_result.tool_use_id"); !checked) return checked;
    std::size_t index = 0;
    for (const Value element : result["content"].elements()) {
      const json::Member part = only_member(element);
      const std::string at = place + ".toolResult.content." + std::to_string(index++);
      if (part.key == "json" && !part.value.is_object()) return not_an_object(at + ".json");
      if (auto checked = result_part(part, place); !checked) return checked;
    }
    ++turn.results;
    turn.answered.insert(id);
    const auto call = previous_.calls.find(id);
    prompt_.tool_results.push_back({call == previous_.calls.end() ? std::string() : call->second,
                                    converse_result_text(result["content"])});
    return {};
  }

  Checked<void> result_part(const json::Member& part, const std::string& place) const {
    if (part.key == "image") {
      const Checked<Image> image = read_converse_image(part.value, place, model_, max_pixels_);
      if (!image) return std::unexpected(image.error());
    }
    if (part.key == "document") return check_converse_document(part.value, place, model_);
    if (part.key != "video") return {};
    if (auto checked = check_converse_clip(part.key, model_); !checked) return checked;
    // Recorded: Nova accepts a video, but not from a tool.
    std::string pointer = place;
    std::ranges::replace(pointer, '.', '/');
    return refused_by_model(
        malformed("#/" + pointer + ": extraneous key [toolResult] is not permitted")
            .error()
            .message);
  }

  /// Every call of the previous turn must have its result in this one, and there may be no others.
  Checked<void> check_results(const ConverseTurn& turn, std::size_t index) const {
    if (turn.assistant) return {};
    if (turn.results > previous_.calls.size()) {
      return invalid("The number of toolResult blocks at " + turn.at +
                     ".content exceeds the number of toolUse blocks of previous turn.");
    }
    for (const auto& [id, name] : previous_.calls) {
      if (!turn.answered.contains(id)) return missing_results(turn.answered, index);
    }
    return {};
  }

  [[nodiscard]] std::unexpected<Refusal> missing_results(const std::set<std::string>& answered,
                                                         std::size_t index) const {
    std::string ids;
    for (const auto& [id, name] : previous_.calls) {
      if (!answered.contains(id)) ids += (ids.empty() ? "" : ", ") + id;
    }
    return invalid("Expected toolResult blocks at messages." + std::to_string(index) +
                   ".content for the following Ids: " + ids);
  }

  const Model& model_;
  Prompt& prompt_;
  std::uint32_t max_pixels_;
  ConverseTurn previous_;  ///< The last user or assistant message; empty before the first.
  std::set<std::string> documents_;  ///< Names of the documents of all messages so far.
};

}  // namespace

Checked<void> read_converse_messages(const Value& messages, const Model& model, Prompt& prompt) {
  if (messages.size() == 0) {
    return invalid(
        "A conversation must start with a user message. Try again with a conversation that starts "
        "with a user message.");
  }
  ConverseMessagesReader reader(model, prompt, count_converse_images(messages));
  std::size_t index = 0;
  for (const Value message : messages.elements()) {
    if (auto checked = reader.message(message, index++); !checked) return checked;
  }
  return reader.finish(index);
}

bool has_tool_blocks(const Value& messages) {
  for (const Value message : messages.elements()) {
    for (const Value block : message["content"].elements()) {
      if (block["toolUse"].exists() || block["toolResult"].exists()) return true;
    }
  }
  return false;
}

}  // namespace llm::local
