// What a hostile server does on a connection, step by step.
#include <algorithm>
#include <utility>

#include "tests/fault_matrix/hostile_server.hpp"
#include "tests/support/raw_server.hpp"

namespace llm::fault_matrix {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kHeadEnd = "\r\n\r\n";

bool read_one(Peer& peer) {
  std::string& received = peer.received;
  std::size_t head_end = received.find(kHeadEnd);
  while (head_end == std::string::npos) {
    if (!peer.wire.read(received)) return false;
    head_end = received.find(kHeadEnd);
  }
  const std::size_t size =
      head_end + kHeadEnd.size() +
      test_support::content_length(std::string_view(received).substr(0, head_end));
  while (received.size() < size) {
    if (!peer.wire.read(received)) return false;
  }
  received.erase(0, size);
  return true;
}

}  // namespace

Act handshake() {
  return [](Peer& peer) { return peer.wire.finish_handshake(); };
}

Act read_request() { return read_one; }

Act read_some(std::size_t count) {
  return [count](Peer& peer) {
    while (peer.received.size() < count) {
      if (!peer.wire.read(peer.received, count)) return false;
    }
    return true;
  };
}

Act read_slowly(std::size_t count, std::size_t bytes, milliseconds gap) {
  return [=](Peer& peer) {
    for (std::size_t i = 0; i < count; ++i) {
      if (!peer.wire.read(peer.received, bytes) || !peer.wire.stays_open(gap)) return false;
    }
    return true;
  };
}

Act send(std::string bytes) {
  return [bytes = std::move(bytes)](Peer& peer) { return peer.wire.write(bytes); };
}

Act send_slowly(std::string bytes, std::size_t count, milliseconds gap) {
  return [bytes = std::move(bytes), count, gap](Peer& peer) {
    std::string_view rest = bytes;
    for (std::size_t i = 0; i < count && !rest.empty(); ++i, rest.remove_prefix(1)) {
      if (!peer.wire.write(rest.substr(0, 1)) || !peer.wire.stays_open(gap)) return false;
    }
    return peer.wire.write(rest);
  };
}

Act drip(std::string bytes, milliseconds gap) {
  return [bytes = std::move(bytes), gap](Peer& peer) {
    for (std::string_view rest = bytes; rest.size() > 1; rest.remove_prefix(1)) {
      if (!peer.wire.stays_open(gap) || !peer.wire.write(rest.substr(0, 1))) return false;
    }
    peer.wire.drain();
    return false;
  };
}

Act flood(std::string bytes, std::size_t most) {
  return [bytes = std::move(bytes), most](Peer& peer) {
    for (std::size_t i = 0; i < most; ++i) {
      if (!peer.wire.write(bytes)) return false;
    }
    peer.wire.drain();
    return false;
  };
}

Act close_sending(bool says_so) {
  return [says_so](Peer& peer) {
    peer.wire.close_sending(says_so);
    return true;
  };
}

Act stall() {
  return [](Peer& peer) {
    peer.wire.drain();
    return false;
  };
}

Act stop_reading() {
  return [](Peer& peer) {
    (void)peer.wire.stays_open(std::chrono::seconds(10));
    return false;
  };
}

Act reset() {
  return [](Peer& peer) {
    peer.wire.reset();
    return true;
  };
}

}  // namespace llm::fault_matrix
