#pragma once

#include <llm/bedrock/client.hpp>
#include <llm/chat.hpp>
#include <llm/client.hpp>
#include <llm/transport.hpp>

#include "bench/measure.hpp"

namespace bench {

/// The request of a task: one short message, an image, or a long conversation.
[[nodiscard]] llm::ChatRequest chat_request(const Task& task);

/// A client with fixed credentials that calls `task.operation` at `task.url` and ignores the
/// environment. `transport` null: libcurl.
[[nodiscard]] llm::Result<llm::Client> client_for(
    const Task& task, std::shared_ptr<const llm::Transport> transport = {});

/// Whether the operation streams its response.
[[nodiscard]] bool is_streamed(const Task& task);

}  // namespace bench
