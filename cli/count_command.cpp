#include <string>

#include "arguments.hpp"
#include "chat_options.hpp"
#include "commands.hpp"
#include "interrupt.hpp"
#include "terminal.hpp"

namespace cli {

ExitCode count_command(std::span<const std::string> arguments) {
  ChatOptions options;
  bool json = false;
  CLI::App app(
      "Count the tokens of a prompt, as the service counts them. Nothing is generated or billed; "
      "the service counts for some models only, Claude among them.",
      "bedrock count");
  options.connection.add_to(app);
  add_question_options(app, options);
  app.add_flag("--json", json, "Print one JSON object");
  if (const auto ended = parse(app, arguments)) return *ended;
  const Style style = json ? Style::json : Style::text;

  const auto request = whole_request(options);
  if (!request) return fail(request.error(), style);
  const auto connection = Connection::open(options.connection);
  if (!connection) return fail(connection.error(), style);
  const auto client = connection->client();
  if (!client) return fail(client.error(), style);
  Interrupt interrupt;
  const auto count = client->count_tokens(*request, {.stop = interrupt.arm()});
  if (!count) return fail(count.error(), style);

  if (!json) {
    for (const llm::Warning& warning : count->warnings) warn(warning.message);
  }
  return print((json ? llm::to_json(*count) : std::to_string(count->prompt_tokens)) + '\n', style);
}

}  // namespace cli
