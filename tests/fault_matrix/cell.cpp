#include "tests/fault_matrix/cell.hpp"

#include <array>
#include <cstddef>

namespace llm::fault_matrix {
namespace {

template <std::size_t Count, typename Value>
std::string_view row(const std::array<std::string_view, Count>& names, Value value) {
  return names.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string_view name_of(Place place) {
  static constexpr auto names =
      std::to_array<std::string_view>({"connect", "tls", "request_head", "request_body",
                                       "response_head", "body", "frame", "between_requests"});
  return row(names, place);
}

std::string_view name_of(Fault fault) {
  static constexpr auto names = std::to_array<std::string_view>(
      {"reset", "fin", "stall", "slow_drip", "endless_drip", "garbage", "truncation", "duplicate",
       "oversize", "descriptors", "memory"});
  return row(names, fault);
}

std::string_view name_of(Position position) {
  static constexpr auto names = std::to_array<std::string_view>(
      {"start", "status_line", "after_status_line", "header_line", "last_line", "first_byte",
       "middle", "last_byte", "chunk_size", "chunk_end", "terminator", "prelude",
       "prelude_checksum", "headers", "payload", "checksum", "request_arrives"});
  return row(names, position);
}

std::string_view name_of(FrameAt frame) {
  static constexpr auto names = std::to_array<std::string_view>({"first", "middle", "last"});
  return row(names, frame);
}

std::string_view name_of(Mode mode) { return mode == Mode::whole ? "whole" : "stream"; }

std::string_view name_of(Driver driver) { return driver == Driver::blocking ? "blocking" : "loop"; }

std::string_view name_of(Security security) {
  return security == Security::plain ? "plain" : "tls";
}

std::string_view name_of(Framing framing) {
  static constexpr auto names =
      std::to_array<std::string_view>({"length", "chunked", "until_close"});
  return row(names, framing);
}

std::string_view name_of(Retries retries) {
  static constexpr auto names = std::to_array<std::string_view>({"none", "cured", "in_vain"});
  return row(names, retries);
}

std::string name_of(const ClientCell& cell) {
  std::string name = "client";
  const auto add = [&name](std::string_view part) { name.append("/").append(part); };
  add(name_of(cell.place));
  add(name_of(cell.fault));
  if (cell.place == Place::frame) {
    add(name_of(cell.frame));
    name.append(".").append(name_of(cell.position));
  } else if (cell.fault == Fault::memory) {
    add("allocation_" + std::to_string(cell.number));
  } else if (cell.fault == Fault::descriptors) {
    add(std::to_string(cell.number) + "_left");
  } else {
    add(name_of(cell.position));
  }
  add(name_of(cell.mode));
  add(name_of(cell.framing));
  add(name_of(cell.security));
  add(name_of(cell.driver));
  add(name_of(cell.retries));
  return name;
}

}  // namespace llm::fault_matrix
