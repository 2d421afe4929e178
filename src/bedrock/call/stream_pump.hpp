#pragma once

#include <functional>
#include <utility>

#include <llm/stream.hpp>

#include "bedrock/call/response.hpp"
#include "bedrock/call/stream_machine.hpp"

namespace llm::bedrock {

/// What a blocking streaming call needs.
struct StreamCall {
  std::function<Result<Response>()> send;  ///< Called once.
  StreamDecoding decoding;
};

/// Moves bytes from an exchange to a StreamMachine, on the thread of its reader.
class StreamPump final : public StreamSource {
 public:
  /// `make` is called once, by the first `next`: it may need the network.
  explicit StreamPump(std::function<StreamCall()> make) : make_(std::move(make)) {}

  const StreamEvent* next() override;

 private:
  void begin();
  void read_more();

  std::function<StreamCall()> make_;  ///< Empty once the stream has begun.
  StreamMachine machine_;
};

}  // namespace llm::bedrock
