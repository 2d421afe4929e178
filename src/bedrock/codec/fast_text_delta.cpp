#include "bedrock/codec/fast_text_delta.hpp"

#include <algorithm>
#include <cstddef>

#include "base/text.hpp"
#include "json/plain_text.hpp"

namespace llm::bedrock {
namespace {

// All recorded padding is a prefix of this.
constexpr std::string_view kPaddingText =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Scans an event from its start. Not usable after a nullopt or false.
class Scanner {
 public:
  explicit Scanner(std::string_view json) : rest_(json) {}

  template <std::size_t size>
  bool take(const char (&literal)[size]) {
    if (!base::begins(rest_, literal)) return false;
    rest_.remove_prefix(size - 1);
    return true;
  }

  // At most six digits, so that it fits into an int.
  std::optional<int> take_index() {
    constexpr std::size_t kMaxDigits = 6;
    int index = 0;
    std::size_t digits = 0;
    for (; digits < std::min(rest_.size(), kMaxDigits); ++digits) {
      const char digit = rest_[digits];
      if (digit < '0' || digit > '9') break;
      index = 10 * index + (digit - '0');
    }
    const bool is_number = digits == 1 || (digits > 1 && rest_.front() != '0');
    if (!is_number) return std::nullopt;
    rest_.remove_prefix(digits);
    return index;
  }

  // The rest of a string, and its closing quote.
  std::optional<std::string_view> take_string() {
    const std::size_t size = rest_.find('"');
    if (size == std::string_view::npos) return std::nullopt;
    const std::string_view string = rest_.substr(0, size);
    rest_.remove_prefix(size + 1);
    return string;
  }

  bool is_end() const { return rest_ == "}"; }

  // The end of an object, with or without padding before it.
  bool is_padded_end() {
    constexpr std::size_t kClosingBytes = 2;
    if (!take(R"(,"p":")")) return is_end();
    if (rest_.size() < kClosingBytes) return false;
    const std::size_t padding_bytes = rest_.size() - kClosingBytes;
    return base::equals(rest_.substr(padding_bytes), R"("})") &&
           kPaddingText.starts_with(rest_.substr(0, padding_bytes));
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::optional<std::string_view> fast_chunk_bytes(std::string_view payload) {
  Scanner scanner(payload);
  if (!scanner.take(R"({"bytes":")")) return std::nullopt;
  const auto bytes = scanner.take_string();
  if (!bytes || !scanner.is_padded_end()) return std::nullopt;
  return bytes;
}

std::optional<FastTextDelta> fast_converse_text(std::string_view payload) {
  Scanner scanner(payload);
  if (!scanner.take(R"({"contentBlockIndex":)")) return std::nullopt;
  const auto index = scanner.take_index();
  if (!index || !scanner.take(R"(,"delta":{"text":")")) return std::nullopt;
  const auto text = scanner.take_string();
  if (!text || !scanner.take("}") || !scanner.is_padded_end()) return std::nullopt;
  if (!json::is_plain_text(*text)) return std::nullopt;
  return FastTextDelta{*index, *text};
}

std::optional<FastTextDelta> fast_claude_text(std::string_view chunk) {
  Scanner scanner(chunk);
  if (!scanner.take(R"({"type":"content_block_delta","index":)")) return std::nullopt;
  const auto index = scanner.take_index();
  if (!index || !scanner.take(R"(,"delta":{"type":"text_delta","text":")")) return std::nullopt;
  const auto text = scanner.take_string();
  if (!text || !scanner.take("}") || !scanner.is_end()) return std::nullopt;
  if (!json::is_plain_text(*text)) return std::nullopt;
  return FastTextDelta{*index, *text};
}

}  // namespace llm::bedrock
