#include "local/formats/converse/messages.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "local/formats/claude/image.hpp"
#include "local/formats/converse/media.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

using json::Value;

constexpr std::size_t kMaxDocuments = 5;  // botocore: Message.content

/// The one member of a union.
json::Member only_member(const Value& value) {
  for (const json::Member& member : value.members()) {
    if (!member.value.is_null()) return member;
  }
  return {};
}

/// A tool's reply as text: its text and JSON blocks joined.
std::string result_text(const Value& content) {
  std::string text;
  for (const Value block : content.elements()) {
    const json::Member part = only_member(block);
    if (part.key == "text") text += part.value.text_or_empty();
    if (part.key == "json") text += part.value.to_text();
  }
  return text;
}

std::size_t count_images(const Value& messages) {
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

/// Goes through the messages once and remembers what the next one is checked against.
class Reader {
 public:
  Reader(const Model& model, Prompt& prompt, std::size_t images)
      : model_(model), prompt_(prompt), max_pixels_(max_image_pixels(images)) {}

  Checked<void> message(const Value& message, std::size_t index) {
    index_ = index;
    const std::string role = message["role"].text_or_empty();
    if (auto checked = check_turn(role); !checked) return checked;
    if (role == "system") return {};
    begin(message, role);
    if (auto checked = check_whole(message["content"]); !checked) return checked;
    std::size_t position = 0;
    for (const Value element : message["content"].elements()) {
      auto checked = block(only_member(element), at() + ".content." + std::to_string(position++));
      if (!checked) return checked;
    }
    if (auto checked = check_pairs(); !checked) return checked;

    if (!assistant_ && !base::is_blank(said_)) prompt_.user_text = said_;
    calls_ = std::move(new_calls_);
    new_calls_.clear();
    return {};
  }

  /// What only the end of the conversation is asked.
  Checked<void> finish() const {
    if (!assistant_) return {};
    if (!calls_.empty()) return unanswered(index_ + 1);
    if (model_.prefill) return {};
    return refused_by_model(
        "This model does not support assistant message prefill. The conversation must end with a "
        "user message.");
  }

 private:
  [[nodiscard]] std::string at() const { return "messages." + std::to_string(index_); }

  Checked<void> check_turn(const std::string& role) const {
    if (index_ == 0 && role != "user") {
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
    if (index_ > 0 && assistant_ == (role == "assistant")) {
      return invalid(
          "A conversation must alternate between user and assistant roles. Make sure the "
          "conversation alternates between user and assistant roles and try again.");
    }
    return {};
  }

  void begin(const Value& message, const std::string& role) {
    assistant_ = role == "assistant";
    said_.clear();
    answered_.clear();
    results_ = 0;
    prompt_.images.clear();
    prompt_.tool_results.clear();
    for (const Value element : message["content"].elements()) {
      if (const auto text = element["text"].string()) {
        said_ += (said_.empty() ? "" : "\n") + std::string(*text);
      }
    }
  }

  /// What is asked of the content as a whole.
  Checked<void> check_whole(const Value& content) const {
    if (content.size() == 0) {
      return invalid("The content field in the Message object at " + at() +
                     " is empty. Add a ContentBlock object to the content field and try again.");
    }
    bool documents = false;
    bool results = false;
    for (const Value element : content.elements()) {
      documents = documents || element["document"].exists();
      results = results || element["toolResult"].exists();
    }
    if (documents && base::is_blank(said_)) {
      return invalid("A text block must be included when using documents.");
    }
    if (results && !said_.empty() && model_.provider() == "Meta") {
      return invalid(at() +
                     ".content: Conversation blocks and tool result blocks cannot be provided in "
                     "the same turn.");
    }
    return {};
  }

  Checked<void> block(const json::Member& block, const std::string& place) {
    prompt_.prompt_tokens +=
        block.key == "image" || block.key == "document" ? 0 : count_tokens(block.value.to_text());
    if (block.key == "text") return text(*block.value.string(), place);
    if (block.key == "image") return image(block.value, place);
    if (block.key == "document") return document(block.value, place);
    if (block.key == "video" || block.key == "audio") return check_converse_clip(block.key, model_);
    if (block.key == "toolUse") return tool_use(block.value, place);
    if (block.key == "toolResult") return tool_result(block.value, place);
    if (block.key == "reasoningContent") return reasoning(block.value);
    return {};
  }

  /// Recorded: white space is taken beside other text, though not alone.
  Checked<void> text(std::string_view text, const std::string& place) const {
    if (!text.empty() && !base::is_blank(said_)) return {};
    return invalid("The text field in the ContentBlock object at " + place +
                   " is blank. Add text to the text field, and try again.");
  }

  Checked<void> image(const Value& value, const std::string& place) {
    if (assistant_) {
      return refused_by_model(place + ": `image` blocks can only be in `user` messages");
    }
    const Checked<Image> image = read_converse_image(value, place, model_, max_pixels_);
    if (!image) return std::unexpected(image.error());
    prompt_.prompt_tokens += image_tokens(*image);
    prompt_.images.push_back(*image);
    return {};
  }

  Checked<void> document(const Value& value, const std::string& place) {
    if (assistant_) {
      return refused_by_model(place + ": `document` blocks can only be in `user` messages");
    }
    if (auto checked = check_converse_document(value, place, model_); !checked) return checked;
    if (auto checked = add_document(value["name"].text_or_empty()); !checked) return checked;
    prompt_.prompt_tokens += count_tokens(value["source"].to_text());
    return {};
  }

  /// Documents count over all messages.
  /// Source: reported refusals; botocore, Message.content.
  Checked<void> add_document(const std::string& name) {
    if (documents_.size() == kMaxDocuments) {
      return invalid(
          "You can't include more than 5 documents in a request. Reduce the number of documents "
          "and retry your request.");
    }
    if (documents_.insert(name).second) return {};
    return invalid("Messages can't contain duplicate document names.");
  }

  Checked<void> reasoning(const Value& value) const {
    const bool signed_text = value["reasoningText"]["signature"].is_string();
    const bool signs = model_.thinking != Thinking::none && model_.thinking != Thinking::effort;
    if (!signed_text || signs) return {};
    return invalid(
        "This model doesn't support the reasoningContent.reasoningText.signature field. Remove "
        "reasoningContent.reasoningText.signature and try again.");
  }

  Checked<void> tool_use(const Value& call, const std::string& place) {
    if (!assistant_) {
      return refused_by_model(place + ": `tool_use` blocks can only be in `assistant` messages");
    }
    if (!call["input"].is_object()) {
      return not_an_object(place + ".toolUse.input");
    }
    const std::string id = call["toolUseId"].text_or_empty();
    if (new_calls_.contains(id)) return refused_by_model("messages: `tool_use` ids must be unique");
    new_calls_[id] = call["name"].text_or_empty();
    return {};
  }

  Checked<void> tool_result(const Value& result, const std::string& place) {
    const std::string id = result["toolUseId"].text_or_empty();
    if (assistant_) {
      // The result of a tool that Bedrock ran stands in the same message as the call.
      if (new_calls_.erase(id) > 0) return {};
      return refused_by_model(place + ": `tool_result` blocks can only be in `user` messages");
    }
    std::size_t index = 0;
    for (const Value element : result["content"].elements()) {
      const json::Member part = only_member(element);
      const std::string at = place + ".toolResult.content." + std::to_string(index++);
      if (part.key == "json" && !part.value.is_object()) return not_an_object(at + ".json");
      if (auto checked = result_part(part, place); !checked) return checked;
    }
    ++results_;
    answered_.insert(id);
    const auto call = calls_.find(id);
    prompt_.tool_results.push_back(
        {call == calls_.end() ? std::string() : call->second, result_text(result["content"])});
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
    // Recorded: Nova takes a video, but not from a tool.
    std::string pointer = place;
    std::ranges::replace(pointer, '.', '/');
    return refused_by_model(
        malformed("#/" + pointer + ": extraneous key [toolResult] is not permitted")
            .error()
            .message);
  }

  /// Every call of the turn before is answered in this one, and nothing else is.
  Checked<void> check_pairs() const {
    if (assistant_) return {};
    if (results_ > calls_.size()) {
      return invalid("The number of toolResult blocks at " + at() +
                     ".content exceeds the number of toolUse blocks of previous turn.");
    }
    for (const auto& [id, name] : calls_) {
      if (!answered_.contains(id)) return unanswered(index_);
    }
    return {};
  }

  [[nodiscard]] std::unexpected<Refusal> unanswered(std::size_t index) const {
    std::string ids;
    for (const auto& [id, name] : calls_) {
      if (!answered_.contains(id)) ids += (ids.empty() ? "" : ", ") + id;
    }
    return invalid("Expected toolResult blocks at messages." + std::to_string(index) +
                   ".content for the following Ids: " + ids);
  }

  const Model& model_;
  Prompt& prompt_;
  std::uint32_t max_pixels_;
  std::map<std::string, std::string> calls_;      ///< Id to tool, of the turn before.
  std::map<std::string, std::string> new_calls_;  ///< The same of this turn.
  std::set<std::string> answered_;
  std::set<std::string> documents_;  ///< Names of all that have come so far.
  std::string said_;
  std::size_t results_ = 0;
  std::size_t index_ = 0;
  bool assistant_ = false;
};

}  // namespace

Checked<void> read_converse_messages(const Value& messages, const Model& model, Prompt& prompt) {
  if (messages.size() == 0) {
    return invalid(
        "A conversation must start with a user message. Try again with a conversation that starts "
        "with a user message.");
  }
  Reader reader(model, prompt, count_images(messages));
  std::size_t index = 0;
  for (const Value message : messages.elements()) {
    if (auto checked = reader.message(message, index++); !checked) return checked;
  }
  return reader.finish();
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
