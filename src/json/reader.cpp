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

#include "json/writer.hpp"

namespace llm::json {
namespace {

// What is wrong, without a word of the text.
std::string_view description(simdjson::error_code code) {
  switch (code) {
    case simdjson::CAPACITY:
      return "it is longer than 2 GB";
    case simdjson::DEPTH_ERROR:
      return "it is nested deeper than 256 levels";
    case simdjson::STRING_ERROR:
      return "a string holds a bad escape sequence";
    case simdjson::T_ATOM_ERROR:
    case simdjson::F_ATOM_ERROR:
    case simdjson::N_ATOM_ERROR:
      return "it holds a bare word other than true, false and null";
    case simdjson::NUMBER_ERROR:
    case simdjson::NUMBER_OUT_OF_RANGE:
      return "a number is malformed or out of range (integers must fit in 64 bits)";
    case simdjson::UTF8_ERROR:
      return "it is not valid UTF-8";
    case simdjson::EMPTY:
      return "it is empty";
    case simdjson::UNESCAPED_CHARS:
      return "a string holds a control character that is not escaped";
    case simdjson::UNCLOSED_STRING:
      return "a string is not closed (the text may be cut short)";
    default:
      return "a value, comma, colon or bracket is missing or misplaced (the text may be cut short)";
  }
}

Error parse_error(simdjson::error_code code) {
  return make_error(ErrorCode::stream_error, "not JSON: " + std::string(description(code)));
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
    writer.number(tape_.number<double>(place_));
  }
}

struct Parser::State {
  simdjson::dom::parser parser;
  std::unique_ptr<char[]> text;  // simdjson reads some bytes past the end
  std::size_t capacity = 0;
  std::size_t longest = 0;  // of the texts that may have left something in the buffers

  // Makes room for a text of this size; capacities are powers of two, so that texts that slowly
  // get longer do not allocate each time.
  simdjson::error_code reserve(std::size_t size) {
    if (text != nullptr && size <= capacity) return simdjson::SUCCESS;
    if (size > simdjson::SIMDJSON_MAXSIZE_BYTES / 2) return simdjson::CAPACITY;
    const std::size_t wanted = std::bit_ceil(std::max(size, kSmallestCapacity));
    text.reset(new (std::nothrow) char[wanted + simdjson::SIMDJSON_PADDING]);
    if (text == nullptr) return simdjson::MEMALLOC;
    if (const auto error = parser.allocate(wanted, kSimdjsonDepth)) return error;
    if (const auto error = parser.doc.allocate(wanted)) return error;
    capacity = wanted;
    return simdjson::SUCCESS;
  }

  void wipe() {
    std::memset(text.get(), 0, longest);
    // simdjson's own bound of what the strings of a text take: five thirds of it.
    std::memset(parser.doc.string_buf.get(), 0, longest * 5 / 3);
    longest = 0;
  }

  static constexpr std::size_t kSmallestCapacity = 1024;
  // simdjson counts the values inside the innermost array or object as a level.
  static constexpr std::size_t kSimdjsonDepth = kMaxDepth + 1;
};

// What the last parser of this thread has left. A parser may go away after it, at the end of the
// thread or program: `state` and `is_closed` need no destructor, so they may still be looked at.
struct Parser::Spare {
  static constexpr std::size_t kMaxCapacity = 64 * 1024;
  static constinit thread_local State* state;
  static constinit thread_local bool is_closed;

  ~Spare() {
    is_closed = true;
    delete std::exchange(state, nullptr);
  }

  static std::unique_ptr<State> take() {
    if (state == nullptr) return std::make_unique<State>();
    return std::unique_ptr<State>(std::exchange(state, nullptr));
  }

  static void give(std::unique_ptr<State> used) {
    if (used == nullptr || used->text == nullptr || used->capacity > kMaxCapacity) return;
    if (state != nullptr || is_closed) return;
    static thread_local const Spare closes_at_the_threads_end;
    used->wipe();
    state = used.release();
  }
};

constinit thread_local Parser::State* Parser::Spare::state = nullptr;
constinit thread_local bool Parser::Spare::is_closed = false;

Parser::Parser() noexcept = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;
Parser::~Parser() { Spare::give(std::move(state_)); }

Result<Value> Parser::parse(std::string_view text) {
  // Not before: of several parsers only those that parse need buffers.
  if (state_ == nullptr) state_ = Spare::take();
  if (const auto error = state_->reserve(text.size())) return std::unexpected(parse_error(error));
  state_->longest = std::max(state_->longest, text.size());
  std::copy(text.begin(), text.end(), state_->text.get());
  std::memset(state_->text.get() + text.size(), 0, simdjson::SIMDJSON_PADDING);

  const auto root = state_->parser.parse(state_->text.get(), text.size(), false);
  if (root.error() != simdjson::SUCCESS) return std::unexpected(parse_error(root.error()));
  constexpr std::size_t kRoot = 1;  // The tape begins with the length of itself.
  const simdjson::dom::document& document = state_->parser.doc;
  return Value({document.tape.get(), document.string_buf.get()}, kRoot);
}

}  // namespace llm::json
