#include "json/reader.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <new>
#include <utility>

#include <simdjson.h>

#include "json/lone_surrogates.hpp"
#include "json/source_number.hpp"
#include "json/writer.hpp"

namespace llm::json {
namespace {

// What is wrong; shows nothing of the text.
std::string_view description(simdjson::error_code code) {
  switch (code) {
    case simdjson::CAPACITY:
      return "it is longer than 2 GB";
    case simdjson::DEPTH_ERROR:
      return "it is nested deeper than 256 levels";
    case simdjson::STRING_ERROR:
      return "a string contains an invalid escape sequence";
    case simdjson::T_ATOM_ERROR:
    case simdjson::F_ATOM_ERROR:
    case simdjson::N_ATOM_ERROR:
      return "it contains a bare word other than true, false and null";
    case simdjson::NUMBER_ERROR:
    case simdjson::NUMBER_OUT_OF_RANGE:
      return "a number is malformed, or larger than 1.8e308";
    case simdjson::UTF8_ERROR:
      return "it is not valid UTF-8";
    case simdjson::EMPTY:
      return "it is empty";
    case simdjson::UNESCAPED_CHARS:
      return "a string contains a control character that is not escaped";
    case simdjson::UNCLOSED_STRING:
      return "a string is not closed (the text may be cut short)";
    default:
      return "a value, comma, colon or bracket is missing or misplaced (the text may be cut short)";
  }
}

/// Throws std::bad_alloc where nothing is wrong with the text.
Error parse_error(simdjson::error_code code) {
  if (code == simdjson::MEMALLOC) throw std::bad_alloc();
  return make_error(ErrorCode::stream_error,
                    "The text is not JSON: " + std::string(description(code)) + ".");
}

void write_unsigned(std::uint64_t number, Writer& writer) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  writer.raw(std::string_view(digits.data(), end));
}

}  // namespace

Kind Value::kind() const {
  if (!exists()) return Kind::absent;
  switch (tape_.tag(place_)) {
    case Tape::kObject:
      return Kind::object;
    case Tape::kArray:
      return Kind::array;
    case Tape::kString:
      return Kind::string;
    case Tape::kInteger:
    case Tape::kUnsigned:
    case Tape::kDouble:
      return Kind::number;
    case Tape::kTrue:
    case Tape::kFalse:
      return Kind::boolean;
    default:
      return Kind::null;
  }
}

std::optional<bool> Value::boolean() const {
  if (kind() != Kind::boolean) return std::nullopt;
  return is(Tape::kTrue);
}

