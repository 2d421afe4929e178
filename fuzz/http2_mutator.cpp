// The mutator of HTTP/2 connections: after the line of cuts (fuzz/session.hpp) come frames, whose
// lengths it repairs in seven of eight cases.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/mutation.hpp"

namespace {

using namespace llm::fuzz;

constexpr std::size_t kHead = 9;  // length, type, flags, stream

std::size_t length_in(std::string_view head) {
  std::size_t length = 0;
  for (const char byte : head.substr(0, 3)) length = length << 8 | static_cast<std::uint8_t>(byte);
  return length;
}

void set_length(std::string& frame) {
  const std::size_t length = frame.size() - kHead;
  for (std::size_t i = 0; i < 3; ++i) {
    frame[i] = static_cast<char>(length >> (8 * (2 - i)) & 0xff);
  }
}

std::vector<std::string> frames_of(std::string_view bytes) {
  std::vector<std::string> frames;
  while (!bytes.empty()) {
    const std::size_t size = bytes.size() < kHead ? bytes.size() : kHead + length_in(bytes);
    frames.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(frames.back().size());
  }
  return frames;
}

void mutate_frame(std::string& frame, Chance& chance) {
  // RST_STREAM, SETTINGS, PING, GOAWAY and WINDOW_UPDATE check their payload's length.
  constexpr std::array<std::size_t, 5> kSizes{0, 4, 6, 8, 12};
  if (frame.size() < kHead) frame.resize(kHead);
  switch (chance.below(5)) {
    case 0:
      frame[3] = static_cast<char>(chance.below(11));
      break;
    case 1:
      frame[4] = static_cast<char>(1U << chance.below(6));
      break;
    case 2:
      frame[8] = static_cast<char>(chance.below(8));
      break;
    case 3:
      frame.resize(kHead + kSizes[chance.below(kSizes.size())]);
      break;
    default: {
      std::string payload = frame.substr(kHead);
      mutate_bytes(payload);
      frame.replace(kHead, std::string::npos, payload);
    }
  }
  set_length(frame);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  Chance chance(seed);
  const std::string_view input = as_text(data, size);
  const std::size_t line_end = input.find('\n');
  if (line_end == std::string_view::npos || chance.one_in(8)) {
    return LLVMFuzzerMutate(data, size, max_size);
  }
  const std::string line(input.substr(0, line_end + 1));
  std::vector<std::string> frames = frames_of(input.substr(line_end + 1));
  if (frames.empty()) frames.emplace_back(kHead, '\0');
  if (chance.one_in(3)) {
    rearrange(frames, chance);
  } else {
    mutate_frame(frames[chance.below(frames.size())], chance);
  }
  return store(line + joined(frames), data, max_size);
}
