#include "arguments.hpp"
#include "ask.hpp"
#include "chat_options.hpp"
#include "command.hpp"
#include "commands.hpp"
#include "conversation.hpp"
#include "terminal.hpp"

namespace cli {

ExitCode chat_command(Arguments arguments) {
  auto parsed = parse_chat(arguments);
  if (const auto* const code = std::get_if<ExitCode>(&parsed)) return *code;
  const ChatOptions& options = std::get<ChatOptions>(parsed);
  const Style style = options.style();

  const bool conversation =
      options.prompt.empty() && stdin_is_terminal() && options.format == Format::text;
  const auto request = conversation ? base_request(options) : full_request(options);
  if (!request) return fail(request.error(), style);
  return with_client(options.connection, style,
                     [&](const llm::Client& client, Interrupt& interrupt) {
                       if (conversation) return converse(client, options, interrupt);
                       Output output;
                       return ask(client, *request, options, interrupt.arm(), output).code;
                     });
}

}  // namespace cli
