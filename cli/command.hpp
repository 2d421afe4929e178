#pragma once

#include <functional>
#include <stop_token>

#include <llm/bedrock/client.hpp>
#include <llm/client.hpp>

#include "connection.hpp"
#include "exit_code.hpp"
#include "interrupt.hpp"
#include "terminal.hpp"

namespace cli {

/// The frame of a command that calls a model: opens the connection, creates the client, turns
/// Ctrl-C into a stop request and runs `work`. Reports what fails on the way. Returns the exit
/// code.
[[nodiscard]] ExitCode with_client(
    const ConnectionOptions& options, Style style,
    const std::function<ExitCode(const llm::Client&, Interrupt&)>& work);

/// The same for a command that needs the settings only.
[[nodiscard]] ExitCode with_settings(
    const llm::Result<Connection>& connection, Style style,
    const std::function<ExitCode(const llm::bedrock::Options&, std::stop_token)>& work);

}  // namespace cli
