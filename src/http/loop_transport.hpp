#pragma once

#include <memory>

#include <llm/transport.hpp>

#include "loop/core.hpp"
#include "loop/exchange.hpp"

namespace llm::http {

/// The requests of `transport` on a loop: one multi handle, whose connections, names and TLS
/// sessions its exchanges share. Null when `transport` is not one of `curl_transport`. Must be used
/// on the loop's thread, and may outlive the loop: then every request fails with `cancelled`.
[[nodiscard]] std::unique_ptr<loop::AsyncTransport> loop_transport(const Transport& transport,
                                                                   loop::Core& core);

}  // namespace llm::http
