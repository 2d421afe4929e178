#pragma once

#include <string>

#include <llm/transport.hpp>

namespace llm::test_support {

/// A request without headers or limits beyond the defaults.
[[nodiscard]] HttpRequest get(std::string url);
[[nodiscard]] HttpRequest post(std::string url, std::string body);

/// The rest of the body.
[[nodiscard]] Result<std::string> read_all(HttpExchange& exchange);

/// The result of the next `read_some`; empty at the end of the body.
[[nodiscard]] Result<std::string> read_once(HttpExchange& exchange);

/// Sends the request and reads the whole body.
[[nodiscard]] Result<std::string> fetch(const Transport& transport, const HttpRequest& request);

}  // namespace llm::test_support
