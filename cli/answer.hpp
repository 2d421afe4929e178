#pragma once

#include <stop_token>

#include <llm/client.hpp>

#include "chat_options.hpp"
#include "exit_code.hpp"
#include "terminal.hpp"

namespace cli {

/// How a question ended.
struct Answered {
  ExitCode code = ExitCode::success;
  llm::Message message{};  ///< What the model said, for the next turn; empty after an error.
};

/// Asks, prints the answer as the options want it, and says on standard error what must not be
/// missed.
[[nodiscard]] Answered ask(const llm::Client& client, const llm::ChatRequest& request,
                           const ChatOptions& options, std::stop_token stop, Output& output);

}  // namespace cli
