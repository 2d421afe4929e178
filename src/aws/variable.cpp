#include "aws/variable.hpp"

#include "base/text.hpp"

namespace llm::aws {

std::optional<std::string> variable(const port::System& system, std::string_view name) {
  auto value = system.env(name);
  if (!value || base::is_blank(*value)) return std::nullopt;
  return value;
}

}  // namespace llm::aws
