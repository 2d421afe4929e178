#pragma once

#include <limits>
#include <span>
#include <string_view>

namespace llm::local::service_model {

/// A member of a structure or union of the service model.
struct Member {
  std::string_view shape{};
  std::string_view name{};
  std::string_view type{};  ///< A shape, a scalar, `document`, `[x]` for a list, `{x}` for a map.
  bool required = false;
  double minimum = 0;  ///< Of elements of a list or map.
  double maximum = std::numeric_limits<double>::infinity();
};

enum class ScalarKind { string, integer, number, boolean };

/// A scalar and its constraints: the range of a number, the length and content of a string.
struct Scalar {
  std::string_view name{};
  ScalarKind kind = ScalarKind::string;
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  std::string_view choices{};           ///< Of an enumeration, separated by spaces.
  std::string_view pattern{};           ///< As AWS writes it; empty: none.
  std::string_view other_characters{};  ///< Allowed by `pattern` besides letters and digits.
};

/// The members of a shape; none for an empty structure.
[[nodiscard]] std::span<const Member> members_of(std::string_view shape);
/// The member of that name, or null.
[[nodiscard]] const Member* find_member(std::string_view shape, std::string_view name);
/// Whether exactly one member must be set.
[[nodiscard]] bool is_union(std::string_view shape);
/// The scalar of that name; null for the name of a shape.
[[nodiscard]] const Scalar* find_scalar(std::string_view name);

}  // namespace llm::local::service_model
