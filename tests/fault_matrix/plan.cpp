#include "tests/fault_matrix/plan.hpp"

#include <utility>

#include "tests/fault_matrix/response.hpp"

namespace llm::fault_matrix {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kShortGap{1};
constexpr milliseconds kDripGap{40};
constexpr std::size_t kSlowBytes = 8;
constexpr std::size_t kSomeBytes = 10;
constexpr std::size_t kHugeBody = std::size_t{65} * 1024 * 1024;
constexpr std::size_t kHugeIdle = std::size_t{64} * 1024;  // what the kernel takes
constexpr int kSmallReceiveBuffer = 4 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kGarbage = "\x16\x03\x01 not HTTP at all\r\n\r\n";

void append(Acts more, Acts& acts) {
  for (Act& act : more) acts.push_back(std::move(act));
}

Acts sound_acts(const ClientCell& cell) {
  Acts acts{read_request(), send(sound_response(cell.mode, cell.framing).bytes)};
  if (cell.framing == Framing::until_close) append({close_sending(true), stall()}, acts);
  return acts;
}

/// `bytes` up to `offset`, and there the fault.
Acts broken_off(Fault fault, const std::string& bytes, std::size_t offset) {
  const std::string before = bytes.substr(0, offset);
  switch (fault) {
    case Fault::reset:
      return {send(before), reset()};
    case Fault::fin:
      return {send(before), close_sending(true), stall()};
    case Fault::truncation:
      return {send(before), close_sending(false), stall()};
    case Fault::slow_drip:
      return {send(before), send_slowly(bytes.substr(offset), kSlowBytes, kShortGap)};
    case Fault::endless_drip:
      return {send(before), drip(bytes.substr(offset), kDripGap)};
    default:
      return {send(before), stall()};
  }
}

/// The same for the first flight of a TLS server.
Act broken_flight(const ClientCell& cell) {
  return [fault = cell.fault, position = cell.position](Peer& peer) {
    std::string flight = peer.wire.first_flight();
    if (flight.empty()) return false;
    std::size_t offset = position == Position::middle ? flight.size() / 2 : 0;
    if (position == Position::last_byte) offset = flight.size() - 1;
    const auto send_raw = [&peer](std::string_view bytes) { return peer.wire.write_raw(bytes); };
    if (fault == Fault::slow_drip) {
      for (std::size_t i = 0; i < kSlowBytes; ++i) {
        if (!send_raw(flight.substr(i, 1)) || !peer.wire.stays_open(kShortGap)) return false;
      }
      return send_raw(flight.substr(kSlowBytes)) && peer.wire.finish_handshake();
    }
    if (fault == Fault::endless_drip) {
      bool is_open = send_raw(flight.substr(0, offset));
      for (; is_open && offset + 1 < flight.size(); ++offset) {
        is_open = peer.wire.stays_open(kDripGap) && send_raw(flight.substr(offset, 1));
      }
      peer.wire.drain();
      return false;
    }
    if (fault == Fault::garbage && position == Position::start) flight = kGarbage.substr(3);
    if (fault == Fault::garbage) flight[offset] = static_cast<char>(flight[offset] ^ 0x5a);
    if (fault == Fault::duplicate) flight += flight;
    // A record has 16 KiB and 256 bytes at most.
    if (fault == Fault::oversize) flight = "\x16\x03\x03\xff\xff" + std::string(0xffff, 'x');
    const bool is_all =
        fault == Fault::garbage || fault == Fault::duplicate || fault == Fault::oversize;
    if (!send_raw(is_all ? flight : flight.substr(0, offset))) return false;
    if (fault == Fault::reset) {
      peer.wire.reset();
      return false;
    }
    if (fault == Fault::fin || fault == Fault::truncation) peer.wire.close_sending(false);
    peer.wire.drain();
    return false;
  };
}

Acts at_request(const ClientCell& cell) {
  const bool is_body = cell.place == Place::request_body;
  const auto after_some = [](Act act) { return Acts{read_some(kSomeBytes), std::move(act)}; };
  switch (cell.fault) {
    case Fault::reset:
      return after_some(reset());
    case Fault::fin:
      return {read_some(kSomeBytes), close_sending(true), stall()};
    case Fault::stall:
      return after_some(stop_reading());
    case Fault::slow_drip: {
      Acts acts{is_body ? read_slowly(40, 4096, kShortGap) : read_slowly(20, 1, kShortGap)};
      append(sound_acts(cell), acts);
      return acts;
    }
    case Fault::endless_drip:
      return {read_slowly(SIZE_MAX, is_body ? 512 : 1, kDripGap)};
    case Fault::garbage:
      return {read_some(kSomeBytes), send(std::string(kGarbage)), stall()};
    case Fault::truncation:
      return {read_some(kSomeBytes), send(refusal("400 Bad Request", "ValidationException")),
              read_request()};
    case Fault::oversize:
      if (!is_body) return after_some(flood(std::string(kContinue), 100'000));
      return {read_some(kSomeBytes),
              send(refusal("413 Payload Too Large", "RequestEntityTooLargeException")),
              read_request()};
    default: {
      Acts acts{read_some(kSomeBytes)};
      for (int i = 0; i < 3; ++i) acts.push_back(send(std::string(kContinue)));
      append(sound_acts(cell), acts);
      return acts;
    }
  }
}

/// The response with its head or its body said twice.
Acts said_twice(const ClientCell& cell) {
  const bool is_until_close = cell.framing == Framing::until_close;
  const WireResponse sound = sound_response(cell.mode, cell.framing);
  std::string bytes = sound.bytes;
  if (cell.place == Place::body) {
    const WireResponse stale = sound_response(cell.mode, cell.framing, kStale);
    bytes += cell.position == Position::start ? stale.bytes.substr(stale.head_size) : stale.bytes;
  } else if (cell.position == Position::start) {
    bytes.insert(0, sound.bytes.substr(0, sound.head_size));
  } else {
    const bool is_type = cell.position == Position::header_line;
    const std::string type = cell.mode == Mode::whole
                                 ? "Content-Type: application/json\r\n"
                                 : "Content-Type: application/vnd.amazon.eventstream\r\n";
    const std::string other = cell.framing == Framing::length ? "Content-Length: 7\r\n"
                                                              : "Transfer-Encoding: chunked\r\n";
    bytes.insert(bytes.find("\r\n") + 2, is_type ? type : other);
  }
  Acts acts{send(bytes)};
  if (is_until_close) acts.push_back(close_sending(true));
  if (cell.place == Place::response_head && cell.position != Position::header_line) {
    acts.push_back(stall());
  }
  return acts;
}

Acts too_large(const ClientCell& cell) {
  if (cell.place == Place::response_head) {
    const WireResponse sound = sound_response(cell.mode, cell.framing);
    const std::string status = sound.bytes.substr(0, sound.bytes.find("\r\n") + 2);
    if (cell.position == Position::start) return {flood(std::string(kContinue), 100'000)};
    if (cell.position == Position::header_line) {
      return {send(status + "x-long: " + std::string(200'000, 'x') + "\r\n"), stall()};
    }
    return {send(status), flood("x-more: " + std::string(100, 'x') + "\r\n", 10'000)};
  }
  if (cell.place == Place::body) {
    Acts acts{send(response_of(cell.mode, cell.framing, {std::string(kHugeBody, ' ')}).bytes)};
    if (cell.framing == Framing::until_close) append({close_sending(true), stall()}, acts);
    return acts;
  }
  std::vector<std::string> frames = stream_frames(kFresh);
  make_oversize(cell.position, frames[index_of(cell.frame)]);
  Acts acts{send(response_of(cell.mode, cell.framing, frames).bytes)};
  if (cell.framing == Framing::until_close) append({close_sending(true), stall()}, acts);
  return acts;
}

/// One byte, or what stands there, replaced.
Acts garbled(const ClientCell& cell) {
  WireResponse response = sound_response(cell.mode, cell.framing);
  const std::size_t offset = offset_of(cell, response);
  std::string& bytes = response.bytes;
  if (cell.place == Place::response_head && cell.position == Position::start) {
    bytes.replace(0, bytes.find("\r\n"), kGarbage.substr(0, 12));
  } else if (cell.place == Place::response_head) {
    bytes[offset] = '\0';
  } else if (cell.position == Position::chunk_size || cell.position == Position::chunk_end) {
    bytes.replace(offset, 2, "~~");
  } else {
    bytes[offset] = static_cast<char>(bytes[offset] ^ 0x5a);
  }
  Acts acts{send(bytes)};
  if (cell.framing == Framing::until_close) append({close_sending(true), stall()}, acts);
  return acts;
}

Acts at_response(const ClientCell& cell) {
  Acts acts{read_request()};
  if (cell.fault == Fault::duplicate) {
    if (cell.place != Place::frame) {
      append(said_twice(cell), acts);
      return acts;
    }
    std::vector<std::string> frames = stream_frames(kFresh);
    const auto at = static_cast<std::ptrdiff_t>(index_of(cell.frame));
    frames.insert(frames.begin() + at, frames[static_cast<std::size_t>(at)]);
    acts.push_back(send(response_of(cell.mode, cell.framing, frames).bytes));
    if (cell.framing == Framing::until_close) acts.push_back(close_sending(true));
    return acts;
  }
  if (cell.fault == Fault::oversize) {
    append(too_large(cell), acts);
  } else if (cell.fault == Fault::garbage) {
    append(garbled(cell), acts);
  } else {
    const WireResponse sound = sound_response(cell.mode, cell.framing);
    append(broken_off(cell.fault, sound.bytes, offset_of(cell, sound)), acts);
    if (cell.fault == Fault::slow_drip && cell.framing == Framing::until_close) {
      acts.push_back(close_sending(true));
    }
  }
  return acts;
}

/// Breaks a connection that has served one request.
Acts between_requests(const ClientCell& cell, Rendezvous& rendezvous) {
  Acts acts{read_request(), send(sound_response(cell.mode, cell.framing).bytes)};
  const bool is_idle = cell.position != Position::request_arrives;
  const WireResponse stale = sound_response(cell.mode, cell.framing, kStale);
  Acts fault;
  switch (cell.fault) {
    case Fault::reset:
      fault = {reset()};
      break;
    case Fault::fin:
      fault = {close_sending(true)};
      break;
    case Fault::garbage:
      fault = {send(std::string(kGarbage))};
      break;
    case Fault::slow_drip:
      fault = {send_slowly(stale.bytes, kSlowBytes, kShortGap)};
      break;
    case Fault::truncation:
      fault = {send(stale.bytes.substr(0, stale.end - 1)), close_sending(false)};
      break;
    case Fault::oversize:
      fault = {send(std::string(kHugeIdle, 'x'))};
      break;
    case Fault::duplicate:
      fault = {send(stale.bytes)};
      break;
    default:
      break;
  }
  if (!is_idle) {
    acts.push_back(read_some(kSomeBytes));
    append(std::move(fault), acts);
    acts.push_back(stall());
    return acts;
  }
  acts.push_back([&rendezvous](Peer&) { return rendezvous.warmed_up.wait(); });
  append(std::move(fault), acts);
  acts.push_back([&rendezvous](Peer&) {
    rendezvous.broken.open();
    return true;
  });
  acts.push_back(cell.fault == Fault::stall ? stop_reading() : stall());
  return acts;
}

}  // namespace

ServerPlan plan_of(const ClientCell& cell, SSL_CTX* tls, Rendezvous& rendezvous) {
  using Listening = ServerPlan::Listening;
  ServerPlan plan{.sound = sound_acts(cell), .tls = cell.security == Security::tls ? tls : nullptr};
  if (cell.fault == Fault::descriptors || cell.fault == Fault::memory) {
    plan.faulty_connections = 0;
    return plan;
  }
  if (cell.retries == Retries::cured) plan.faulty_connections = 1;
  if (cell.place == Place::connect) {
    if (cell.fault == Fault::reset) plan.listening = Listening::refuses;
    if (cell.fault == Fault::stall) plan.listening = Listening::is_full;
    plan.faulty = {[](Peer&) { return false; }};
    return plan;
  }
  if (cell.place == Place::tls) {
    plan.faulty = {broken_flight(cell)};
    return plan;
  }
  plan.faulty = {handshake()};
  if (cell.place == Place::between_requests) {
    append(between_requests(cell, rendezvous), plan.faulty);
    return plan;
  }
  if (cell.place == Place::request_body) plan.receive_buffer = kSmallReceiveBuffer;
  const bool is_request = cell.place == Place::request_head || cell.place == Place::request_body;
  append(is_request ? at_request(cell) : at_response(cell), plan.faulty);
  return plan;
}

}  // namespace llm::fault_matrix
