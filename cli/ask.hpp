#pragma once

#include <stop_token>

#include <llm/client.hpp>

#include "chat_options.hpp"
#include "exit_code.hpp"
#include "terminal.hpp"

namespace cli {

/// The outcome of one request.
struct Asked {
  ExitCode code = ExitCode::success;
  llm::Message message{};  ///< The model's message, for the next turn; empty after an error.
};

/// Sends the request and prints the response in the format of the options; warnings and errors go
/// to standard error.
[[nodiscard]] Asked ask(const llm::Client& client, const llm::ChatRequest& request,
                        const ChatOptions& options, std::stop_token stop, Output& output);

}  // namespace cli
