#include "local/model/sample_regex.hpp"

#include <algorithm>
#include <bitset>
#include <charconv>
#include <ranges>

namespace llm::local {
namespace {

constexpr std::size_t kCharacters = 128;
constexpr std::size_t kMaxCopies = 4096;
constexpr std::size_t kMaxPatternBytes = 4096;
// The limit of all text that is generated, discarded alternatives included.
constexpr std::size_t kMaxMatchBytes = 16'384;
constexpr int kMaxGroupDepth = 32;
// The preferred characters of a class.
constexpr std::string_view kPreferred = "aA0-_ .";

using Set = std::bitset<kCharacters>;

// ASCII only; no class contains other characters.
void add_range(char first, char last, Set& set) {
  const auto end = std::min<std::size_t>(static_cast<unsigned char>(last), set.size() - 1);
  for (std::size_t c = static_cast<unsigned char>(first); c <= end; ++c) set.set(c);
}

/// The characters of `\d`, `\w` and the like; empty for any other letter.
Set shorthand(char letter) {
  Set set;
  if (letter == 'd' || letter == 'D' || letter == 'w' || letter == 'W') add_range('0', '9', set);
  if (letter == 'w' || letter == 'W') {
    add_range('a', 'z', set);
    add_range('A', 'Z', set);
    set.set('_');
  }
  if (letter == 's' || letter == 'S') {
    for (const char c : {' ', '\t', '\n', '\r'}) set.set(static_cast<std::size_t>(c));
  }
  return letter == 'D' || letter == 'W' || letter == 'S' ? ~set : set;
}

char escaped(char letter) {
  if (letter == 'n') return '\n';
  if (letter == 't') return '\t';
  return letter == 'r' ? '\r' : letter;
}

/// One character of the set; empty for an empty set.
std::string pick(const Set& set) {
  for (const char c : kPreferred) {
    if (set.test(static_cast<std::size_t>(c))) return {c};
  }
  for (std::size_t c = '!'; c < kCharacters - 1; ++c) {
    if (set.test(c)) return {static_cast<char>(c)};
  }
  return {};
}

/// Parses an expression and generates a match on the way. `more` is how often an unbounded
/// repetition is repeated beyond its minimum.
class RegexSampler {
 public:
  RegexSampler(std::string_view pattern, std::size_t more) : rest_(pattern), more_(more) {}

  std::optional<std::string> sample() {
    std::string text = alternatives(0);
    if (failed_ || !rest_.empty()) return std::nullopt;
    return text;
  }

 private:
  bool take(std::string_view prefix) {
    if (!rest_.starts_with(prefix)) return false;
    rest_.remove_prefix(prefix.size());
    return true;
  }

  char next() {
    if (rest_.empty()) {
      failed_ = true;
      return ' ';
    }
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  // As deep as the groups of a pattern: kMaxGroupDepth.
  // NOLINTBEGIN(misc-no-recursion)

  /// Generates the first alternative; the others are only parsed.
  std::string alternatives(int depth) {
    std::string text = sequence(depth);
    while (take("|")) (void)sequence(depth);
    return text;
  }

  std::string sequence(int depth) {
    std::string text;
    while (!failed_ && !rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      const std::string match = atom(depth);
      const std::size_t copies = count();
      written_ += match.size() * copies;
      failed_ = failed_ || written_ > kMaxMatchBytes;
      for (std::size_t i = 0; i < copies && !failed_; ++i) text += match;
    }
    return text;
  }

  std::string atom(int depth) {
    const char c = next();
    if (c == '^' || c == '$') return {};
    if (c == '.') return "a";
    if (c == '(') return group(depth);
    if (c == '[') return character_class();
    if (c != '\\') {
      failed_ = failed_ || std::string_view("*+?{").contains(c);
      return {c};
    }
    const char letter = next();
    if (letter == 'b') return {};
    // Not supported: back references, `\u0041`, `\p{L}` and the like.
    failed_ =
        failed_ || (letter >= '0' && letter <= '9') || std::string_view("Bcpuxk").contains(letter);
    const Set set = shorthand(letter);
    return set.any() ? pick(set) : std::string(1, escaped(letter));
  }

  std::string group(int depth) {
    if (depth == kMaxGroupDepth || (rest_.starts_with("?") && !take("?:"))) {
      failed_ = true;
      return {};
    }
    std::string text = alternatives(depth + 1);
    failed_ = failed_ || !take(")");
    return text;
  }

  // NOLINTEND(misc-no-recursion)

  std::string character_class() {
    const bool negated = take("^");
    Set set;
    while (!failed_ && !take("]")) {
      const char first = next();
      if (first == '\\') {
        const char letter = next();
        const Set known = shorthand(letter);
        set |= known;
        if (known.none()) add_range(escaped(letter), escaped(letter), set);
        continue;
      }
      const bool range = rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']';
      char last = first;
      if (range) {
        next();
        last = next();
      }
      add_range(first, last, set);
    }
    std::string text = pick(negated ? ~set : set);
    failed_ = failed_ || text.empty();
    return text;
  }

  /// Parses a quantifier: how often the last atom is repeated.
  std::size_t count() {
    std::size_t min = 1;
    bool unbounded = false;
    if (take("*")) {
      min = 0;
      unbounded = true;
    } else if (take("+")) {
      unbounded = true;
    } else if (take("?")) {
      min = 0;
    } else if (take("{")) {
      min = number();
      if (take(",")) {
        unbounded = rest_.starts_with("}");
        if (!unbounded) (void)number();
      }
      failed_ = failed_ || !take("}");
    } else {
      return 1;
    }
    take("?");
    return unbounded ? min + more_ : min;
  }

  std::size_t number() {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    failed_ = failed_ || error != std::errc() || value > kMaxCopies;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return failed_ ? 0 : value;
  }

  std::string_view rest_;
  std::size_t more_;
  std::size_t written_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<std::string> sample_of_pattern(std::string_view pattern, std::size_t min_bytes) {
  if (pattern.size() > kMaxPatternBytes) return std::nullopt;
  std::optional<std::string> text = RegexSampler(pattern, 0).sample();
  // A sample with text says more than an empty one.
  const std::size_t min_size = std::max<std::size_t>(min_bytes, 1);
  if (!text || text->size() >= min_size) return text;

  // More repetitions make the text longer, if any is unbounded.
  const auto is_short = [&](std::size_t more) {
    const std::optional<std::string> longer = RegexSampler(pattern, more).sample();
    return longer && longer->size() < min_size;
  };
  const auto repetitions = std::views::iota(std::size_t{1}, min_size + 1);
  const auto enough = std::ranges::partition_point(repetitions, is_short);
  if (enough != repetitions.end()) return RegexSampler(pattern, *enough).sample();
  return min_bytes == 0 ? text : std::nullopt;
}

}  // namespace llm::local
