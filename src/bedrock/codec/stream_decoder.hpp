#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/error.hpp>
#include <llm/stream.hpp>

#include "aws/protocol/event_stream.hpp"

namespace llm::bedrock {

/// Decodes the events of one streaming response. A push decoder, used once, by one thread.
class StreamDecoder {
 public:
  virtual ~StreamDecoder() = default;

  /// Takes one frame whose `:message-type` is `event`: appends its deltas, and a Done when the
  /// response is complete. Exception and error frames never come here. An event of an unknown kind
  /// is skipped. Errors: stream_error for a malformed event, or the error that the model sent as an
  /// event.
  [[nodiscard]] virtual Result<void> on_event(const aws::EventMessage& message,
                                              std::vector<StreamEvent>& out) = 0;

  /// Takes the end of the body: appends a Done that was still waiting for an optional event
  /// (Converse's metadata), with a warning. Errors: stream_error when the response is not complete.
  [[nodiscard]] virtual Result<void> finish(std::vector<StreamEvent>& out) = 0;

  /// Nothing more has arrived: frees what only decoding needs. A waiting stream should cost little.
  virtual void rest() {}

  /// Gives back the text of a delta that has been consumed; the next delta reuses its buffer.
  void recycle(std::string&& text) { spare_ = std::move(text); }

 protected:
  /// A copy of `text`, in the recycled buffer if there is one.
  [[nodiscard]] std::string make_text(std::string_view text) {
    spare_.assign(text);
    return std::move(spare_);
  }

  /// Appends the last event of the response.
  void emit_done(Done&& done, std::vector<StreamEvent>& out) {
    out.emplace_back(std::move(done));
    done_ = true;
  }
  [[nodiscard]] bool is_done() const { return done_; }

 private:
  std::string spare_;
  bool done_ = false;
};

/// What a decoder returns for an event that is not of its format: nothing for an unknown type,
/// which is skipped. Errors: stream_error when the frame has no `:event-type`.
[[nodiscard]] Result<void> skip_event(std::string_view event_type);

/// stream_error: the events contradict each other or their format. `detail` is a sentence.
[[nodiscard, gnu::cold]] Error malformed_stream(std::string_view detail);

/// stream_error: the body ended before the model reported that its completion is finished.
[[nodiscard, gnu::cold]] Error truncated_stream();

}  // namespace llm::bedrock
