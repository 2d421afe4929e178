#include "answer.hpp"
#include "arguments.hpp"
#include "chat_options.hpp"
#include "commands.hpp"
#include "conversation.hpp"
#include "interrupt.hpp"
#include "terminal.hpp"

namespace cli {

ExitCode chat_command(std::span<const std::string> arguments) {
  auto parsed = parse_chat(arguments);
  if (const auto* const code = std::get_if<ExitCode>(&parsed)) return *code;
  const ChatOptions& options = std::get<ChatOptions>(parsed);
  const Style style = options.style();

  const bool conversation =
      options.prompt.empty() && stdin_is_terminal() && options.format == Format::text;
  const auto request = conversation ? base_request(options) : whole_request(options);
  if (!request) return fail(request.error(), style);

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
