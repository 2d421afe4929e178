#include "base/uuid.hpp"

#include <array>

#include "base/sha256.hpp"

namespace llm::bedrock {

std::string make_uuid(const port::System& system) {
  std::array<char, 16> bytes{};
  system.random_bytes(std::as_writable_bytes(std::span(bytes)));
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string text;
  text.reserve(36);
  std::string_view left(bytes.data(), bytes.size());
  for (const std::size_t group : {4U, 2U, 2U, 2U, 6U}) {
    if (!text.empty()) text += '-';
    base::append_hex(left.substr(0, group), text);
    left.remove_prefix(group);
  }
  return text;
}

}  // namespace llm::bedrock
