#include "layout.hpp"

#include <array>
#include <charconv>

namespace cli {
namespace {

constexpr int kDigits = 6;

template <typename... Format>
std::string written(double number, Format... format) {
  // The longest double without an exponent has 309 digits before the point.
  std::array<char, 400> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format...).ptr;
  return {buffer.data(), end};
}

std::string blanks(std::string_view text, std::size_t width) {
  return std::string(text.size() < width ? width - text.size() : 0, ' ');
}

}  // namespace

std::string left(std::string_view text, std::size_t width) {
  return std::string(text) + blanks(text, width);
}

std::string right(std::string_view text, std::size_t width) {
  return blanks(text, width).append(text);
}

std::string short_number(double number) {
  return written(number, std::chars_format::general, kDigits);
}

std::string fixed_number(double number) {
  return written(number, std::chars_format::fixed, kDigits);
}

std::string exact_number(double number) { return written(number); }

}  // namespace cli
