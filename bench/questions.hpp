#pragma once

#include <llm/bedrock/client.hpp>
#include <llm/chat.hpp>
#include <llm/client.hpp>
#include <llm/transport.hpp>

#include "bench/measure.hpp"

namespace bench {

/// What the task asks the model: one short message, an image, or a long conversation.
[[nodiscard]] llm::ChatRequest question(const Task& task);

/// A client with fixed keys that asks `task.url` in the way of `task.operation` and reads nothing
/// of its surroundings. `transport` null: libcurl.
[[nodiscard]] llm::Result<llm::Client> client_for(
    const Task& task, std::shared_ptr<const llm::Transport> transport = {});

/// Whether the operation answers in pieces.
[[nodiscard]] bool is_streamed(const Task& task);

}  // namespace bench
