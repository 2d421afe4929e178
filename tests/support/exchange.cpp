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
  CollectingSink sink;
  while (true) {
    const auto more = exchange.read_some(sink);
    if (!more) return std::unexpected(more.error());
    if (!*more) return sink.bytes();
  }
}

Result<std::string> read_once(HttpExchange& exchange) {
  CollectingSink sink;
  const auto more = exchange.read_some(sink);
  if (!more) return std::unexpected(more.error());
  return sink.bytes();
}

Result<std::string> fetch(const Transport& transport, const HttpRequest& request) {
  auto exchange = transport.send(request, {});
  if (!exchange) return std::unexpected(exchange.error());
  return read_all(**exchange);
}

}  // namespace llm::test_support
