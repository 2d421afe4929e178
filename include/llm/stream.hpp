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

/// The next part of the text.
struct TextDelta {
  std::string text{};
  friend bool operator==(const TextDelta&, const TextDelta&) = default;
};
/// The start of a tool call; its arguments follow as deltas.
struct ToolCallStart {
  std::string id{};
  std::string name{};
  std::string type{};  ///< As ToolCallContent::type.
  UnknownMembers unknown{};
  friend bool operator==(const ToolCallStart&, const ToolCallStart&) = default;
};
/// The next part of the arguments' JSON text; only all of them together are JSON.
struct ToolCallDelta {
  std::string arguments{};
  friend bool operator==(const ToolCallDelta&, const ToolCallDelta&) = default;
};
/// The next part of the model's reasoning.
struct ReasoningDelta {
  std::string text{};
  friend bool operator==(const ReasoningDelta&, const ReasoningDelta&) = default;
};
/// The signature of the reasoning block, or the next part of it if the service splits it.
struct ReasoningSignatureDelta {
  std::string signature{};
  friend bool operator==(const ReasoningSignatureDelta&, const ReasoningSignatureDelta&) = default;
};
/// Encrypted reasoning, base64 text.
struct RedactedReasoningDelta {
  std::string data{};
  friend bool operator==(const RedactedReasoningDelta&, const RedactedReasoningDelta&) = default;
};
/// One citation of this block's text, as the service's JSON object.
struct CitationDelta {
  Json citation{};
  friend bool operator==(const CitationDelta&, const CitationDelta&) = default;
};
/// The start of the result of a tool that the service ran; its parts follow.
struct ToolResultStart {
  std::string tool_call_id{};
  ToolStatus status = ToolStatus::unspecified;
  std::string type{};
  friend bool operator==(const ToolResultStart&, const ToolResultStart&) = default;
};
/// Parts of such a result.
struct ToolResultDelta {
  std::vector<ToolResultPart> content{};
  friend bool operator==(const ToolResultDelta&, const ToolResultDelta&) = default;
};
/// A complete block, of a kind that is not streamed in deltas. Or the start of a text or reasoning
/// block with members that this version does not know; its text follows as deltas.
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

/// One step of a streamed response.
struct Delta {
  int index = 0;  ///< The content block it belongs to; blocks may be interleaved.
  DeltaContent content{};

  /// The text if this is a TextDelta, else empty. The view lives as long as this object.
  [[nodiscard]] std::string_view text() const;
  friend bool operator==(const Delta&, const Delta&) = default;
};

/// The end of a complete stream.
struct Done {
  FinishReason finish_reason = FinishReason::unknown;
  std::string stop_reason{};
  std::optional<std::string> stop_sequence{};
  Usage usage{};  ///< Empty, with a warning, if the service did not report it.
  std::string id{};
  std::string model{};
  std::vector<Warning> warnings{};
  ResponseDetails details{};
  friend bool operator==(const Done&, const Done&) = default;
};

/// A delta, the end of the stream, or an error. Every stream ends with exactly one Done or Error.
/// Copies are independent of each other.
class StreamEvent {
 public:
  StreamEvent(Delta&& delta) : value_(std::move(delta)) {}
  StreamEvent(const Delta& delta) : value_(delta) {}
  /// Constructs a delta in place: `events.emplace_back(index, TextDelta{...})`.
  template <typename Kind>
    requires std::constructible_from<DeltaContent, Kind>
  StreamEvent(int index, Kind&& content)
      : value_(std::in_place_index<0>, index, std::forward<Kind>(content)) {}
  StreamEvent(Done done) : value_(std::make_shared<const Done>(std::move(done))) {}
  StreamEvent(Error error) : value_(std::make_shared<const Error>(std::move(error))) {}

  [[nodiscard]] bool is_delta() const { return value_.index() == 0; }
  [[nodiscard]] bool is_done() const { return value_.index() == 1; }
  [[nodiscard]] bool is_error() const { return value_.index() == 2; }

  /// Requires: is_delta().
  [[nodiscard]] const Delta& delta() const& { return std::get<0>(value_); }
  /// Moves the delta out of an event that is no longer needed.
  [[nodiscard]] Delta&& delta() && { return std::get<0>(std::move(value_)); }
  /// Requires: is_done().
  [[nodiscard]] const Done& done() const { return *std::get<1>(value_); }
  /// Requires: is_error().
  [[nodiscard]] const Error& error() const { return *std::get<2>(value_); }

 private:
  std::variant<Delta, std::shared_ptr<const Done>, std::shared_ptr<const Error>> value_;
};

/// An event as one line of JSON; docs/json.md has an example of each kind.
[[nodiscard]] std::string to_json(const StreamEvent& event);

/// The source of a stream's events, implemented by a provider. Used by one thread at a time.
class StreamSource {
 public:
  virtual ~StreamSource() = default;
  /// Blocks for the next event, which lives until the next call. Returns null forever after Done or
  /// Error. The first call sends the request.
  virtual const StreamEvent* next() = 0;
};

/// Assembles a ChatResponse from the deltas of a stream and its Done. Omits empty text blocks.
/// Requires: the deltas are added in the order in which they arrived.
class Accumulator {
 public:
  Accumulator();
  Accumulator(Accumulator&&) noexcept;
  Accumulator& operator=(Accumulator&&) noexcept;
  ~Accumulator();

  void add(const Delta& delta);
  /// The response assembled from the deltas added so far.
  /// Errors: model_error if the arguments of a tool call are not JSON.
  [[nodiscard]] Result<ChatResponse> finish(const Done& done) const;

 private:
  struct Block;
  std::vector<Block> blocks_;
};

/// A streamed response: a single-pass range of StreamEvent. Nothing is sent before `begin()`.
/// Movable (a moved-from stream may only be assigned to or destroyed); used by one thread at a
/// time; may outlive its client. Destroying it closes the connection.
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

  /// Blocks for the first event; a second call resumes where the first stopped. A reference to an
  /// event is valid until the iterator is incremented.
  Iterator begin();
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

  /// Reads the rest of the stream and returns the complete response, including the events that were
  /// read before.
  /// Errors: the stream's own error; model_error if a tool call's arguments are not JSON.
  [[nodiscard]] Result<ChatResponse> collect();

 private:
  [[nodiscard]] const StreamEvent* current() const {
    if (at_end_) return &*end_;
    return source_ != nullptr ? delta_ : nullptr;
  }
  void advance();

  std::unique_ptr<StreamSource> source_;
  const StreamEvent* delta_ = nullptr;  ///< The source's current event, if any.
  std::optional<StreamEvent> end_;
  bool at_end_ = false;  ///< `end_` is the current event.
  Accumulator accumulator_;
  bool begun_ = false;
};

}  // namespace llm
