#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace llm::local {

/// A short text of at least `min_bytes` that matches a regular expression of JSON Schema. nullopt
/// for an expression with more than characters, classes, groups, alternatives and repetitions, and
/// when no match is that long.
/// Source: ECMA-262, "Patterns".
[[nodiscard]] std::optional<std::string> sample_of_pattern(std::string_view pattern,
                                                           std::size_t min_bytes);

}  // namespace llm::local
