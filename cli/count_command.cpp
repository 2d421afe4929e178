#include <string>

#include "arguments.hpp"
#include "chat_options.hpp"
#include "command.hpp"
#include "commands.hpp"
#include "terminal.hpp"

namespace cli {

ExitCode count_command(Arguments arguments) {
  ChatOptions options;
  bool json = false;
  CLI::App app(
      "Count the tokens of a prompt. The service does the counting; nothing is generated or "
      "billed. "
      "It supports some models only, Claude among them.",
      "bedrock count");
  options.connection.add_chat_options(app);
  add_prompt_options(app, options);
  app.add_flag("--json", json, "Print one JSON object");
  if (const auto ended = parse(app, arguments)) return *ended;
  const Style style = json ? Style::json : Style::text;

  const auto request = full_request(options);
  if (!request) return fail(request.error(), style);
  return with_client(
      options.connection, style, [&](const llm::Client& client, Interrupt& interrupt) {
        const auto count = client.count_tokens(*request, {.stop = interrupt.arm()});
        if (!count) return fail(count.error(), style);
        if (!json) warn_all(count->warnings);
        return print((json ? llm::to_json(*count) : std::to_string(count->prompt_tokens)) + '\n',
                     style);
      });
}

}  // namespace cli
