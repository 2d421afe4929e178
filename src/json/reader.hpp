#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <llm/error.hpp>

#include "base/text.hpp"
#include "json/tape.hpp"

namespace llm::json {

class Writer;

enum class Kind : std::uint8_t { absent, null, boolean, number, string, array, object };

/// A value in a parsed document. A cheap view, valid until its Parser parses again or is destroyed.
/// Reading is lenient: a missing value or one of another type yields absent or nullopt, so
/// `value["a"]["b"].string()` needs no checks in between.
class Value {
 public:
  Value() = default;

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool exists() const { return tape_.words != nullptr; }
  [[nodiscard]] bool is_null() const { return kind() == Kind::null; }
  [[nodiscard]] bool is_object() const { return is(Tape::kObject); }
  [[nodiscard]] bool is_array() const { return is(Tape::kArray); }
  [[nodiscard]] bool is_string() const { return is(Tape::kString); }

  [[nodiscard]] std::optional<std::string_view> string() const {
    if (!is_string()) return std::nullopt;
    return tape_.string(place_);
  }
  [[nodiscard]] std::optional<bool> boolean() const;
  /// A whole number within 64 bits; 12.0 counts as whole.
  [[nodiscard]] std::optional<std::int64_t> integer() const {
    if (is(Tape::kInteger)) return tape_.number<std::int64_t>(place_);
    return whole_double();
  }
  [[nodiscard]] std::optional<double> number() const;

  /// `string()`, or an empty string.
  [[nodiscard]] std::string text_or_empty() const { return std::string(string().value_or("")); }

  /// The first member of that name; absent when there is none or this is not an object.
  [[nodiscard]] Value operator[](std::string_view key) const;

  /// The members of those names, found in one pass:
  /// `const auto [type, index] = value.members_of("type", "index");`
  template <std::size_t... sizes>
  [[nodiscard]] std::array<Value, sizeof...(sizes)> members_of(const char (&... keys)[sizes]) const;

  /// Members of an object or elements of an array; 0 for anything else.
  [[nodiscard]] std::size_t size() const {
    if (!is_object() && !is_array()) return 0;
    const std::size_t count = tape_.count(place_);
    return count < Tape::kManyMembers ? count : walked_size();
  }

  /// This value as minified JSON text. A number with a fraction or exponent, or beyond 64 bits,
  /// keeps its original text; an absent value gives `null`.
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
  Value(Tape tape, std::size_t place) : tape_(tape), place_(place) {}

  [[nodiscard]] bool is(char tag) const { return exists() && tape_.tag(place_) == tag; }
  [[nodiscard]] std::optional<std::int64_t> whole_double() const;
  [[nodiscard]] std::size_t walked_size() const;
  void write_number(Writer& writer) const;

  Tape tape_;
  std::size_t place_ = 0;
};

struct Member {
  std::string_view key;
  Value value;
};

class Value::ArrayRange {
 public:
  class Iterator {
   public:
    Value operator*() const { return {tape_, place_}; }
    Iterator& operator++() {
      place_ = tape_.next(place_);
      return *this;
    }
    bool operator==(const Iterator& other) const { return place_ == other.place_; }

   private:
    friend class ArrayRange;
    Iterator(Tape tape, std::size_t place) : tape_(tape), place_(place) {}
    Tape tape_;
    std::size_t place_;
  };
  [[nodiscard]] Iterator begin() const { return {tape_, first_}; }
  [[nodiscard]] Iterator end() const { return {tape_, last_}; }

 private:
  friend class Value;
  ArrayRange(Tape tape, std::size_t first, std::size_t last)
      : tape_(tape), first_(first), last_(last) {}
  Tape tape_;
  std::size_t first_;
  std::size_t last_;
};

/// On the tape a key is a string, immediately before its value.
class Value::ObjectRange {
 public:
  class Iterator {
   public:
    Member operator*() const { return {tape_.string(place_), Value(tape_, place_ + 1)}; }
    Iterator& operator++() {
      place_ = tape_.next(place_ + 1);
      return *this;
    }
    bool operator==(const Iterator& other) const { return place_ == other.place_; }

   private:
    friend class ObjectRange;
    Iterator(Tape tape, std::size_t place) : tape_(tape), place_(place) {}
    Tape tape_;
    std::size_t place_;
  };
  [[nodiscard]] Iterator begin() const { return {tape_, first_}; }
  [[nodiscard]] Iterator end() const { return {tape_, last_}; }

 private:
  friend class Value;
  ObjectRange(Tape tape, std::size_t first, std::size_t last)
      : tape_(tape), first_(first), last_(last) {}
  Tape tape_;
  std::size_t first_;
  std::size_t last_;
};

inline Value::ArrayRange Value::elements() const {
  if (!is_array()) return {{}, 0, 0};
  return {tape_, place_ + 1, tape_.closing(place_)};
}

inline Value::ObjectRange Value::members() const {
  if (!is_object()) return {{}, 0, 0};
  return {tape_, place_ + 1, tape_.closing(place_)};
}

inline Value Value::operator[](std::string_view key) const {
  for (const auto& [name, value] : members()) {
    if (name == key) return value;
  }
  return {};
}

template <std::size_t... sizes>
std::array<Value, sizeof...(sizes)> Value::members_of(const char (&... keys)[sizes]) const {
  std::array<Value, sizeof...(sizes)> found{};
  std::size_t missing = found.size();
  for (const Member& member : members()) {
    std::size_t place = 0;  // index of the matching key, or found.size()
    static_cast<void>((... || (base::equals(member.key, keys) || (++place, false))));
    if (place == found.size() || found[place].exists()) continue;  // the first one counts
    found[place] = member.value;
    if (--missing == 0) break;
  }
  return found;
}

/// Maximum nesting depth; an empty array or object may be one level deeper. Recursion elsewhere may
/// rely on it.
inline constexpr std::size_t kMaxDepth = 256;

/// What to do with half of a UTF-16 surrogate pair in a string (`\ud83d` alone, or its three
/// bytes), which no valid text can hold.
enum class LoneSurrogates : std::uint8_t {
  refuse,   ///< The text is not JSON.
  replace,  ///< Each becomes U+FFFD. For what a model wrote: one character is not worth the rest.
};

/// Parses complete texts of up to 2 GB and validates everything (structure, UTF-8, numbers).
/// Integers beyond 64 bits are read as doubles and keep their text. Keeps its buffers, so one
/// parser for many texts does not allocate; small buffers are wiped and passed on to the thread's
/// next parser. Used by one thread at a time.
class Parser {
 public:
  Parser() noexcept;
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;
  ~Parser();

  /// The root of `text`. Invalidates every Value of an earlier parse.
  /// Errors: stream_error. Its message completes "the text is ..." and shows nothing of the text;
  /// the caller supplies the code and the context.
  [[nodiscard]] Result<Value> parse(std::string_view text,
                                    LoneSurrogates lone = LoneSurrogates::refuse);

  /// Whether a lone surrogate was replaced in any text so far.
  [[nodiscard]] bool has_replaced() const { return has_replaced_; }

  /// Passes the buffers on now: for a parser that lives long and is used rarely. Invalidates every
  /// Value.
  void release();

 private:
  struct State;
  struct Spare;
  std::unique_ptr<State> state_;
  bool has_replaced_ = false;
};

}  // namespace llm::json
