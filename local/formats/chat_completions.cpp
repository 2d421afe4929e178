// The Chat Completions format of OpenAI, which gpt-oss, Qwen, DeepSeek V3, Jamba, newer Mistral
// models and other open-weight families read.
#include "local/formats/chat_completions.hpp"

#include <array>
#include <map>
#include <string>

#include "base/text.hpp"
#include "json/writer.hpp"
#include "local/formats/fragments.hpp"
#include "local/formats/native_format.hpp"
#include "local/formats/prompt_text.hpp"
#include "local/frontend/json_schema_errors.hpp"
#include "local/model/sample_json.hpp"
#include "local/model/tokens.hpp"

namespace llm::local {
namespace {

using json::Value;

// Source: Bedrock User Guide, pages of OpenAI, Qwen, DeepSeek, AI21 Jamba and Mistral models.
constexpr std::array kChatCompletionsFields{
    Field{"messages", FieldType::array, true},
    Field{"model", FieldType::string},
    Field{"max_tokens", FieldType::integer, false, 0},
    Field{"max_completion_tokens", FieldType::integer, false, 0},
    Field{"temperature", FieldType::number, false, 0, 2},
    Field{"top_p", FieldType::number, false, 0, 1},
    Field{"top_k", FieldType::integer},
    Field{"n", FieldType::integer, false, 1, 16},
    Field{"stop"},
    Field{"stream", FieldType::boolean},
    Field{"stream_options", FieldType::object},
    Field{"seed", FieldType::integer},
    Field{"frequency_penalty", FieldType::number},
    Field{"presence_penalty", FieldType::number},
    Field{"repetition_penalty", FieldType::number},
    Field{"logit_bias", FieldType::object},
    Field{"logprobs", FieldType::boolean},
    Field{"top_logprobs", FieldType::integer},
    Field{"tools", FieldType::array},
    Field{"tool_choice"},
    Field{"parallel_tool_calls", FieldType::boolean},
    Field{"response_format", FieldType::object},
    Field{"reasoning_effort", FieldType::string},
    Field{"user", FieldType::string},
    Field{"metadata", FieldType::object},
    Field{"amazon-bedrock-guardrailConfig", FieldType::object},
};

Checked<void> check_chat_completions_body(const Value& body, const Model& model) {
  std::string wrong = violations(body, "#", kChatCompletionsFields);
  if (wrong.empty() && body["messages"].size() == 0) {
    wrong = "#/messages: expected minimum item count: 1, found: 0";
  }
  if (!wrong.empty()) return malformed(wrong);
  // Source: Bedrock User Guide, "OpenAI models".
  if (body["model"].exists() && body["model"].string() != model.id) {
    return invalid("The model in the body must be the model in the path: " + std::string(model.id) +
                   ".");
  }
  if (body["stream"].boolean().value_or(false)) {
    return invalid("stream is not supported by InvokeModel.");
  }
  if (body["tools"].size() > 0 && !model.tools) {
    return invalid("This model doesn't support tool use.");
  }
  return {};
}

/// Reads the messages, one after the other.
class ChatCompletionsReader {
 public:
  ChatCompletionsReader(const Model& model, Prompt& prompt) : model_(model), prompt_(prompt) {}

  Checked<void> message(const Value& message, std::size_t index) {
    const std::string at = "messages." + std::to_string(index);
    const std::string role = message["role"].text_or_empty();
    prompt_.prompt_tokens += count_tokens(message.to_text());
    if (auto checked = check_content(message["content"], at + ".content"); !checked) return checked;
    if (role == "tool") return tool(message, at);
    if (role != "user" && role != "assistant" && role != "system" && role != "developer") {
      return invalid(at +
                     ".role: Input should be 'system', 'developer', 'user', 'assistant' or "
                     "'tool'");
    }
    prompt_.tool_results.clear();
    const std::string text = text_of(message["content"]);
    if (role == "user" && base::is_blank(text) && !has_image(message["content"])) {
      return invalid(at + ".content: Input should not be empty");
    }
    if (role == "user") prompt_.user_text = text;
    for (const Value call : message["tool_calls"].elements()) {
      calls_[call["id"].text_or_empty()] = call["function"]["name"].text_or_empty();
    }
    return {};
  }

 private:
  static bool is_image(const Value& part) { return part["type"].string() == "image_url"; }
  static bool has_image(const Value& content) {
    for (const Value part : content.elements()) {
      if (is_image(part)) return true;
    }
    return false;
  }

