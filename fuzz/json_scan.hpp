#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace llm::fuzz {

/// Part of a text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Where the parts of a JSON text are.
struct JsonParts {
  std::vector<Span> values{};  ///< The root is the last.
  std::vector<Span> keys{};
  std::vector<Span> members{};   ///< `"key":value`
  std::vector<Span> elements{};  ///< Of arrays.
};

/// Finds the parts of JSON texts, roughly: numbers and words are not checked.
class JsonScan {
 public:
  explicit JsonScan(std::string_view text) : text_(text) {}

  /// False for what does not begin with a value.
  bool run() { return value(0); }
  [[nodiscard]] const JsonParts& parts() const { return parts_; }
  /// Where the value ends.
  [[nodiscard]] std::size_t end() const { return at_; }

 private:
  static constexpr int kMaxDepth = 64;

  void skip_space() {
    while (at_ < text_.size() && text_.find_first_of(" \t\r\n", at_) == at_) ++at_;
  }
  bool take(char byte) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != byte) return false;
    ++at_;
    return true;
  }

  bool string() {
    if (!take('"')) return false;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\')
        ++at_;
      else if (text_[at_] == '"')
        return ++at_, true;
    }
    return false;
  }

  bool word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_.find_first_of(" \t\r\n,:[]{}\"", at_) != at_) ++at_;
    return at_ > begin;
  }

  // NOLINTNEXTLINE(misc-no-recursion): kMaxDepth
  bool value(int depth) {
    skip_space();
    const std::size_t begin = at_;
    if (depth > kMaxDepth || at_ >= text_.size()) return false;
    const char first = text_[at_];
    const bool is_good = first == '{'   ? object(depth)
                         : first == '[' ? array(depth)
                         : first == '"' ? string()
                                        : word();
    if (is_good) parts_.values.push_back({begin, at_});
    return is_good;
  }

  // NOLINTNEXTLINE(misc-no-recursion): kMaxDepth
  bool object(int depth) {
    take('{');
    if (take('}')) return true;
    do {
      skip_space();
      const std::size_t begin = at_;
      if (!string()) return false;
      parts_.keys.push_back({begin, at_});
      if (!take(':') || !value(depth + 1)) return false;
      parts_.members.push_back({begin, at_});
    } while (take(','));
    return take('}');
  }

  // NOLINTNEXTLINE(misc-no-recursion): kMaxDepth
  bool array(int depth) {
    take('[');
    if (take(']')) return true;
    do {
      skip_space();
      const std::size_t begin = at_;
      if (!value(depth + 1)) return false;
      parts_.elements.push_back({begin, at_});
    } while (take(','));
    return take(']');
  }

  std::string_view text_;
  std::size_t at_ = 0;
  JsonParts parts_;
};

}  // namespace llm::fuzz
