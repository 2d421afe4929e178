#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "local/http/message.hpp"

namespace llm::local {

/// The body of a reply, read one DATA frame at a time. Pure.
class Http2ReplyBody {
 public:
  enum class Next {
    data,       ///< Send `count` bytes. More follow.
    last_data,  ///< Send `count` bytes, perhaps none, and end the stream.
    wait,       ///< Nothing to send yet: read again after `delay`.
    cut,        ///< The reply is cut here.
  };
  struct Step {
    Next next = Next::data;
    std::size_t count = 0;
    std::chrono::milliseconds delay{0};
  };

  Http2ReplyBody() = default;
  /// Moves the body out of `reply`.
  explicit Http2ReplyBody(Reply& reply);

  /// Copies the next bytes into `room`. A step never joins bytes of two frames of the reply.
  /// Requires: `room` is not empty.
  [[nodiscard]] Step read(std::span<std::uint8_t> room);

 private:
  std::vector<Frame> frames_;
  std::size_t frame_ = 0;   ///< The frame to read from,
  std::size_t offset_ = 0;  ///< and where in it.
  bool cut_ = false;
};

}  // namespace llm::local
