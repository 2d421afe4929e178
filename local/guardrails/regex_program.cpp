#include "local/guardrails/regex_program.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/text.hpp"

namespace llm::local {
namespace {

constexpr std::size_t kMaxInstructions = 4096;
constexpr std::size_t kMaxRepetitions = 1000;
constexpr int kMaxRegexDepth = 32;

using Fragment = std::vector<RegexInstruction>;

void add_word_characters(CodePointSet& set) {
  set.ranges.insert(set.ranges.end(), {{U'0', U'9'}, {U'A', U'Z'}, {U'_', U'_'}, {U'a', U'z'}});
}

/// The set of `\d`, `\w`, `\s` and their opposites; nullopt for any other letter.
std::optional<CodePointSet> class_of(char32_t letter) {
  CodePointSet set{.negated = letter == U'D' || letter == U'W' || letter == U'S'};
  if (letter == U'd' || letter == U'D') {
    set.ranges = {{U'0', U'9'}};
  } else if (letter == U'w' || letter == U'W') {
    add_word_characters(set);
  } else if (letter == U's' || letter == U'S') {
    set.ranges = {{U'\t', U'\r'}, {U' ', U' '}};
  } else {
    return std::nullopt;
  }
  return set;
}

/// Whether a backslash makes this character mean itself.
bool is_escapable(char32_t c) {
  return c > 0x20 && c < 0x7f && !base::is_letter_or_digit(static_cast<char>(c));
}

class RegexCompiler {
 public:
  explicit RegexCompiler(std::string_view pattern) : rest_(pattern) {}

  std::optional<RegexProgram> compile() {
    fold_ = take("(?i)");
    program_.instructions = alternatives(0);
    program_.instructions.push_back({});
    if (failed_ || !rest_.empty()) return std::nullopt;
    return std::move(program_);
  }

 private:
  bool take(std::string_view prefix) {
    if (!rest_.starts_with(prefix)) return false;
    rest_.remove_prefix(prefix.size());
    return true;
  }

  char32_t next() {
    if (rest_.empty()) {
      failed_ = true;
      return U' ';
    }
    const auto [c, bytes] = decode_code_point(rest_);
    rest_.remove_prefix(bytes);
    return c;
  }

  void append(const Fragment& part, Fragment& whole) {
    failed_ = failed_ || whole.size() + part.size() > kMaxInstructions;
    if (!failed_) whole.insert(whole.end(), part.begin(), part.end());
  }

  static int size_of(const Fragment& fragment) { return static_cast<int>(fragment.size()); }

  // As deep as the groups of an expression: kMaxRegexDepth.
  // NOLINTBEGIN(misc-no-recursion)

  Fragment alternatives(int depth) {
    std::vector<Fragment> all{sequence(depth)};
    while (!failed_ && take("|")) all.push_back(sequence(depth));
    Fragment whole = std::move(all.back());
    all.pop_back();
    for (; !all.empty() && !failed_; all.pop_back()) {
      Fragment both{{.step = RegexStep::fork, .second = size_of(all.back()) + 2}};
      append(all.back(), both);
      both.push_back({.step = RegexStep::jump, .first = size_of(whole) + 1});
      append(whole, both);
      whole = std::move(both);
    }
    return whole;
  }

  Fragment sequence(int depth) {
    Fragment whole;
    while (!failed_ && !rest_.empty() && !rest_.starts_with('|') && !rest_.starts_with(')')) {
      append(repeated(atom(depth)), whole);
    }
    return whole;
  }

  Fragment atom(int depth) {
    const char32_t c = next();
    switch (c) {
      case U'^':
        return {{.step = RegexStep::at_begin}};
      case U'$':
        return {{.step = RegexStep::at_end}};
      case U'.':
        return one_of({.ranges = {{U'\n', U'\n'}}, .negated = true});
      case U'(':
        return group(depth);
      case U'[':
        return one_of(bracket());
      case U'\\':
        return escape();
      case U'*':
      case U'+':
      case U'?':
      case U'{':
        failed_ = true;
        return {};
      default:
        return one_of({.ranges = {{c, c}}});
    }
  }

  Fragment group(int depth) {
    if (depth == kMaxRegexDepth || (rest_.starts_with('?') && !take("?:"))) {
      failed_ = true;
      return {};
    }
    Fragment inner = alternatives(depth + 1);
    failed_ = failed_ || !take(")");
    return inner;
  }

  // NOLINTEND(misc-no-recursion)

  Fragment one_of(CodePointSet set) {
    if (fold_) add_other_case(set);
    program_.sets.push_back(std::move(set));
    return {{.step = RegexStep::take, .index = program_.sets.size() - 1}};
  }

