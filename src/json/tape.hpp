#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace llm::json {

/// A parsed document in simdjson's format (simdjson, doc/tape.md): one word for each value, key and
/// bracket. The high byte is a tag; the rest is the offset of a string or the index of the matching
/// bracket. A number has its value in a second word. This is a view of a parser's buffers; the text
/// itself follows the strings (see source_number.hpp).
///
/// Read directly rather than through simdjson's handles, which are rebuilt at every step: finding
/// members is most of the cost of reading a stream besides parsing.
struct Tape {
  std::uint64_t* words = nullptr;
  const std::uint8_t* strings = nullptr;

  static constexpr char kObject = '{';
  static constexpr char kArray = '[';
  static constexpr char kString = '"';
  static constexpr char kInteger = 'l';   ///< Fits signed 64 bits.
  static constexpr char kUnsigned = 'u';  ///< Fits unsigned 64 bits only.
  static constexpr char kDouble = 'd';    ///< Also an integer beyond 64 bits, approximated.
  static constexpr char kTrue = 't';
  static constexpr char kFalse = 'f';

  [[nodiscard]] char tag(std::size_t place) const { return static_cast<char>(words[place] >> 56); }

  /// Requires: a key or a string at `place`.
  [[nodiscard]] std::string_view string(std::size_t place) const {
    const std::uint8_t* const string = strings + (words[place] & 0x00FF'FFFF'FFFF'FFFF);
    std::uint32_t size = 0;
    std::memcpy(&size, string, sizeof size);
    return {reinterpret_cast<const char*>(string + sizeof size), size};
  }

  /// Requires: a number of that type at `place`.
  template <typename Number>
  [[nodiscard]] Number number(std::size_t place) const {
    static_assert(sizeof(Number) == sizeof(std::uint64_t));
    Number number = 0;
    std::memcpy(&number, words + place + 1, sizeof number);
    return number;
  }

  /// The place after a value and everything inside it.
  [[nodiscard]] std::size_t next(std::size_t place) const {
    switch (tag(place)) {
      case kObject:
      case kArray:
        return static_cast<std::uint32_t>(words[place]);
      case kInteger:
      case kUnsigned:
      case kDouble:
        return place + 2;
      default:
        return place + 1;
    }
  }

  /// Number of members or elements; kManyMembers means that many or more.
  /// Requires: an array or object begins at `place`.
  [[nodiscard]] std::size_t count(std::size_t place) const {
    return words[place] >> 32 & kManyMembers;
  }
  static constexpr std::size_t kManyMembers = 0xFF'FFFF;

  /// The place of the closing bracket. Requires: an array or object begins at `place`.
  [[nodiscard]] std::size_t closing(std::size_t place) const {
    return static_cast<std::uint32_t>(words[place]) - 1;
  }
};

}  // namespace llm::json
