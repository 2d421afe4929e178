// For any bytes, cut in any way, the decoder returns the same frames and the same verdict, and what
// it decoded can be encoded again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aws/protocol/event_stream.hpp"
#include "base/base64.hpp"
#include "fuzz/require.hpp"

namespace {

using llm::aws::EventMessage;
using llm::aws::EventStreamDecoder;
using llm::fuzz::require;

void append_message(const EventMessage& message, std::string& text) {
  text += "message\n";
  for (const auto& header : message.headers) {
    text.append(header.name).append("=").append(header.value).append("\n");
    require(header.type <= 9, "the type of a header is known");
  }
  text.append(message.payload).append("\n");
}

// Takes the complete frames; false after an error.
bool take_messages(EventStreamDecoder& decoder, std::string& text) {
  for (;;) {
    const auto message = decoder.next();
    if (!message) text += message.error().message;
    if (!message) return false;
    if (!*message) return true;
    append_message(**message, text);
  }
}

// The whole output as one text.
std::string decode(std::string_view stream, std::string_view cuts) {
  EventStreamDecoder decoder;
  std::string text;
  std::size_t next_cut = 0;
  bool good = true;
  while (good && !stream.empty()) {
    const std::size_t length =
        cuts.empty() ? stream.size() : static_cast<std::uint8_t>(cuts[next_cut++ % cuts.size()]);
    const std::string_view cut = stream.substr(0, length % 64 == 0 ? length + 1 : length % 64);
    // In separate memory, freed once the decoder no longer needs it.
    const std::string_view next = cuts.empty() ? stream : cut;
    const std::vector<char> fed(next.begin(), next.end());
    decoder.feed({fed.data(), fed.size()});
    good = take_messages(decoder, text);
    stream.remove_prefix(next.size());
  }
  if (const auto finished = decoder.finish(); !finished) text += finished.error().message;
  return text;
}

void check(std::string_view stream, std::string_view cuts) {
  const std::string whole = decode(stream, {});
  require(decode(stream, cuts) == whole, "cutting the stream changes nothing");
  require(decode(stream, "\x01") == whole, "feeding byte by byte changes nothing");
}

// The payload of chunks: base64 must be canonical.
void check_base64(std::string_view input) {
  std::string text;
  std::string bytes;
  llm::base::append_base64(input, text);
  require(llm::base::append_base64_decoded(text, bytes) && bytes == input, "base64 is read again");

  bytes.clear();
  if (!llm::base::append_base64_decoded(input, bytes)) return;
  text.clear();
  llm::base::append_base64(bytes, text);
  require(text == input, "base64 that is let through is what these bytes are written as");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view cuts = input.substr(0, input.size() % 7 + 1);
  check(input, cuts);
  check_base64(input);
  return 0;
}
