#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace llm::json {

/// A document as simdjson lays it down (simdjson, doc/tape.md): a row of words, one for each value,
/// key and bracket, whose highest byte is a tag and whose rest says where a string lies or where a
/// bracket's partner is. A number has its value in a second word. The view of a parser's buffers;
/// the text itself lies behind the strings (see source_number.hpp).
///
/// Read here rather than through simdjson's own handles, which are made anew for every step:
/// finding members is most of what reading a stream costs beside parsing it.
struct Tape {
  std::uint64_t* words = nullptr;
  const std::uint8_t* strings = nullptr;

  static constexpr char kObject = '{';
  static constexpr char kArray = '[';
  static constexpr char kString = '"';
  static constexpr char kInteger = 'l';   ///< Within the signed 64 bits.
  static constexpr char kUnsigned = 'u';  ///< Beyond them, within the unsigned.
  static constexpr char kDouble = 'd';    ///< And an integer beyond 64 bits, about.
  static constexpr char kTrue = 't';
  static constexpr char kFalse = 'f';

  [[nodiscard]] char tag(std::size_t place) const { return static_cast<char>(words[place] >> 56); }

  /// Requires: a key or a string stands there.
  [[nodiscard]] std::string_view string(std::size_t place) const {
    const std::uint8_t* const string = strings + (words[place] & 0x00FF'FFFF'FFFF'FFFF);
    std::uint32_t size = 0;
    std::memcpy(&size, string, sizeof size);
    return {reinterpret_cast<const char*>(string + sizeof size), size};
  }

  /// Requires: a number of that type stands there.
  template <typename Number>
  [[nodiscard]] Number number(std::size_t place) const {
    static_assert(sizeof(Number) == sizeof(std::uint64_t));
    Number number = 0;
    std::memcpy(&number, words + place + 1, sizeof number);
    return number;
  }

  /// The place behind a value with all that is in it.
  [[nodiscard]] std::size_t behind(std::size_t place) const {
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

  /// How many members or elements it has: exact below kManyMembers, which stands for "so many or
  /// more". Requires: an array or object begins there.
  [[nodiscard]] std::size_t count(std::size_t place) const {
    return words[place] >> 32 & kManyMembers;
  }
  static constexpr std::size_t kManyMembers = 0xFF'FFFF;

  /// The place of the closing bracket. Requires: an array or object begins there.
  [[nodiscard]] std::size_t closing(std::size_t place) const {
    return static_cast<std::uint32_t>(words[place]) - 1;
  }
};

}  // namespace llm::json
