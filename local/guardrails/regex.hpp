#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace llm::local {

/// A limit for the work of matching, shared by all expressions of a request: a guardrail and its
/// texts may be hostile.
class MatchBudget {
 public:
  /// About half a second.
  static constexpr std::int64_t kSteps = 50'000'000;

  explicit MatchBudget(std::int64_t steps = kSteps) : left_(steps) {}
  void spend(std::int64_t steps) { left_ -= steps; }
  [[nodiscard]] bool is_spent() const { return left_ < 0; }

 private:
  std::int64_t left_;
};

/// A range of bytes, the end exclusive.
struct TextSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct RegexProgram;

/// A regular expression without look-around and back references, as guardrails have them. Every
/// search takes time proportional to the text times the expression: all ways to match are followed
/// at once, none is tried again. Cheap to copy; safe from any thread.
/// Source: Bedrock User Guide, "Sensitive information filters".
class Regex {
 public:
  /// nullopt for an expression that is invalid, not supported or too large.
  [[nodiscard]] static std::optional<Regex> compile(std::string_view pattern);

  /// The first match that begins at byte `from` or later; of several that begin there, the one
  /// that a backtracking search would find first. nullopt also when the budget is spent.
  [[nodiscard]] std::optional<TextSpan> find(std::string_view text, std::size_t from,
                                             MatchBudget& budget) const;

 private:
  explicit Regex(std::shared_ptr<const RegexProgram> program) : program_(std::move(program)) {}

  std::shared_ptr<const RegexProgram> program_;
};

}  // namespace llm::local