  static void add_other_case(CodePointSet& set) {
    const CodePointSet letters{.ranges = set.ranges};
    for (char32_t lower = U'a'; lower <= U'z'; ++lower) {
      const char32_t upper = lower - U'a' + U'A';
      if (letters.contains(lower)) set.ranges.emplace_back(upper, upper);
      if (letters.contains(upper)) set.ranges.emplace_back(lower, lower);
    }
  }

  Fragment escape() {
    const char32_t letter = next();
    if (letter == U'b') return {{.step = RegexStep::at_edge}};
    if (letter == U'B') return {{.step = RegexStep::not_at_edge}};
    if (auto known = class_of(letter)) return one_of(std::move(*known));
    const char32_t c = escaped_character(letter);
    return one_of({.ranges = {{c, c}}});
  }

  /// Not supported: back references, `\x41`, `\p{L}` and the like.
  char32_t escaped_character(char32_t letter) {
    if (letter == U'n') return U'\n';
    if (letter == U'r') return U'\r';
    if (letter == U't') return U'\t';
    failed_ = failed_ || !is_escapable(letter);
    return letter;
  }

  CodePointSet bracket() {
    CodePointSet set;
    const bool negated = take("^");
    for (bool first = true; !failed_ && (first || !take("]")); first = false) {
      char32_t low = next();
      if (low == U'\\') {
        const char32_t letter = next();
        if (const auto known = class_of(letter)) {
          // A set within a set: only those that are not negated can be joined.
          failed_ = failed_ || known->negated;
          set.ranges.insert(set.ranges.end(), known->ranges.begin(), known->ranges.end());
          continue;
        }
        low = escaped_character(letter);
      }
      char32_t high = low;
      if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']') {
        (void)next();
        high = next();
        if (high == U'\\') high = escaped_character(next());
      }
      failed_ = failed_ || high < low;
      set.ranges.emplace_back(low, high);
    }
    set.negated = negated;
    return set;
  }

  /// The atom with the quantifier that follows it, if any.
  Fragment repeated(const Fragment& atom) {
    std::size_t min = 1;
    std::optional<std::size_t> max = 1;
    if (take("*")) {
      min = 0;
      max.reset();
    } else if (take("+")) {
      max.reset();
    } else if (take("?")) {
      min = 0;
    } else if (take("{")) {
      min = count();
      max = min;
      if (take(",")) {
        max.reset();
        if (!rest_.starts_with('}')) max = count();
      }
      failed_ = failed_ || !take("}") || (max && *max < min);
    } else {
      return atom;
    }
    const bool lazy = take("?");
    // Two quantifiers in a row.
    failed_ = failed_ || rest_.starts_with('*') || rest_.starts_with('+') || rest_.starts_with('?');
    return copies(atom, min, max, lazy);
  }

  Fragment copies(const Fragment& atom, std::size_t min, std::optional<std::size_t> max,
                  bool lazy) {
    Fragment whole;
    for (std::size_t i = 0; i < min && !failed_; ++i) append(atom, whole);
    const int past = size_of(atom) + 1;
    if (!max) {
      whole.push_back(fork(1, past + 1, lazy));
      append(atom, whole);
      whole.push_back({.step = RegexStep::jump, .first = -past});
      return whole;
    }
    for (std::size_t i = min; i < *max && !failed_; ++i) {
      whole.push_back(fork(1, past, lazy));
      append(atom, whole);
    }
    return whole;
  }

  static RegexInstruction fork(int into, int past, bool lazy) {
    if (lazy) std::swap(into, past);
    return {.step = RegexStep::fork, .first = into, .second = past};
  }

  std::size_t count() {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    failed_ = failed_ || error != std::errc() || value > kMaxRepetitions;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return failed_ ? 0 : value;
  }

  std::string_view rest_;
  RegexProgram program_;
  bool fold_ = false;
  bool failed_ = false;
};

}  // namespace

bool CodePointSet::contains(char32_t c) const {
  const bool listed = std::ranges::any_of(
      ranges, [c](const auto& range) { return range.first <= c && c <= range.second; });
  return listed != negated;
}

std::optional<RegexProgram> compile_regex(std::string_view pattern) {
  return RegexCompiler(pattern).compile();
}

std::pair<char32_t, std::size_t> decode_code_point(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
  };
  const char32_t first = byte(0);
  const std::size_t bytes = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (bytes == 1 || bytes > text.size()) return {first, 1};
  char32_t c = first & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {first, 1};
    c = (c << 6U) | (byte(i) & 0x3FU);
  }
  return {c, bytes};
}

}  // namespace llm::local
