#include "local/guardrails/regex.hpp"

#include <utility>
#include <vector>

#include "base/text.hpp"
#include "local/guardrails/regex_program.hpp"

namespace llm::local {
namespace {

bool is_word_byte(std::string_view text, std::size_t at) {
  return at < text.size() && (base::is_letter_or_digit(text[at]) || text[at] == '_');
}

bool is_edge(std::string_view text, std::size_t at) {
  return is_word_byte(text, at) != (at > 0 && is_word_byte(text, at - 1));
}

/// A way to match: the next instruction, and where the match began.
struct RegexThread {
  std::size_t next = 0;
  std::size_t begin = 0;
};

/// Follows all ways to match at once, in the order in which a backtracking search would try them.
class RegexSearch {
 public:
  RegexSearch(const RegexProgram& program, std::string_view text, MatchBudget& budget)
      : program_(program),
        text_(text),
        budget_(budget),
        seen_(program.instructions.size(), kNever) {
    budget_.spend(static_cast<std::int64_t>(seen_.size() / 8));
  }

  std::optional<TextSpan> run(std::size_t from) {
    std::optional<TextSpan> found;
    std::size_t at = from;
    while (!budget_.is_spent()) {
      // A later beginning counts only until something has matched.
      if (!found) add(0, at, at);
      if (threads_.empty() && found) break;
      const auto [c, bytes] = at < text_.size() ? decode_code_point(text_.substr(at))
                                                : std::pair<char32_t, std::size_t>{};
      step(c, at, bytes, found);
      if (at >= text_.size()) break;
      at += bytes;
    }
    return budget_.is_spent() ? std::nullopt : found;
  }

 private:
  static constexpr std::size_t kNever = static_cast<std::size_t>(-1);

  /// Moves all threads past one code point; `bytes` is 0 at the end of the text.
  void step(char32_t c, std::size_t at, std::size_t bytes, std::optional<TextSpan>& found) {
    std::vector<RegexThread> current = std::exchange(threads_, std::move(spare_));
    threads_.clear();
    for (const RegexThread& thread : current) {
      budget_.spend(1);
      const RegexInstruction& instruction = program_.instructions[thread.next];
      if (instruction.step == RegexStep::match) {
        // Threads after this one are less preferred.
        found = {.begin = thread.begin, .end = at};
        break;
      }
      if (bytes > 0 && program_.sets[instruction.index].contains(c)) {
        add(thread.next + 1, thread.begin, at + bytes);
      }
    }
    spare_ = std::move(current);
  }

  /// Adds the threads that `first` leads to without taking a character.
  void add(std::size_t first, std::size_t begin, std::size_t at) {
    pending_.push_back(first);
    while (!pending_.empty()) {
      const std::size_t next = pending_.back();
      pending_.pop_back();
      if (seen_[next] == at) continue;
      seen_[next] = at;
      budget_.spend(1);
      follow(next, begin, at);
    }
  }

  void follow(std::size_t next, std::size_t begin, std::size_t at) {
    const RegexInstruction& instruction = program_.instructions[next];
    switch (instruction.step) {
      case RegexStep::take:
      case RegexStep::match:
        threads_.push_back({.next = next, .begin = begin});
        return;
      case RegexStep::fork:
        pending_.push_back(target(next, instruction.second));
        pending_.push_back(target(next, instruction.first));
        return;
      case RegexStep::jump:
        pending_.push_back(target(next, instruction.first));
        return;
      case RegexStep::at_begin:
        if (at == 0) pending_.push_back(next + 1);
        return;
      case RegexStep::at_end:
        if (at == text_.size()) pending_.push_back(next + 1);
        return;
      case RegexStep::at_edge:
        if (is_edge(text_, at)) pending_.push_back(next + 1);
        return;
      case RegexStep::not_at_edge:
        if (!is_edge(text_, at)) pending_.push_back(next + 1);
        return;
    }
  }

  static std::size_t target(std::size_t from, int offset) {
    return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(from) + offset);
  }

  const RegexProgram& program_;
  std::string_view text_;
  MatchBudget& budget_;
  std::vector<std::size_t> seen_;  ///< By instruction: where it was added last.
  std::vector<std::size_t> pending_;
  std::vector<RegexThread> threads_;
  std::vector<RegexThread> spare_;
};

}  // namespace

std::optional<Regex> Regex::compile(std::string_view pattern) {
  std::optional<RegexProgram> program = compile_regex(pattern);
  if (!program) return std::nullopt;
  return Regex(std::make_shared<const RegexProgram>(std::move(*program)));
}

std::optional<TextSpan> Regex::find(std::string_view text, std::size_t from,
                                    MatchBudget& budget) const {
  return RegexSearch(*program_, text, budget).run(from);
}

}  // namespace llm::local
