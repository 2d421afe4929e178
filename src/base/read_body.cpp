#include "base/read_body.hpp"

#include <utility>

namespace llm::base {

Result<BodyRead> read_body(HttpExchange& exchange, std::size_t max_bytes, std::string& body) {
  while (true) {
    Result<std::string_view> bytes = exchange.read_some();
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    if (bytes->empty()) return BodyRead::whole;
    const std::size_t room = max_bytes - body.size();
    body.append(bytes->substr(0, room));
    if (bytes->size() > room) return BodyRead::cut_off;
  }
}

}  // namespace llm::base
