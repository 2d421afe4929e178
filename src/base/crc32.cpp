#include "base/crc32.hpp"

#include <libdeflate.h>

namespace llm::base {

std::uint32_t crc32(std::string_view bytes, std::uint32_t seed) {
  // libdeflate takes a null buffer as "give me the first value", whatever the seed is.
  if (bytes.empty()) return seed;
  return libdeflate_crc32(seed, bytes.data(), bytes.size());
}

}  // namespace llm::base
