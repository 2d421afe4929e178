#include "chat_options.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "arguments.hpp"
#include "input_file.hpp"

namespace cli {
namespace {

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

llm::Result<std::string> prompt_text(const ChatOptions& options) {
  auto text = piped_input();
  if (!text) return text;
  *text = without_line_end(std::move(*text));
  const std::string words = join(options.prompt);
  if (!text->empty() && !words.empty()) *text += "\n\n";
  return *text + words;
}

}  // namespace

ChatOptions chat_options(const Given& given) {
  return {.connection = connection_options(given),
          .prompt = given.texts(kPrompt),
          .system = given.text(kSystem),
          .attachments = given.texts(kAttach),
          .max_tokens = given.integer(kMaxTokens),
          .models_own_maximum = given.has(kMaxTokens) && !given.integer(kMaxTokens),
          .reasoning = given.integer(kReasoning),
          .temperature = given.real(kTemperature),
          .top_p = given.real(kTopP),
          .tools_file = given.text(kTools),
          .no_stream = given.has(kNoStream),
          .format = given.has(kStreamJson)     ? Format::stream_json
                    : given.has(kJsonResponse) ? Format::json
                                               : Format::text};
}

llm::Result<llm::ChatRequest> base_request(const ChatOptions& options) {
  llm::ChatRequest request;
  if (!options.system.empty()) request.messages.push_back(llm::Message::system(options.system));
  request.max_tokens = options.max_tokens;
  if (options.reasoning) request.reasoning = llm::Reasoning{.budget_tokens = options.reasoning};
  request.temperature = options.temperature;
  request.top_p = options.top_p;
  if (options.tools_file.empty()) return request;

  auto text = read_input_file(options.tools_file);
  if (!text) return std::unexpected(std::move(text.error()));
  auto tools = llm::tools_from_json(*text);
  if (!tools) return std::unexpected(in_file(options.tools_file, std::move(tools.error())));
  request.tools = std::move(*tools);
  return request;
}

llm::Result<llm::Message> user_message(const ChatOptions& options, std::string text) {
  llm::Message message{.role = llm::Role::user};
  for (const std::string& path : options.attachments) {
    auto content = llm::content_from_file(path);
    if (!content) return std::unexpected(std::move(content.error()));
    message.content.push_back(std::move(*content));
  }
  if (!text.empty()) message.content.emplace_back(llm::TextContent{std::move(text)});
  return message;
}

llm::Result<llm::ChatRequest> full_request(const ChatOptions& options) {
  auto text = prompt_text(options);
  if (!text) return std::unexpected(std::move(text.error()));
  if (text->empty() && options.attachments.empty()) {
    return std::unexpected(llm::make_error(llm::ErrorCode::configuration_error,
                                           "The prompt is missing.",
                                           "Pass one as an argument, or pipe it in."));
  }
  auto request = base_request(options);
  if (!request) return request;
  auto message = user_message(options, std::move(*text));
  if (!message) return std::unexpected(std::move(message.error()));
  request->messages.push_back(std::move(*message));
  return request;
}

std::optional<int> output_limit(const ChatOptions& options, const llm::Client& client) {
  if (options.max_tokens || options.models_own_maximum) return options.max_tokens;
  const auto model = client.model_info();
  if (!model || !model->max_output_tokens) return std::nullopt;
  const std::int64_t wanted = std::int64_t{kStandardMaxTokens} + options.reasoning.value_or(0);
  return static_cast<int>(std::min(wanted, *model->max_output_tokens));
}

}  // namespace cli
