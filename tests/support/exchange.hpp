#pragma once

#include <string>

#include <llm/transport.hpp>

namespace llm::test_support {

/// A request without headers or limits beyond the defaults.
[[nodiscard]] HttpRequest get(std::string url);
[[nodiscard]] HttpRequest post(std::string url, std::string body);

/// The whole body that is still to come.
[[nodiscard]] Result<std::string> read_all(HttpExchange& exchange);

/// What the next `read_some` gives; empty at the end of the body.
[[nodiscard]] Result<std::string> read_once(HttpExchange& exchange);

/// Sends, and reads the whole body.
[[nodiscard]] Result<std::string> fetch(const Transport& transport, const HttpRequest& request);

}  // namespace llm::test_support
