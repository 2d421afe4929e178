#include "local/http/http2_reply_body.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace llm::local {

Http2ReplyBody::Http2ReplyBody(Reply& reply)
    : frames_(take_body(reply)), cut_(reply.plan.cut != Cut::none) {}

Http2ReplyBody::Step Http2ReplyBody::read(std::span<std::uint8_t> room) {
  while (frame_ < frames_.size()) {
    Frame& frame = frames_[frame_];
    if (frame.delay.count() > 0) {
      return {.next = Next::wait, .delay = std::exchange(frame.delay, {})};
    }
    const std::size_t count = std::min(room.size(), frame.bytes.size() - offset_);
    std::memcpy(room.data(), frame.bytes.data() + offset_, count);
    offset_ += count;
    if (offset_ == frame.bytes.size()) {
      ++frame_;
      offset_ = 0;
    }
    const bool is_last = frame_ == frames_.size() && !cut_;
    if (is_last) return {.next = Next::last_data, .count = count};
    // An empty frame carries a delay alone.
    if (count > 0) return {.next = Next::data, .count = count};
  }
  return {.next = cut_ ? Next::cut : Next::last_data};
}

}  // namespace llm::local
