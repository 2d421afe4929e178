#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace llm::local {

/// A set of code points, as ranges with both ends inclusive.
struct CodePointSet {
  std::vector<std::pair<char32_t, char32_t>> ranges{};
  bool negated = false;

  [[nodiscard]] bool contains(char32_t c) const;
};

enum class RegexStep {
  take,         ///< A code point of the set `index`.
  fork,         ///< Both `first` and `second`, the first preferred.
  jump,         ///< `first`
  at_begin,     ///< The beginning of the text.
  at_end,       ///< The end of the text.
  at_edge,      ///< A word begins or ends.
  not_at_edge,  ///< None does.
  match,
};

/// Targets are relative to the instruction, so that fragments can be copied.
struct RegexInstruction {
  RegexStep step = RegexStep::match;
  int first = 1;
  int second = 1;
  std::size_t index = 0;
};

/// A compiled expression, which ends with `match`.
struct RegexProgram {
  std::vector<RegexInstruction> instructions{};
  std::vector<CodePointSet> sets{};
};

/// nullopt for an expression that is invalid, not supported or longer than 4,096 instructions.
[[nodiscard]] std::optional<RegexProgram> compile_regex(std::string_view pattern);

/// The code point at the start of UTF-8 text that is not empty, and its bytes. A byte that is not
/// part of a valid character stands for itself.
[[nodiscard]] std::pair<char32_t, std::size_t> decode_code_point(std::string_view text);

}  // namespace llm::local
