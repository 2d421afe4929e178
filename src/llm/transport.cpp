#include <llm/transport.hpp>

#include "base/text.hpp"

namespace llm {

std::string_view HttpResponseHead::header(std::string_view name) const {
  for (const HttpHeader& field : headers) {
    if (base::equals_ignoring_case(field.name, name)) return field.value;
  }
  return {};
}

}  // namespace llm