std::optional<std::int64_t> Value::whole_double() const {
  if (!is(Tape::kDouble)) return std::nullopt;
  const auto number = tape_.number<double>(place_);
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (number < -kLimit || number >= kLimit || std::trunc(number) != number) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<double> Value::number() const {
  if (is(Tape::kDouble)) return tape_.number<double>(place_);
  if (is(Tape::kInteger)) return static_cast<double>(tape_.number<std::int64_t>(place_));
  if (is(Tape::kUnsigned)) return static_cast<double>(tape_.number<std::uint64_t>(place_));
  return std::nullopt;
}

std::size_t Value::walked_size() const {
  std::size_t count = 0;
  for ([[maybe_unused]] const Value& element : elements()) ++count;
  for ([[maybe_unused]] const Member& member : members()) ++count;
  return count;
}

std::string Value::to_text() const {
  Writer writer;
  write_to(writer);
  return std::move(writer).take();
}

// NOLINTNEXTLINE(misc-no-recursion): the parser takes at most 256 levels
void Value::write_to(Writer& writer) const {
  switch (kind()) {
    case Kind::absent:
    case Kind::null:
      writer.null();
      return;
    case Kind::boolean:
      writer.boolean(*boolean());
      return;
    case Kind::number:
      write_number(writer);
      return;
    case Kind::string:
      writer.string(*string());
      return;
    case Kind::array:
      writer.begin_array();
      for (const Value& element : elements()) element.write_to(writer);
      writer.end_array();
      return;
    case Kind::object:
      writer.begin_object();
      for (const Member& member : members()) member.value.write_to(writer.key(member.key));
      writer.end_object();
      return;
  }
}

void Value::write_number(Writer& writer) const {
  if (is(Tape::kInteger)) {
    writer.integer(tape_.number<std::int64_t>(place_));
  } else if (is(Tape::kUnsigned)) {
    write_unsigned(tape_.number<std::uint64_t>(place_), writer);
  } else {
    writer.raw(source_number(tape_, place_));
  }
}

struct Parser::State {
  simdjson::dom::parser parser;
  char* text = nullptr;  // after the document's strings, so that its tape can refer to both
  std::size_t capacity = 0;
  std::size_t longest = 0;  // longest text that may have left traces in the buffers

  // Makes room for a text of this size. Capacities are powers of two, so that slowly growing texts
  // do not allocate each time.
  simdjson::error_code reserve(std::size_t size) {
    if (text != nullptr && size <= capacity) return simdjson::SUCCESS;
    if (size > simdjson::SIMDJSON_MAXSIZE_BYTES / 2) return simdjson::CAPACITY;
    const std::size_t rounded = std::bit_ceil(std::max(size, kSmallestCapacity));
    text = nullptr;
    if (const auto error = parser.allocate(rounded, kSimdjsonDepth)) return error;
    if (const auto error = parser.doc.allocate(rounded)) return error;
    const std::size_t strings = max_string_bytes(rounded) + 2 * simdjson::SIMDJSON_PADDING;
    // simdjson reads some bytes past the end of the text.
    const std::size_t bytes = strings + rounded + simdjson::SIMDJSON_PADDING;
    parser.doc.string_buf.reset(new (std::nothrow) std::uint8_t[bytes]);
    if (parser.doc.string_buf == nullptr) return simdjson::MEMALLOC;
    text = reinterpret_cast<char*>(parser.doc.string_buf.get()) + strings;
    capacity = rounded;
    return simdjson::SUCCESS;
  }

  // Parses the text that put() has copied in.
  simdjson::error_code parse(std::size_t size) {
    const auto root = parser.parse(text, size, false);
    if (root.error() == simdjson::SUCCESS) note_text(tape(), offset_of_text());
    return root.error();
  }

  Tape tape() const { return {parser.doc.tape.get(), parser.doc.string_buf.get()}; }

  void put(std::string_view source) {
    std::copy(source.begin(), source.end(), text);
    std::memset(text + source.size(), 0, simdjson::SIMDJSON_PADDING);
  }

  void wipe() {
    std::memset(text, 0, longest);
    std::memset(parser.doc.string_buf.get(), 0, max_string_bytes(longest));
    longest = 0;
  }

  std::uint64_t offset_of_text() const {
    return static_cast<std::uint64_t>(text - reinterpret_cast<char*>(parser.doc.string_buf.get()));
  }

  // simdjson's upper bound for the strings of a text.
  static std::size_t max_string_bytes(std::size_t text_bytes) { return text_bytes * 5 / 3; }

  static constexpr std::size_t kSmallestCapacity = 1024;
  // simdjson counts the values in the innermost array or object as one more level.
  static constexpr std::size_t kSimdjsonDepth = kMaxDepth + 1;
};

// The buffers left by this thread's last parsers: two, as a stream of chunks needs. A parser may be
// destroyed after this, at the end of the thread or program: `states` and `is_closed` have no
// destructor and can still be read then.
struct Parser::Spare {
  static constexpr std::size_t kMaxCapacity = 64 * 1024;
  static constinit thread_local std::array<State*, 2> states;
  static constinit thread_local bool is_closed;

  ~Spare() {
    is_closed = true;
    for (State*& state : states) delete std::exchange(state, nullptr);
  }

  static std::unique_ptr<State> take() {
    for (State*& state : states) {
      if (state != nullptr) return std::unique_ptr<State>(std::exchange(state, nullptr));
    }
    return std::make_unique<State>();
  }

  static void give(std::unique_ptr<State> used) {
    if (used == nullptr || used->text == nullptr || used->capacity > kMaxCapacity) return;
    if (is_closed) return;
    static thread_local const Spare closes_at_thread_exit;
    for (State*& state : states) {
      if (state != nullptr) continue;
      used->wipe();
      state = used.release();
      return;
    }
  }
};

constinit thread_local std::array<Parser::State*, 2> Parser::Spare::states{};
constinit thread_local bool Parser::Spare::is_closed = false;

Parser::Parser() noexcept = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;
Parser::~Parser() { release(); }

void Parser::release() { Spare::give(std::move(state_)); }

Result<Value> Parser::parse(std::string_view text, LoneSurrogates lone) {
  // Lazily: a parser that never parses needs no buffers.
  if (state_ == nullptr) state_ = Spare::take();
  if (const auto error = state_->reserve(text.size())) return std::unexpected(parse_error(error));
  state_->longest = std::max(state_->longest, text.size());
  state_->put(text);

  auto error = state_->parse(text.size());
  bool is_replaced = false;
  if (error != simdjson::SUCCESS && lone == LoneSurrogates::replace) {
    is_replaced = replace_lone_surrogates({state_->text, text.size()});
    if (is_replaced) error = state_->parse(text.size());
    has_replaced_ = has_replaced_ || is_replaced;
  }
  if (error == simdjson::NUMBER_ERROR && shorten_integers(state_->text)) {
    error = state_->parse(text.size());
    state_->put(text);
    if (is_replaced) replace_lone_surrogates({state_->text, text.size()});
  }
  if (error != simdjson::SUCCESS) return std::unexpected(parse_error(error));
  constexpr std::size_t kRoot = 1;  // The tape begins with its own length.
  return Value(state_->tape(), kRoot);
}

}  // namespace llm::json
