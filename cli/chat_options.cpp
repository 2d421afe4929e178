#include "chat_options.hpp"

#include <utility>

#include "arguments.hpp"
#include "input_file.hpp"

namespace cli {
namespace {

constexpr std::string_view kChatDescription =
    "Send a prompt to a model and print its completion.\n\n"
    "The prompt is standard input, if it is piped in, followed by the words on the command line. "
    "On a "
    "terminal, a command without either starts a conversation.";

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

void add_prompt_options(CLI::App& app, ChatOptions& options) {
  add_words(app, "prompt", options.prompt, "The prompt; several words are joined with spaces");
  app.add_option("-s,--system", options.system, "System prompt");
  app.add_option("-a,--attach", options.attachments,
                 "Image, document, video or audio file to send; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--tools", options.tools_file, "JSON file with tools that the model may call");
}

std::variant<ChatOptions, ExitCode> parse_chat(std::span<const std::string> arguments) {
  ChatOptions options;
  CLI::App app(std::string(kChatDescription), "bedrock chat");
  options.connection.add_chat_options(app);
  bool json = false;
  bool stream_json = false;
  add_prompt_options(app, options);
  app.add_option("-t,--temperature", options.temperature, "Randomness, 0.0 to 1.0");
  app.add_option("--max-tokens", options.max_tokens, "Maximum length of the completion, in tokens");
  app.add_option("--top-p", options.top_p, "Nucleus sampling, 0.0 to 1.0");
  app.add_flag("--no-stream", options.no_stream, "Wait for the complete response");
  auto* const json_flag =
      app.add_flag("--json", json, "Print the complete response as one JSON object");
  app.add_flag("--stream-json", stream_json, "Print each event as one line of JSON")
      ->excludes(json_flag);
  if (const auto ended = parse(app, arguments)) return *ended;
  if (json) options.format = Format::json;
  if (stream_json) options.format = Format::stream_json;
  return options;
}

llm::Result<llm::ChatRequest> base_request(const ChatOptions& options) {
  llm::ChatRequest request;
  if (!options.system.empty()) request.messages.push_back(llm::Message::system(options.system));
  request.max_tokens = options.max_tokens;
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

}  // namespace cli
