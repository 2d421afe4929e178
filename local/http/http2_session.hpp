#pragma once

#include <memory>
#include <string>

#include "local/http/connection.hpp"

namespace llm::local {

/// Serves HTTP/2 until either side has had enough, then closes the connection. `received` is what
/// was read of it before. `events` must outlive the connection.
[[nodiscard]] boost::asio::awaitable<void> serve_http2(std::shared_ptr<Connection> connection,
                                                       std::string received,
                                                       const ListenerEvents& events);

}  // namespace llm::local
