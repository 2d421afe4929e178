#pragma once

#include <string>
#include <string_view>

namespace cli {

/// `text` and blanks up to `width`.
[[nodiscard]] std::string left(std::string_view text, std::size_t width);
/// Blanks up to `width`, then `text`.
[[nodiscard]] std::string right(std::string_view text, std::size_t width);

/// A number with at most six significant digits: `0.25`, `1.04858`.
[[nodiscard]] std::string short_number(double number);
/// A number with six digits after the point.
[[nodiscard]] std::string fixed_number(double number);
/// The shortest text that reads back as the same number.
[[nodiscard]] std::string exact_number(double number);

}  // namespace cli
