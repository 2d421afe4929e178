#include <string>

#include "arguments.hpp"
#include "chat_options.hpp"
#include "command.hpp"
#include "commands.hpp"
#include "terminal.hpp"

namespace cli {

ExitCode count_command(Arguments arguments) {
  const auto given = parse(kCount, arguments);
  if (!given) return given.error();
  const ChatOptions options = chat_options(*given);
  const bool json = given->has(kJsonObject);
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
