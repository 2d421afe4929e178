#pragma once

#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>

namespace llm {

/// A piece of text.
struct TextDelta {
  std::string text{};
  friend bool operator==(const TextDelta&, const TextDelta&) = default;
};
/// A tool call begins; its arguments follow in pieces.
struct ToolCallStart {
  std::string id{};
  std::string name{};
  std::string type{};  ///< As ToolCallContent::type.
  UnknownMembers unknown{};
  friend bool operator==(const ToolCallStart&, const ToolCallStart&) = default;
};
/// A piece of the arguments' JSON text; only the pieces together are JSON.
struct ToolCallDelta {
  std::string arguments{};
  friend bool operator==(const ToolCallDelta&, const ToolCallDelta&) = default;
};
/// A piece of the model's thinking.
struct ReasoningDelta {
  std::string text{};
  friend bool operator==(const ReasoningDelta&, const ReasoningDelta&) = default;
};
/// The signature of the thinking block (a piece of it, where the service splits it).
struct ReasoningSignatureDelta {
  std::string signature{};
  friend bool operator==(const ReasoningSignatureDelta&, const ReasoningSignatureDelta&) = default;
};
/// Encrypted thinking, base64 text.
struct RedactedReasoningDelta {
  std::string data{};
  friend bool operator==(const RedactedReasoningDelta&, const RedactedReasoningDelta&) = default;
};
/// One citation of the text of this block, the service's JSON object.
struct CitationDelta {
  Json citation{};
  friend bool operator==(const CitationDelta&, const CitationDelta&) = default;
};
/// The answer of a tool that the service ran itself begins; its parts follow.
struct ToolResultStart {
  std::string tool_call_id{};
  ToolStatus status = ToolStatus::unspecified;
  std::string type{};
  friend bool operator==(const ToolResultStart&, const ToolResultStart&) = default;
};
/// Parts of such an answer.
struct ToolResultDelta {
  std::vector<ToolResultPart> content{};
  friend bool operator==(const ToolResultDelta&, const ToolResultDelta&) = default;
};
/// A whole block that came in one piece, of a kind that has no pieces here.
struct BlockDelta {
  Content content{};
  friend bool operator==(const BlockDelta&, const BlockDelta&) = default;
};
/// The block is complete.
struct BlockStop {
  friend bool operator==(const BlockStop&, const BlockStop&) = default;
};

using DeltaContent = std::variant<TextDelta, ToolCallStart, ToolCallDelta, ReasoningDelta,
                                  ReasoningSignatureDelta, RedactedReasoningDelta, CitationDelta,
                                  ToolResultStart, ToolResultDelta, BlockDelta, BlockStop>;

/// One step of a streamed answer.
struct Delta {
  int index = 0;  ///< The content block it belongs to; blocks may be interleaved.
  DeltaContent content{};

  /// The text when this is a TextDelta, else empty. The view lives as long as this object.
  [[nodiscard]] std::string_view text() const;
  friend bool operator==(const Delta&, const Delta&) = default;
};

/// The end of a whole stream.
struct Done {
  FinishReason finish_reason = FinishReason::unknown;
  std::string stop_reason{};
  std::optional<std::string> stop_sequence{};
  Usage usage{};  ///< Empty, with a warning, when the service did not report it.
  std::string id{};
  std::string model{};
  std::vector<Warning> warnings{};
  ResponseDetails details{};
  friend bool operator==(const Done&, const Done&) = default;
};

/// A delta, the end, or an error; the last two come exactly once, last, and exclude each other.
/// A value: copies are independent, or share what never changes.
class StreamEvent {
 public:
  StreamEvent(Delta&& delta) : value_(std::move(delta)) {}
  StreamEvent(const Delta& delta) : value_(delta) {}
  /// A delta, made in its place: `events.emplace_back(index, TextDelta{...})`.
  template <typename Piece>
    requires std::constructible_from<DeltaContent, Piece>
  StreamEvent(int index, Piece&& piece)
      : value_(std::in_place_index<0>, index, std::forward<Piece>(piece)) {}
  StreamEvent(Done done) : value_(std::make_shared<const Done>(std::move(done))) {}
  StreamEvent(Error error) : value_(std::make_shared<const Error>(std::move(error))) {}

