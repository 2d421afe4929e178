// For any bytes, cut in any way, the decoder of server-sent events returns the same events and the
// same verdict, and what it decoded can be written and read again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aws/protocol/server_sent_events.hpp"
#include "base/text.hpp"
#include "fuzz/require.hpp"

namespace {

using llm::aws::EventMessage;
using llm::aws::ServerSentEventDecoder;
using llm::fuzz::require;

/// The event as one of the simplest bodies that contain it.
std::string written(const EventMessage& event) {
  std::string text = "event: " + std::string(event.event_type) + "\n";
  for (const std::string_view line : llm::base::split(event.payload, '\n')) {
    text.append("data: ").append(line).append("\n");
  }
  return text + "\n";
}

/// All events, written again, and the verdict.
std::string decode(std::string_view body, std::string_view cuts) {
  ServerSentEventDecoder decoder;
  std::string text;
  std::size_t next_cut = 0;
  while (!body.empty()) {
    const std::size_t length =
        cuts.empty() ? body.size() : static_cast<std::uint8_t>(cuts[next_cut++ % cuts.size()]) + 1U;
    const std::string_view next = body.substr(0, length);
    // In separate memory, freed once the decoder no longer needs it.
    const std::vector<char> fed(next.begin(), next.end());
    decoder.feed({fed.data(), fed.size()});
    for (;;) {
      const auto event = decoder.next();
      require(event.has_value(), "an event of this size is accepted");
      if (*event == nullptr) break;
      require((*event)->payload.find('\r') == std::string_view::npos, "no line end is in the data");
      text += written(**event);
    }
    body.remove_prefix(next.size());
  }
  return text + (decoder.finish() ? "" : "cut");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view cuts = input.substr(0, input.size() % 7 + 1);
  std::string whole = decode(input, {});
  require(decode(input, cuts) == whole, "cutting the body changes nothing");
  require(decode(input, std::string_view("\0", 1)) == whole, "feeding bytes changes nothing");
  if (whole.ends_with("cut")) whole.resize(whole.size() - 3);
  require(decode(whole, {}) == whole, "what was read is read again");
  return 0;
}
