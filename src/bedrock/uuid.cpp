#include "bedrock/uuid.hpp"

#include <array>

#include "base/sha256.hpp"

namespace llm::bedrock {

std::string make_uuid(const port::System& system) {
  std::array<char, 16> bytes{};
  system.random_bytes(std::as_writable_bytes(std::span(bytes)));
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string text = base::hex(std::string_view(bytes.data(), bytes.size()));
  for (const std::size_t position : {8U, 13U, 18U, 23U}) text.insert(position, 1, '-');
  return text;
}

}  // namespace llm::bedrock
