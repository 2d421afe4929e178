// The mutator of event streams: it changes frames, headers and payloads, and repairs lengths and
// checksums in seven of eight cases.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/crc32.hpp"
#include "fuzz/mutation.hpp"

namespace {

using namespace llm::fuzz;

constexpr std::size_t kPrelude = 12;
constexpr std::size_t kFrame = 16;

std::uint32_t u32(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char byte : bytes.substr(0, 4)) number = number << 8 | static_cast<std::uint8_t>(byte);
  return number;
}

void append_u32(std::uint32_t number, std::string& out) {
  for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<char>(number >> shift & 0xff));
}

std::string framed(std::string_view headers, std::string_view payload) {
  std::string frame;
  append_u32(static_cast<std::uint32_t>(kFrame + headers.size() + payload.size()), frame);
  append_u32(static_cast<std::uint32_t>(headers.size()), frame);
  append_u32(llm::base::crc32(frame), frame);
  frame.append(headers).append(payload);
  append_u32(llm::base::crc32(frame), frame);
  return frame;
}

/// The size of the frame that `bytes` begin with; of all of them if it is not one.
std::size_t frame_size(std::string_view bytes) {
  const std::size_t size = bytes.size() < kFrame ? 0 : u32(bytes);
  return size < kFrame || size > bytes.size() ? bytes.size() : size;
}

std::vector<std::string> frames_of(std::string_view stream) {
  std::vector<std::string> frames;
  while (!stream.empty()) {
    const std::size_t size = frame_size(stream);
    frames.emplace_back(stream.substr(0, size));
    stream.remove_prefix(size);
  }
  return frames;
}

std::string header(std::string_view name, std::string_view value) {
  std::string text(1, static_cast<char>(name.size()));
  text.append(name).append("\x07").append(1, static_cast<char>(value.size() >> 8));
  return text.append(1, static_cast<char>(value.size() & 0xff)).append(value);
}

std::string some_header(Chance& chance) {
  constexpr std::array<std::string_view, 5> kNames{":message-type", ":event-type",
                                                   ":exception-type", ":error-code", "a"};
  constexpr std::array<std::string_view, 5> kValues{"event", "exception", "error", "chunk", ""};
  constexpr std::array<std::size_t, 9> kSizes{0, 0, 1, 2, 4, 8, 2, 8, 16};
  if (chance.one_in(2)) {
    return header(kNames[chance.below(kNames.size())], kValues[chance.below(kValues.size())]);
  }
  // Of another type: booleans have no value, 6 is bytes with a length, 8 a time, 9 a UUID.
  const std::size_t type = chance.below(kSizes.size());
  std::string text = std::string("\x01x") + static_cast<char>(type == 7 ? 8 : type);
  return text.append(kSizes[type], '\0');
}

/// Changes one frame; what is not one becomes the payload of one.
void mutate_frame(std::string& frame, Chance& chance) {
  std::string headers;
  std::string payload = frame;
  if (frame.size() >= kFrame && u32(frame) == frame.size() &&
      u32(std::string_view(frame).substr(4)) <= frame.size() - kFrame) {
    headers = frame.substr(kPrelude, u32(std::string_view(frame).substr(4)));
    payload = frame.substr(kPrelude + headers.size(), frame.size() - kFrame - headers.size());
  }
  switch (chance.below(4)) {
    case 0:
      mutate_bytes(headers);
      break;
    case 1:
      headers.insert(0, some_header(chance));
      break;
    case 2:
      headers += some_header(chance);
      break;
    default:
      mutate_bytes(payload);
  }
  frame = framed(headers, payload);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  Chance chance(seed);
  if (size == 0 || chance.one_in(8)) return LLVMFuzzerMutate(data, size, max_size);
  std::vector<std::string> frames = frames_of(as_text(data, size));
  if (chance.one_in(3)) {
    rearrange(frames, chance);
  } else {
    mutate_frame(frames[chance.below(frames.size())], chance);
  }
  if (frames.empty()) frames.push_back(framed({}, {}));
  return store(joined(frames), data, max_size);
}
