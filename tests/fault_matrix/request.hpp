#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tests/fault_matrix/server_cell.hpp"

namespace llm::fault_matrix {

/// A request as the bytes that go over the wire.
struct WireRequest {
  std::string preface{};  ///< What HTTP/2 begins a connection with.
  std::string head{};
  std::string body{};

  [[nodiscard]] std::string all() const { return preface + head + body; }
};

/// A sound request; `stream` is its number in HTTP/2.
[[nodiscard]] WireRequest sound_request(const ServerCell& cell, unsigned stream = 1);
/// The same with what is wrong in it; for faults that are in the bytes.
[[nodiscard]] WireRequest wrong_request(const ServerCell& cell);
/// Where in `WireRequest::all` the cell's position is.
[[nodiscard]] std::size_t offset_of(const ServerCell& cell, const WireRequest& request);

/// What a server has sent, as far as it has been understood.
struct Reading {
  int status = 0;                ///< Of the first response.
  std::size_t complete = 0;      ///< Responses.
  bool is_stream_ended = false;  ///< HTTP/2: RST_STREAM or GOAWAY.
};

/// Understands the bytes of one connection. Only whole frames and heads count.
[[nodiscard]] Reading read_answer(Protocol protocol, std::string_view bytes);

}  // namespace llm::fault_matrix
