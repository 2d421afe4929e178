#pragma once

#include <llm/client.hpp>

#include "chat_options.hpp"
#include "exit_code.hpp"
#include "interrupt.hpp"

namespace cli {

/// A conversation on a terminal, with line editing. Each message is sent with the turns so far.
/// Ctrl-C stops a response, not the program; Ctrl-D ends the conversation.
[[nodiscard]] ExitCode converse(const llm::Client& client, const ChatOptions& options,
                                Interrupt& interrupt);

}  // namespace cli
