#include "arguments.hpp"
#include "ask.hpp"
#include "chat_options.hpp"
#include "command.hpp"
#include "commands.hpp"
#include "conversation.hpp"
#include "terminal.hpp"

namespace cli {

ExitCode chat_command(Arguments arguments) {
  const auto given = parse(kChat, arguments);
  if (!given) return given.error();
  const ChatOptions options = chat_options(*given);
  const Style style = options.style();

  const bool conversation =
      options.prompt.empty() && stdin_is_terminal() && options.format == Format::text;
  auto request = conversation ? base_request(options) : full_request(options);
  if (!request) return fail(request.error(), style);
  return with_client(options.connection, style,
                     [&](const llm::Client& client, Interrupt& interrupt) {
                       if (conversation) return converse(client, options, interrupt);
                       request->max_tokens = output_limit(options, client);
                       Output output;
                       return ask(client, *request, options, interrupt.arm(), output).code;
                     });
}

}  // namespace cli
