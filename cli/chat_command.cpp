#include <iostream>
#include <iterator>
#include <string>
#include <utility>

#include "answer.hpp"
#include "chat_options.hpp"
#include "commands.hpp"
#include "conversation.hpp"
#include "interrupt.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

std::string read_standard_input() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

/// What is piped in, then the words.
std::string prompt_text(const ChatOptions& options) {
  std::string text = stdin_is_terminal() ? std::string() : read_standard_input();
  while (text.ends_with('\n')) text.pop_back();
  const std::string words = join(options.prompt);
  if (!text.empty() && !words.empty()) text += "\n\n";
  return text + words;
}

ExitCode fail(const llm::Error& error, Style style) {
  report(error, style);
  return exit_code(error.code);
}

}  // namespace

ExitCode chat_command(std::span<const std::string> arguments) {
  auto parsed = parse_chat(arguments);
  if (const auto* const code = std::get_if<ExitCode>(&parsed)) return *code;
  const ChatOptions& options = std::get<ChatOptions>(parsed);
  const Style style = options.style();

  const bool conversation =
      options.prompt.empty() && stdin_is_terminal() && options.format == Format::text;
  std::string text = conversation ? std::string() : prompt_text(options);
  if (!conversation && text.empty() && options.attachments.empty()) {
    return fail(llm::make_error(llm::ErrorCode::configuration_error,
                                "Nothing to ask: give a prompt, or pipe one in."),
                style);
  }
  auto request = base_request(options);
  if (!request) return fail(request.error(), style);
  if (!conversation) {
    auto message = question(options, std::move(text));
    if (!message) return fail(message.error(), style);
    request->messages.push_back(std::move(*message));
  }

  const auto connection = Connection::open(options.connection);
  if (!connection) return fail(connection.error(), style);
  const auto client = connection->client();
  if (!client) return fail(client.error(), style);
  Interrupt interrupt;
  if (conversation) return converse(*client, options, interrupt);
  Output output;
  return ask(*client, *request, options, interrupt.arm(), output).code;
}

}  // namespace cli
