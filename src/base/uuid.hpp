#pragma once

#include <string>

#include "port/system.hpp"

namespace llm::bedrock {

/// A random UUID (RFC 9562, version 4) in lower-case text.
[[nodiscard]] std::string make_uuid(const port::System& system);

}  // namespace llm::bedrock
