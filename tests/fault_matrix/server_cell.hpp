#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/fault_matrix/cell.hpp"

namespace llm::fault_matrix {

enum class Protocol { http1, http2 };

/// One cell of the servers' side: one fault of a client at one place.
struct ServerCell {
  Protocol protocol = Protocol::http1;
  Security security = Security::plain;
  Mode mode = Mode::whole;
  Framing framing = Framing::length;  ///< Of the request; HTTP/2 has its own.
  Place place = Place::connect;
  Fault fault = Fault::reset;
  Position position = Position::start;
};

/// What the client sees of the server.
enum class Answer {
  response,  ///< A complete one with this status.
  refusal,   ///< One with this status, after which the connection ends; HTTP/2 may end the stream.
  close,     ///< None: the connection is closed, HTTP/2 may say GOAWAY before.
  silence,   ///< None, as the request is not complete: the server sets no limit, and serves others.
  none       ///< The client is gone.
};

struct ServerExpected {
  Answer answer = Answer::none;
  int status = 0;
  std::string_view why{};
};

[[nodiscard]] std::string_view name_of(Protocol protocol);
[[nodiscard]] std::string name_of(const ServerCell& cell);
[[nodiscard]] std::vector<ServerCell> server_cells();
[[nodiscard]] std::vector<Impossible> impossible_server_cells();
[[nodiscard]] ServerExpected expected(const ServerCell& cell);

}  // namespace llm::fault_matrix
