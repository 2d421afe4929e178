#pragma once

#include <memory>
#include <string>

#include "local/http/connection.hpp"

namespace llm::local {

/// Serves HTTP/2 until either side closes. `received` holds the bytes already read from the
/// connection. `events` must outlive the connection.
[[nodiscard]] boost::asio::awaitable<void> serve_http2(std::shared_ptr<Connection> connection,
                                                       std::string received,
                                                       const ListenerEvents& events);

}  // namespace llm::local
