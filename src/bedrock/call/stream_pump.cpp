#include "bedrock/call/stream_pump.hpp"

#include <string_view>

namespace llm::bedrock {

const StreamEvent* StreamPump::next() {
  while (true) {
    if (const StreamEvent* const event = machine_.next()) return event;
    if (make_) {
      begin();
    } else if (machine_.exchange() != nullptr) {
      read_more();
    } else {
      // After the last event; or `make_` or `send` threw: then nothing is sent a second time.
      return nullptr;
    }
  }
}

void StreamPump::begin() {
  StreamCall call = std::exchange(make_, nullptr)();
  Result<Response> response = call.send();
  if (response) {
    machine_.open(std::move(call.decoding), std::move(*response));
  } else {
    machine_.fail(std::move(response.error()));
  }
}

void StreamPump::read_more() {
  Result<std::string_view> bytes = machine_.exchange()->read_some();
  if (!bytes) {
    machine_.on_read_error(std::move(bytes.error()));
  } else if (bytes->empty()) {
    machine_.on_end_of_body();
  } else {
    machine_.feed(*bytes);
  }
}

}  // namespace llm::bedrock