  [[nodiscard]] bool is_delta() const { return value_.index() == 0; }
  [[nodiscard]] bool is_done() const { return value_.index() == 1; }
  [[nodiscard]] bool is_error() const { return value_.index() == 2; }

  /// Requires: is_delta().
  [[nodiscard]] const Delta& delta() const& { return std::get<0>(value_); }
  /// The same, to be moved out of an event that is not needed any more.
  [[nodiscard]] Delta&& delta() && { return std::get<0>(std::move(value_)); }
  /// Requires: is_done().
  [[nodiscard]] const Done& done() const { return *std::get<1>(value_); }
  /// Requires: is_error().
  [[nodiscard]] const Error& error() const { return *std::get<2>(value_); }

 private:
  std::variant<Delta, std::shared_ptr<const Done>, std::shared_ptr<const Error>> value_;
};

/// An event as one line of JSON; docs/json.md shows each kind.
[[nodiscard]] std::string to_json(const StreamEvent& event);

/// Where a stream's events come from; what a provider implements. Used by one thread at a time.
class StreamSource {
 public:
  virtual ~StreamSource() = default;
  /// The next event; blocks. It lives until the next call. Null after the done or error event, for
  /// ever. The first call sends the request.
  virtual const StreamEvent* next() = 0;
};

/// Makes a ChatResponse of a stream's deltas and its end; the one place where that is known.
/// Requires: deltas in the order in which they came.
/// A text block that never got a byte is left out.
class Accumulator {
 public:
  Accumulator();
  Accumulator(Accumulator&&) noexcept;
  Accumulator& operator=(Accumulator&&) noexcept;
  ~Accumulator();

  void add(const Delta& delta);
  /// What has come so far, as a whole answer.
  /// Errors: model_error when the pieces of a tool call's arguments are no JSON object.
  [[nodiscard]] Result<ChatResponse> finish(const Done& done) const;

 private:
  struct Block;
  std::vector<Block> blocks_;
};

/// A streamed answer: a single-pass range of StreamEvent. Nothing is sent before `begin()`.
/// Movable (what was moved from may be assigned to or destroyed); used by one thread at a time; may
/// outlive its client. Destroying it closes the connection.
class [[nodiscard]] ChatStream {
 public:
  explicit ChatStream(std::unique_ptr<StreamSource> source) : source_(std::move(source)) {}

  class Iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = StreamEvent;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    explicit Iterator(ChatStream* stream) : stream_(stream) {}
    const StreamEvent& operator*() const { return *stream_->current(); }
    const StreamEvent* operator->() const { return stream_->current(); }
    Iterator& operator++() {
      stream_->advance();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const {
      return stream_ == nullptr || stream_->current() == nullptr;
    }

   private:
    ChatStream* stream_ = nullptr;
  };

  /// Blocks for the first event; a second call goes on where the first stopped. A reference to an
  /// event lives until the iterator is moved on.
  Iterator begin();
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

  /// Reads the rest and folds everything, also what was already handed out, into one response.
  /// Errors: the stream's own error; model_error when a tool call's arguments are no JSON object.
  [[nodiscard]] Result<ChatResponse> collect();

 private:
  [[nodiscard]] const StreamEvent* current() const {
    if (at_end_) return &*end_;
    return source_ != nullptr ? delta_ : nullptr;
  }
  void advance();

  std::unique_ptr<StreamSource> source_;
  const StreamEvent* delta_ = nullptr;  ///< The source's, while one is at hand.
  std::optional<StreamEvent> end_;
  bool at_end_ = false;  ///< The end is at hand.
  Accumulator accumulator_;
  bool begun_ = false;
};

}  // namespace llm
