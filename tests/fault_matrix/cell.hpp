#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace llm::fault_matrix {

/// Where in an exchange the fault is.
enum class Place {
  connect,
  tls,
  request_head,
  request_body,
  response_head,
  body,
  frame,
  between_requests
};
/// What the peer does there.
enum class Fault {
  reset,         ///< TCP RST.
  fin,           ///< An orderly close at a boundary; under TLS with close_notify.
  stall,         ///< Silence.
  slow_drip,     ///< A few bytes at a time, to the end.
  endless_drip,  ///< A byte at a time, without an end.
  garbage,
  truncation,  ///< A close in the middle; under TLS without close_notify.
  duplicate,
  oversize,
  descriptors,  ///< This process has no file descriptor left.
  memory,       ///< This process has no memory left.
};
enum class Mode { whole, stream };
enum class Driver { blocking, loop };
enum class Security { plain, tls };
/// How the response says where its body ends.
enum class Framing { length, chunked, until_close };
/// How often the call may be sent again, and whether that helps.
enum class Retries {
  none,
  cured,   ///< Once; only the first connection is faulty.
  in_vain  ///< Once; every connection is faulty.
};
/// The byte of the place at which the fault happens.
enum class Position {
  start,
  status_line,
  after_status_line,
  header_line,
  last_line,
  first_byte,
  middle,
  last_byte,
  chunk_size,
  chunk_end,
  terminator,
  prelude,
  prelude_checksum,
  headers,
  payload,
  checksum,
  request_arrives,  ///< Between requests: as the next one arrives.
};
/// Which frame of a stream.
enum class FrameAt { first, middle, last };

/// One cell of the client's side: one fault of a server at one place, and one way to meet it.
struct ClientCell {
  Place place = Place::connect;
  Fault fault = Fault::reset;
  Position position = Position::start;
  FrameAt frame = FrameAt::first;  ///< For Place::frame.
  Mode mode = Mode::whole;
  Framing framing = Framing::length;
  Security security = Security::plain;
  Driver driver = Driver::blocking;
  Retries retries = Retries::none;
  int number =
      0;  ///< Fault::memory: which allocation fails; Fault::descriptors: how many are left.
};

[[nodiscard]] std::string_view name_of(Place place);
[[nodiscard]] std::string_view name_of(Fault fault);
[[nodiscard]] std::string_view name_of(Position position);
[[nodiscard]] std::string_view name_of(FrameAt frame);
[[nodiscard]] std::string_view name_of(Mode mode);
[[nodiscard]] std::string_view name_of(Driver driver);
[[nodiscard]] std::string_view name_of(Security security);
[[nodiscard]] std::string_view name_of(Framing framing);
[[nodiscard]] std::string_view name_of(Retries retries);
/// All dimensions, e.g. `client/frame/stall/middle.payload/stream/chunked/tls/loop/none`.
[[nodiscard]] std::string name_of(const ClientCell& cell);

/// A combination that no test can make, and why.
struct Impossible {
  std::string what{};
  std::string why{};
};

/// Every cell of the client's side, in a fixed order.
[[nodiscard]] std::vector<ClientCell> client_cells();
[[nodiscard]] std::vector<Impossible> impossible_client_cells();

}  // namespace llm::fault_matrix
