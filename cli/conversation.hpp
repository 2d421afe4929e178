#pragma once

#include <llm/client.hpp>

#include "chat_options.hpp"
#include "exit_code.hpp"
#include "interrupt.hpp"

namespace cli {

/// A conversation on a terminal: line editing, the turns so far go along with each question, Ctrl-C
/// stops an answer and not the program, Ctrl-D ends it.
[[nodiscard]] ExitCode converse(const llm::Client& client, const ChatOptions& options,
                                Interrupt& interrupt);

}  // namespace cli
