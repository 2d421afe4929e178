#pragma once

#include <array>
#include <string_view>

namespace llm::base {

/// A set of bytes with constant-time lookup.
class ByteSet {
 public:
  constexpr explicit ByteSet(std::string_view members) {
    for (const char member : members) is_member_[static_cast<unsigned char>(member)] = true;
  }

  [[nodiscard]] constexpr bool contains(char byte) const {
    return is_member_[static_cast<unsigned char>(byte)];
  }

 private:
  std::array<bool, 256> is_member_{};
};

}  // namespace llm::base
