#include "base/uuid.hpp"

#include "base/sha256.hpp"

namespace llm::base {

std::string uuid_v4(std::array<std::byte, 16> random) {
  random[6] = (random[6] & std::byte{0x0f}) | std::byte{0x40};
  random[8] = (random[8] & std::byte{0x3f}) | std::byte{0x80};
  const std::string digits = hex({reinterpret_cast<const char*>(random.data()), random.size()});
  std::string text(36, '-');
  digits.copy(&text[0], 8);
  digits.copy(&text[9], 4, 8);
  digits.copy(&text[14], 4, 12);
  digits.copy(&text[19], 4, 16);
  digits.copy(&text[24], 12, 20);
  return text;
}

}  // namespace llm::base
