#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <llm/error.hpp>

namespace llm::json {

class Writer;

enum class Kind : std::uint8_t { absent, null, boolean, number, string, array, object };

/// A place in a parsed document. A cheap view: valid until its Parser parses again or goes away.
/// Reading is lenient: asking an absent or differently typed value gives absent or nullopt, so
/// `value["a"]["b"].string()` needs no checks between.
class Value {
 public:
  Value() = default;

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool exists() const { return document_ != nullptr; }
  [[nodiscard]] bool is_null() const { return kind() == Kind::null; }
  [[nodiscard]] bool is_object() const { return kind() == Kind::object; }
  [[nodiscard]] bool is_array() const { return kind() == Kind::array; }
  [[nodiscard]] bool is_string() const { return kind() == Kind::string; }

  [[nodiscard]] std::optional<std::string_view> string() const;
  [[nodiscard]] std::optional<bool> boolean() const;
  /// A whole number within 64 bits; 12.0 counts as whole.
  [[nodiscard]] std::optional<std::int64_t> integer() const;
  [[nodiscard]] std::optional<double> number() const;

  /// `string()` or the empty string.
  [[nodiscard]] std::string text_or_empty() const { return std::string(string().value_or("")); }

  /// The member of that name; of several, the first. Absent when this is no object or has none.
  [[nodiscard]] Value operator[](std::string_view key) const;

  /// The members of those names, found in one walk:
  /// `const auto [type, index] = value.members_of("type", "index");`
  template <typename... Keys>
  [[nodiscard]] std::array<Value, sizeof...(Keys)> members_of(const Keys&... keys) const {
    const std::array<std::string_view, sizeof...(Keys)> wanted = {keys...};
    std::array<Value, sizeof...(Keys)> found{};
    find(wanted, found);
    return found;
  }

  /// Members of an object or elements of an array; 0 for anything else.
  [[nodiscard]] std::size_t size() const;

  /// This value as minified JSON text. Absent gives `null`.
  [[nodiscard]] std::string to_text() const;
  /// The same, straight into `writer`.
  void write_to(Writer& writer) const;

  class ArrayRange;
  class ObjectRange;
  /// `for (Value element : value.elements())`; empty for anything but an array.
  [[nodiscard]] ArrayRange elements() const;
  /// `for (auto [key, member] : value.members())`; empty for anything but an object.
  [[nodiscard]] ObjectRange members() const;

 private:
  friend class Parser;
  Value(const void* document, std::size_t index) : document_(document), index_(index) {}

  // As many places in `found` as there are names in `wanted`.
  void find(std::span<const std::string_view> wanted, std::span<Value> found) const;
  void write_number(Writer& writer) const;

  const void* document_ = nullptr;
  std::size_t index_ = 0;
};

struct Member {
  std::string_view key;
  Value value;
};

class Value::ArrayRange {
 public:
  class Iterator {
   public:
    Value operator*() const { return Value(document_, index_); }
    Iterator& operator++();
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    friend class Value;
    friend class ArrayRange;
    Iterator(const void* document, std::size_t index) : document_(document), index_(index) {}
    const void* document_;
    std::size_t index_;
  };
  [[nodiscard]] Iterator begin() const { return {document_, first_}; }
  [[nodiscard]] Iterator end() const { return {document_, last_}; }

 private:
  friend class Value;
  ArrayRange(const void* document, std::size_t first, std::size_t last)
      : document_(document), first_(first), last_(last) {}
  const void* document_;
  std::size_t first_;
  std::size_t last_;
};

class Value::ObjectRange {
 public:
  class Iterator {
   public:
    Member operator*() const;
    Iterator& operator++();
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    friend class ObjectRange;
    Iterator(const void* document, std::size_t index) : document_(document), index_(index) {}
    const void* document_;
    std::size_t index_;
  };
  [[nodiscard]] Iterator begin() const { return {document_, first_}; }
  [[nodiscard]] Iterator end() const { return {document_, last_}; }

 private:
  friend class Value;
  ObjectRange(const void* document, std::size_t first, std::size_t last)
      : document_(document), first_(first), last_(last) {}
  const void* document_;
  std::size_t first_;
  std::size_t last_;
};

/// Deepest nesting that is read; an empty array or object may stand one level deeper. Recursion
/// elsewhere may rely on it.
inline constexpr std::size_t kMaxDepth = 256;

/// Parses whole texts, checking everything (structure, UTF-8, numbers). Keeps its buffers, so one
/// parser for many texts does not allocate; small ones are wiped and left to the thread's next
/// parser. Not for two threads at once; texts up to 2 GB.
class Parser {
 public:
  Parser();
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;
  ~Parser();

  /// The root of `text`. Invalidates every Value of an earlier parse.
  /// Errors: stream_error, with what is wrong but nothing of the text; the caller gives it the code
  /// and the context that fit.
  [[nodiscard]] Result<Value> parse(std::string_view text);

 private:
  struct State;
  struct Spare;
  std::unique_ptr<State> state_;
};

}  // namespace llm::json