  /// Content is a text, null, or a list of texts and images.
  Checked<void> check_content(const Value& content, const std::string& at) const {
    if (!content.exists() || content.is_null() || content.is_string()) return {};
    if (!content.is_array()) return invalid(at + ": Input should be a string or a list");
    std::size_t index = 0;
    for (const Value part : content.elements()) {
      const std::string place = at + "." + std::to_string(index++);
      if (part["type"].string() == "text") {
        if (part["text"].is_string()) continue;
        return invalid(place + ".text: Input should be a valid string");
      }
      if (!is_image(part)) {
        return invalid(place + ".type: Input should be 'text' or 'image_url'");
      }
      if (model_.vision) continue;
      return invalid(
          "This model doesn't support the image content block that you provided. Update the "
          "content block and try again.");
    }
    return {};
  }

  static std::string text_of(const Value& content) {
    if (content.is_string()) return content.text_or_empty();
    std::string text;
    for (const Value part : content.elements()) text += part["text"].text_or_empty();
    return text;
  }

  Checked<void> tool(const Value& message, const std::string& at) {
    const auto call = calls_.find(message["tool_call_id"].text_or_empty());
    if (call == calls_.end()) {
      return invalid(at + ".tool_call_id: no earlier tool call has this id");
    }
    prompt_.tool_results.push_back({call->second, text_of(message["content"])});
    return {};
  }

  const Model& model_;
  Prompt& prompt_;
  std::map<std::string, std::string> calls_;  ///< Id to tool, of all messages so far.
};

Checked<void> read_chat_completions_tools(const Value& body, Prompt& prompt) {
  std::size_t index = 0;
  for (const Value tool : body["tools"].elements()) {
    const std::string at = "tools." + std::to_string(index++);
    const Value function = tool["function"];
    const std::string name = function["name"].text_or_empty();
    if (tool["type"].string() != "function" || name.empty()) {
      return invalid(at + ": Input should be a function with a name");
    }
    prompt.tools.push_back({.name = name, .schema = function["parameters"]});
    prompt.prompt_tokens += count_tokens(tool.to_text());
  }
  const Value choice = body["tool_choice"];
  prompt.parallel_tools = body["parallel_tool_calls"].boolean().value_or(true);
  if (choice.string() == "none") prompt.tool_use = ToolUse::none;
  if (choice.string() == "required" || choice.is_object()) prompt.tool_use = ToolUse::required;
  prompt.forced_tool = choice["function"]["name"].text_or_empty();
  return {};
}

void read_stop(const Value& stop, Prompt& prompt) {
  if (stop.is_string()) prompt.stop_sequences.push_back(stop.text_or_empty());
  read_stop_sequences(stop, prompt);
}

class ChatCompletions final : public NativeFormat {
 public:
  Checked<Prompt> read(const Value& body, const Model& model) const override {
    if (auto checked = check_chat_completions_body(body, model); !checked)
      return std::unexpected(checked.error());
    Prompt prompt;
    const std::string limit =
        body["max_completion_tokens"].exists() ? "max_completion_tokens" : "max_tokens";
    prompt.max_tokens = body[limit].integer().value_or(model.max_output_tokens);
    if (prompt.max_tokens > model.max_output_tokens) {
      return malformed("#/" + limit + ": " + std::to_string(prompt.max_tokens) +
                       " is not less or equal to " + std::to_string(model.max_output_tokens));
    }
    read_stop(body["stop"], prompt);
    const std::string effort = body["reasoning_effort"].text_or_empty();
    prompt.thinking = model.thinking == Thinking::effort && !effort.empty() && effort != "none";
    const Value schema = body["response_format"]["json_schema"]["schema"];
    if (schema.is_object()) prompt.structured_output = sample_value(schema);
    auto checked = read_chat_completions_tools(body, prompt);
    ChatCompletionsReader reader(model, prompt);
    std::size_t index = 0;
    for (const Value message : body["messages"].elements()) {
      if (checked) checked = reader.message(message, index++);
    }
    if (!checked) return std::unexpected(checked.error());
    return prompt;
  }

  std::string response_body(const Completion& completion, const ReplyFacts& facts) const override {
    return write_invoked_completion(completion, facts);
  }

  std::vector<std::string> stream_chunks(const Completion& completion,
                                         const ReplyFacts& facts) const override {
    return write_invoked_chunks(completion, facts);
  }
};

}  // namespace

const NativeFormat& chat_completions_format() {
  static const ChatCompletions format;
  return format;
}

}  // namespace llm::local
