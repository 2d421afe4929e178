#pragma once

#include <array>
#include <cstddef>
#include <string>

namespace llm::base {

/// A UUID of version 4 (RFC 9562) in lower-case text, made from 16 random bytes.
[[nodiscard]] std::string uuid_v4(std::array<std::byte, 16> random);

}  // namespace llm::base
