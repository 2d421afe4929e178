#include "base/uuid.hpp"

#include <span>
#include <string_view>

#include "base/sha256.hpp"

namespace llm::base {

std::string uuid_v4(std::array<std::byte, 16> random) {
  random[6] = (random[6] & std::byte{0x0f}) | std::byte{0x40};
  random[8] = (random[8] & std::byte{0x3f}) | std::byte{0x80};
  std::string text;
  text.reserve(36);
  std::string_view left(reinterpret_cast<const char*>(random.data()), random.size());
  for (const std::size_t group : {4U, 2U, 2U, 2U, 6U}) {
    if (!text.empty()) text += '-';
    append_hex(left.substr(0, group), text);
    left.remove_prefix(group);
  }
  return text;
}

}  // namespace llm::base
