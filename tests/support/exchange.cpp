#include "tests/support/exchange.hpp"

#include <memory>
#include <utility>

namespace llm::test_support {

HttpRequest get(std::string url) { return {.method = "GET", .url = std::move(url)}; }

HttpRequest post(std::string url, std::string body) {
  return {.method = "POST",
          .url = std::move(url),
          .body = std::make_shared<const std::string>(std::move(body))};
}

Result<std::string> read_all(HttpExchange& exchange) {
  std::string body;
  while (true) {
    const auto bytes = exchange.read_some();
    if (!bytes) return std::unexpected(bytes.error());
    if (bytes->empty()) return body;
    body.append(*bytes);
  }
}

Result<std::string> read_once(HttpExchange& exchange) {
  const auto bytes = exchange.read_some();
  if (!bytes) return std::unexpected(bytes.error());
  return std::string(*bytes);
}

Result<std::string> fetch(const Transport& transport, const HttpRequest& request) {
  auto exchange = transport.send(request, {});
  if (!exchange) return std::unexpected(exchange.error());
  return read_all(**exchange);
}

}  // namespace llm::test_support
