#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace llm::local {

/// A short text of at least `min_bytes` that a regular expression of JSON Schema matches. nullopt
/// for an expression that holds more than characters, classes, groups, choices and repetition, and
/// when no text is that long.
/// Source: ECMA-262, "Patterns".
[[nodiscard]] std::optional<std::string> sample_of_pattern(std::string_view pattern,
                                                           std::size_t min_bytes);

}  // namespace llm::local
