#include "command.hpp"

#include "arguments.hpp"

namespace cli {

ExitCode with_client(const ConnectionOptions& options, Style style,
                     const std::function<ExitCode(const llm::Client&, Interrupt&)>& work) {
  const auto connection = Connection::open(options);
  if (!connection) return fail(connection.error(), style);
  const auto client = llm::bedrock::create_client(connection->options());
  if (!client) return fail(client.error(), style);
  Interrupt interrupt;
  return work(*client, interrupt);
}

ExitCode with_settings(
    const llm::Result<Connection>& connection, Style style,
    const std::function<ExitCode(const llm::bedrock::Options&, std::stop_token)>& work) {
  if (!connection) return fail(connection.error(), style);
  Interrupt interrupt;
  return work(connection->options(), interrupt.arm());
}

}  // namespace cli
