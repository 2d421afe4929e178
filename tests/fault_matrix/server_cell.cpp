// The cells of the servers' side, and their rules.
#include "tests/fault_matrix/server_cell.hpp"

#include <initializer_list>

namespace llm::fault_matrix {
namespace {

struct Row {
  Place place;
  Fault fault;
  std::initializer_list<Position> positions;
};

// Each for both protocols, with and without TLS, whole and as a stream.
const std::initializer_list<Row> kRows{
    {Place::connect, Fault::reset, {Position::start}},
    {Place::connect, Fault::fin, {Position::start}},
    {Place::connect, Fault::stall, {Position::start}},
    {Place::tls, Fault::reset, {Position::middle, Position::last_byte}},
    {Place::tls, Fault::truncation, {Position::middle, Position::last_byte}},
    {Place::tls, Fault::stall, {Position::middle, Position::last_byte}},
    {Place::tls, Fault::slow_drip, {Position::start}},
    {Place::tls, Fault::garbage, {Position::start}},
    {Place::tls, Fault::duplicate, {Position::start}},
    {Place::tls, Fault::oversize, {Position::start}},
    {Place::request_head,
     Fault::reset,
     {Position::first_byte, Position::middle, Position::last_byte}},
    {Place::request_head, Fault::fin, {Position::start}},
    {Place::request_head,
     Fault::truncation,
     {Position::first_byte, Position::middle, Position::last_byte}},
    {Place::request_head,
     Fault::stall,
     {Position::first_byte, Position::middle, Position::last_byte}},
    {Place::request_head,
     Fault::slow_drip,
     {Position::start, Position::first_byte, Position::middle, Position::last_byte}},
    {Place::request_head, Fault::garbage, {Position::start, Position::header_line}},
    {Place::request_head, Fault::duplicate, {Position::header_line, Position::last_line}},
    {Place::request_head, Fault::oversize, {Position::header_line, Position::last_line}},
    {Place::request_body, Fault::reset, {Position::start, Position::middle, Position::last_byte}},
    {Place::request_body, Fault::fin, {Position::start}},
    {Place::request_body, Fault::truncation, {Position::middle, Position::last_byte}},
    {Place::request_body, Fault::stall, {Position::start, Position::middle, Position::last_byte}},
    {Place::request_body,
     Fault::slow_drip,
     {Position::start, Position::middle, Position::last_byte}},
    {Place::request_body, Fault::garbage, {Position::middle, Position::chunk_size}},
    {Place::request_body, Fault::duplicate, {Position::start}},
    {Place::request_body, Fault::oversize, {Position::start, Position::last_line}},
    {Place::response_head, Fault::reset, {Position::start, Position::middle}},
    {Place::response_head, Fault::fin, {Position::start}},
    {Place::response_head, Fault::stall, {Position::start}},
    {Place::body, Fault::reset, {Position::start, Position::middle}},
    {Place::body, Fault::fin, {Position::middle}},
    {Place::body, Fault::stall, {Position::middle}},
    {Place::body, Fault::slow_drip, {Position::start}},
    {Place::between_requests, Fault::reset, {Position::start}},
    {Place::between_requests, Fault::fin, {Position::start}},
    {Place::between_requests, Fault::stall, {Position::start}},
    {Place::between_requests, Fault::slow_drip, {Position::start}},
    {Place::between_requests, Fault::garbage, {Position::start}},
    {Place::between_requests, Fault::truncation, {Position::middle}},
    {Place::between_requests, Fault::duplicate, {Position::start}},
    {Place::between_requests, Fault::oversize, {Position::start}},
};

bool is_possible(const ServerCell& cell) {
  const bool is_http2 = cell.protocol == Protocol::http2;
  if (cell.place == Place::tls && cell.security == Security::plain) return false;
  if (cell.framing == Framing::chunked) {
    // Only where the body of a request is.
    if (is_http2 || cell.place != Place::request_body) return false;
  } else if (cell.position == Position::chunk_size && !is_http2) {
    return false;
  }
  // Trailers follow the last chunk.
  if (cell.place == Place::request_body && cell.position == Position::last_line) {
    return cell.framing == Framing::chunked;
  }
  return true;
}

constexpr int kOk = 200;
constexpr int kBad = 400;
constexpr int kTooLarge = 413;

ServerExpected at_head(const ServerCell& cell) {
  if (cell.fault == Fault::garbage) {
    if (cell.protocol == Protocol::http2 && cell.position == Position::header_line) {
      return {Answer::close, 0, "RFC 7541, 2.3.3: an index without a field breaks compression."};
    }
    if (cell.protocol == Protocol::http2 && cell.security == Security::tls) {
      return {Answer::close, 0, "RFC 9113, 3.4: without its preface it is not HTTP/2."};
    }
    return {Answer::refusal, kBad, "The bytes are not HTTP."};
  }
  if (cell.fault == Fault::duplicate) {
    return {Answer::refusal, kBad, "A second Host or Content-Length could mean another request."};
  }
  return {Answer::refusal, kBad, "Headers have 64 KiB at most."};
}

ServerExpected at_request_body(const ServerCell& cell) {
  const bool is_http2 = cell.protocol == Protocol::http2;
  if (cell.fault == Fault::garbage && cell.position == Position::chunk_size) {
    if (is_http2) return {Answer::close, 0, "RFC 9113, 6.1: padding longer than the frame."};
    return {Answer::refusal, kBad, "Where a chunk ends cannot be read."};
  }
  if (cell.fault == Fault::garbage) return {Answer::response, kBad, "The body is not JSON."};
  if (cell.fault == Fault::oversize) {
    if (is_http2) return {Answer::close, 0, "RFC 9113, 4.2: a frame over SETTINGS_MAX_FRAME_SIZE."};
    if (cell.position == Position::last_line) {
      return {Answer::refusal, kBad, "Trailers are headers, which have 64 KiB at most."};
    }
    return {Answer::refusal, kTooLarge, "A body has 64 MiB at most."};
  }
  if (is_http2) return {Answer::close, 0, "RFC 9113, 5.1: DATA after the end of the stream."};
  return {Answer::response, kOk, "What follows a request is another, if it is one."};
}

ServerExpected between(const ServerCell& cell) {
  const bool is_http2 = cell.protocol == Protocol::http2;
  switch (cell.fault) {
    case Fault::garbage:
      if (is_http2) return {Answer::close, 0, "RFC 9113, 6.5: SETTINGS on a stream."};
      return {Answer::refusal, kBad, "The bytes are not HTTP."};
    case Fault::oversize:
      if (is_http2)
        return {Answer::close, 0, "RFC 9113, 4.2: a frame over SETTINGS_MAX_FRAME_SIZE."};
      return {Answer::refusal, kBad, "Headers have 64 KiB at most."};
    case Fault::truncation:
    case Fault::fin:
      return {Answer::close, 0, "Nothing complete was asked."};
    case Fault::stall:
      return {Answer::silence, 0, "An idle connection may stay."};
    default:
      return {Answer::response, kOk, "The second request is sound."};
  }
}

}  // namespace

std::string_view name_of(Protocol protocol) {
  return protocol == Protocol::http1 ? "http1" : "http2";
}

std::string name_of(const ServerCell& cell) {
  std::string name(name_of(cell.protocol));
  for (const std::string_view part :
       {name_of(cell.place), name_of(cell.fault), name_of(cell.position), name_of(cell.mode),
        name_of(cell.framing), name_of(cell.security)}) {
    name.append("/").append(part);
  }
  return name;
}

std::vector<ServerCell> server_cells() {
  std::vector<ServerCell> cells;
  for (const Row& row : kRows) {
    for (const Position position : row.positions) {
      for (const Protocol protocol : {Protocol::http1, Protocol::http2}) {
        for (const Security security : {Security::plain, Security::tls}) {
          for (const Mode mode : {Mode::whole, Mode::stream}) {
            for (const Framing framing : {Framing::length, Framing::chunked}) {
              const ServerCell cell{.protocol = protocol,
                                    .security = security,
                                    .mode = mode,
                                    .framing = framing,
                                    .place = row.place,
                                    .fault = row.fault,
                                    .position = position};
              if (is_possible(cell)) cells.push_back(cell);
            }
          }
        }
      }
    }
  }
  return cells;
}

std::vector<Impossible> impossible_server_cells() {
  return {
      {"{http1, http2}/connect/{slow_drip, garbage, truncation, duplicate, oversize}",
       "The kernels make the handshake of TCP: no byte of it is a program's."},
      {"{http1, http2}/.../endless_drip",
       "The local Bedrock sets its clients no limit: to it, that is a stall."},
      {"{http1, http2}/{response_head, body}/{garbage, truncation, duplicate, oversize}",
       "The server writes these; what a client sends meanwhile is the next request."},
      {"{http1, http2}/frame", "What a client reads of a body does not follow its frames."},
      {"http2/request_body/oversize/last_line", "Trailers of HTTP/2 are dropped as they arrive."},
      {"http2/.../chunked", "HTTP/2 has frames instead of chunks."},
      {"{http1, http2}/tls/.../plain", "Without TLS there is no handshake."},
  };
}

ServerExpected expected(const ServerCell& cell) {
  if (cell.place == Place::between_requests && cell.fault != Fault::reset) return between(cell);
  switch (cell.fault) {
    case Fault::reset:
      return {Answer::none, 0, "The client is gone."};
    case Fault::fin:
      if (cell.place == Place::response_head || cell.place == Place::body) {
        if (cell.protocol == Protocol::http2) {
          return {Answer::none, 0, "HTTP/2 needs both directions."};
        }
        return {Answer::response, kOk, "Whoever sends no more may still read."};
      }
      return {Answer::close, 0, "The request is not complete."};
    case Fault::truncation:
      return {Answer::close, 0, "The request is not complete."};
    case Fault::stall:
      if (cell.place == Place::response_head || cell.place == Place::body) {
        return {Answer::none, 0, "The response waits until it is read."};
      }
      return {Answer::silence, 0, "The request is not complete."};
    case Fault::slow_drip:
      return {Answer::response, kOk, "Slow is not broken."};
    default:
      break;
  }
  if (cell.place == Place::tls) return {Answer::close, 0, "What follows is not TLS."};
  return cell.place == Place::request_head ? at_head(cell) : at_request_body(cell);
}

}  // namespace llm::fault_matrix
