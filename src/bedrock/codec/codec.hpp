#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/stream.hpp>
#include <llm/transport.hpp>

#include "aws/event_stream.hpp"
#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/codec/delivery.hpp"

namespace llm::bedrock {

/// A request in a model's own words, before it has a host and a signature.
struct WireRequest {
  std::string operation{};            ///< Last segment of the path: `invoke`, `converse`, ...
  std::vector<HttpHeader> headers{};  ///< Content-Type, Accept and the operation's own.
  std::string body{};
  std::vector<Warning> warnings{};  ///< What was changed or could not be said.
  /// `native` or `tool` when a ResponseFormat was asked for: ResponseDetails::structured_output.
  std::string structured_output{};
};

/// Takes the messages of one streamed answer apart. Push-fed, used once, by one thread.
class StreamDecoder {
 public:
  virtual ~StreamDecoder() = default;

  /// One event (`:message-type` is `event`): appends the deltas it makes, and a Done when the
  /// answer is complete. Exception and error messages never come here. An event of an unknown kind
  /// is skipped. Errors: stream_error for what is not understood, or the error that the model sent
  /// as an event.
  [[nodiscard]] virtual Result<void> on_event(const aws::EventMessage& message,
                                              std::vector<StreamEvent>& out) = 0;

  /// At the end of the body: appends a Done that was still waited for (Converse's metadata), with a
  /// warning.
  /// Errors: stream_error when the answer is not complete.
  [[nodiscard]] virtual Result<void> finish(std::vector<StreamEvent>& out) = 0;

  /// Takes a text that has been handed out: the next one goes into its buffer.
  void reuse(std::string&& text) { spare_ = std::move(text); }

 protected:
  /// A copy, in the buffer that is at hand.
  [[nodiscard]] std::string copy_of(std::string_view text) {
    spare_.assign(text);
    return std::move(spare_);
  }

 private:
  std::string spare_;
};

/// Says the vocabulary in one wire form and back. Stateless; safe from any thread; pure.
class Codec {
 public:
  virtual ~Codec() = default;

  /// Requires: `request.model` is filled in and `model` is its parsed form.
  /// Errors: unsupported_feature for what the form or model cannot carry, naming the model;
  /// configuration_error for a bad image or document; invalid_request_error for no messages.
  [[nodiscard]] virtual Result<WireRequest> encode(const ChatRequest& request, const ModelId& model,
                                                   Delivery delivery) const = 0;

  /// Fills id, choices, usage, details and warnings from a 200 answer; `model` and
  /// `details.attempts` are the caller's. Errors: model_error when it is not an answer of this
  /// form.
  [[nodiscard]] virtual Result<ChatResponse> decode(const HttpResponseHead& head,
                                                    std::string_view body) const = 0;

  [[nodiscard]] virtual std::unique_ptr<StreamDecoder> stream_decoder() const = 0;
};

/// More blocks than any answer has: those of a hostile one would take many times its size of
/// memory.
inline constexpr std::size_t kMaxContentBlocks = 10'000;
/// What is said of an answer that has more: "the answer ...".
inline constexpr const char* kTooManyBlocks = "has more than 10000 content blocks";

/// stream_error: the stream of `whose` does not make sense. `what` goes on from "the stream of" and
/// that.
[[nodiscard]] Error broken_stream(std::string_view whose, std::string_view what);

/// One per wire form; each lives as long as the program.
[[nodiscard]] const Codec& claude_messages_codec();
[[nodiscard]] const Codec& claude_text_codec();
[[nodiscard]] const Codec& titan_text_codec();
[[nodiscard]] const Codec& llama_codec();
[[nodiscard]] const Codec& converse_codec();

/// The codec of a wire form; Converse for `none`.
[[nodiscard]] const Codec& codec_for(WireFormat form);

}  // namespace llm::bedrock
