#include "local/exchange.hpp"

#include "base/text.hpp"

namespace llm::local {

std::string_view Request::header(std::string_view name) const {
  for (const HttpHeader& header : headers) {
    if (base::equals_ignoring_case(header.name, name)) return header.value;
  }
  return {};
}

}  // namespace llm::local
