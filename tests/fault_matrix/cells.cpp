// Which cells there are on the client's side, and which there cannot be.
#include <array>
#include <initializer_list>

#include "tests/fault_matrix/cell.hpp"
#include "tests/fault_matrix/expected.hpp"
#include "tests/support/sanitizers.hpp"

namespace llm::fault_matrix {
namespace {

constexpr std::array kModes{Mode::whole, Mode::stream};
constexpr std::array kFramings{Framing::length, Framing::chunked, Framing::until_close};
constexpr std::array kSecurities{Security::plain, Security::tls};

using Positions = std::initializer_list<Position>;

/// Appends a cell for each driver and each kind of retries.
void add(ClientCell cell, std::vector<ClientCell>& out) {
  const bool is_met_by_retries = !expected(cell).succeeds && cell.fault != Fault::oversize &&
                                 cell.fault != Fault::endless_drip &&
                                 cell.fault != Fault::descriptors && cell.fault != Fault::memory;
  for (const Driver driver : {Driver::blocking, Driver::loop}) {
    cell.driver = driver;
    for (const Retries retries : {Retries::none, Retries::cured, Retries::in_vain}) {
      if (retries != Retries::none && !is_met_by_retries) continue;
      // Who does not accept cannot see when the first attempt has been refused.
      if (cell.place == Place::connect && cell.fault != Fault::fin && retries == Retries::cured) {
        continue;
      }
      // Only the connection that was idle is at fault.
      if (cell.place == Place::between_requests && retries == Retries::in_vain) continue;
      cell.retries = retries;
      out.push_back(cell);
    }
  }
}

void add_connect(std::vector<ClientCell>& out) {
  for (const Mode mode : kModes) {
    for (const Security security : kSecurities) {
      for (const Fault fault : {Fault::reset, Fault::fin, Fault::stall}) {
        add({.place = Place::connect, .fault = fault, .mode = mode, .security = security}, out);
      }
    }
  }
}

void add_tls(std::vector<ClientCell>& out) {
  const auto add_at = [&out](Fault fault, Positions positions) {
    for (const Mode mode : kModes) {
      for (const Position position : positions) {
        add({.place = Place::tls,
             .fault = fault,
             .position = position,
             .mode = mode,
             .security = Security::tls},
            out);
      }
    }
  };
  const Positions all{Position::start, Position::middle, Position::last_byte};
  for (const Fault fault : {Fault::reset, Fault::stall, Fault::endless_drip, Fault::garbage}) {
    add_at(fault, all);
  }
  add_at(Fault::truncation, {Position::middle, Position::last_byte});
  for (const Fault fault : {Fault::fin, Fault::slow_drip, Fault::duplicate, Fault::oversize}) {
    add_at(fault, {Position::start});
  }
}

void add_request(Place place, std::vector<ClientCell>& out) {
  for (const Mode mode : kModes) {
    for (const Security security : kSecurities) {
      for (const Fault fault :
           {Fault::reset, Fault::fin, Fault::stall, Fault::slow_drip, Fault::endless_drip,
            Fault::garbage, Fault::truncation, Fault::duplicate, Fault::oversize}) {
        if (place == Place::request_head && fault == Fault::truncation) continue;
        add({.place = place,
             .fault = fault,
             .position = Position::middle,
             .mode = mode,
             .security = security},
            out);
      }
    }
  }
}

/// For each framing and security.
void add_framed(ClientCell cell, Positions positions, std::vector<ClientCell>& out) {
  for (const Framing framing : kFramings) {
    for (const Security security : kSecurities) {
      for (const Position position : positions) {
        const bool is_of_chunks = position == Position::chunk_size ||
                                  position == Position::chunk_end ||
                                  position == Position::terminator;
        if (is_of_chunks && framing != Framing::chunked) continue;
        cell.framing = framing;
        cell.security = security;
        cell.position = position;
        add(cell, out);
      }
    }
  }
}

void add_response_head(Mode mode, std::vector<ClientCell>& out) {
  const auto add_at = [&](Fault fault, Positions positions) {
    add_framed({.place = Place::response_head, .fault = fault, .mode = mode}, positions, out);
  };
  const Positions all{Position::start, Position::status_line, Position::after_status_line,
                      Position::header_line, Position::last_line};
  for (const Fault fault : {Fault::reset, Fault::stall, Fault::slow_drip, Fault::endless_drip}) {
    add_at(fault, all);
  }
  add_at(Fault::fin, {Position::start, Position::after_status_line, Position::last_line});
  add_at(Fault::truncation, {Position::status_line, Position::header_line});
  add_at(Fault::garbage, {Position::start, Position::header_line});
  add_at(Fault::oversize, {Position::start, Position::after_status_line, Position::header_line});
  add_at(Fault::duplicate, {Position::start, Position::header_line});
  for (const Security security : kSecurities) {
    for (const Framing framing : {Framing::length, Framing::chunked}) {
      add({.place = Place::response_head,
           .fault = Fault::duplicate,
           .position = Position::last_line,
           .mode = mode,
           .framing = framing,
           .security = security},
          out);
    }
  }
}

void add_whole_body(std::vector<ClientCell>& out) {
  const auto add_at = [&](Fault fault, Positions positions) {
    add_framed({.place = Place::body, .fault = fault, .mode = Mode::whole}, positions, out);
  };
  const Positions all{Position::start,     Position::first_byte, Position::middle,
                      Position::last_byte, Position::chunk_end,  Position::terminator};
  for (const Fault fault : {Fault::reset, Fault::stall, Fault::slow_drip, Fault::endless_drip}) {
    add_at(fault, all);
  }
  add_at(Fault::fin, {Position::start, Position::terminator});
  add_at(Fault::truncation, {Position::first_byte, Position::middle, Position::last_byte});
  add_at(Fault::garbage,
         {Position::first_byte, Position::last_byte, Position::chunk_size, Position::chunk_end});
  add_at(Fault::duplicate, {Position::start, Position::last_byte});
  for (const Framing framing : kFramings) {
    add({.place = Place::body, .fault = Fault::oversize, .framing = framing}, out);
  }
}

void add_stream_body(std::vector<ClientCell>& out) {
  const auto add_at = [&](Fault fault, Positions positions) {
    add_framed({.place = Place::body, .fault = fault, .mode = Mode::stream}, positions, out);
  };
  const Positions ends{Position::start, Position::chunk_end, Position::terminator};
  for (const Fault fault : {Fault::reset, Fault::stall, Fault::slow_drip, Fault::endless_drip}) {
    add_at(fault, ends);
  }
  add_at(Fault::fin, {Position::start, Position::terminator});
  add_at(Fault::truncation, {Position::chunk_end});
  add_at(Fault::garbage, {Position::chunk_size, Position::chunk_end});
  add_at(Fault::duplicate, {Position::start, Position::last_byte});
}

void add_frames(std::vector<ClientCell>& out) {
  const Positions inside{Position::prelude, Position::prelude_checksum, Position::headers,
                         Position::payload, Position::checksum};
  const Positions all{Position::start,   Position::prelude, Position::prelude_checksum,
                      Position::headers, Position::payload, Position::checksum};
  for (const FrameAt frame : {FrameAt::first, FrameAt::middle, FrameAt::last}) {
    const auto add_at = [&](Fault fault, Positions positions) {
      add_framed({.place = Place::frame, .fault = fault, .frame = frame, .mode = Mode::stream},
                 positions, out);
    };
    for (const Fault fault : {Fault::reset, Fault::stall, Fault::slow_drip, Fault::endless_drip}) {
      add_at(fault, all);
    }
    add_at(Fault::fin, {Position::start});
    add_at(Fault::truncation, inside);
    add_at(Fault::garbage, inside);
    add_at(Fault::duplicate, {Position::start});
    add_at(Fault::oversize, {Position::prelude, Position::headers});
  }
}

void add_between(std::vector<ClientCell>& out) {
  for (const Mode mode : kModes) {
    for (const Framing framing : {Framing::length, Framing::chunked}) {
      for (const Security security : kSecurities) {
        ClientCell cell{.place = Place::between_requests,
                        .mode = mode,
                        .framing = framing,
                        .security = security};
        for (const Fault fault :
             {Fault::reset, Fault::fin, Fault::stall, Fault::slow_drip, Fault::garbage,
              Fault::truncation, Fault::duplicate, Fault::oversize}) {
          cell.fault = fault;
          add(cell, out);
        }
        cell.position = Position::request_arrives;
        for (const Fault fault : {Fault::reset, Fault::fin, Fault::garbage}) {
          cell.fault = fault;
          add(cell, out);
        }
      }
    }
  }
}

/// Descriptors are taken when a connection is made; memory all the time.
void add_exhaustion(std::vector<ClientCell>& out) {
  constexpr int kEachUpTo = 40;
  constexpr int kMostAllocations = 600;
  constexpr int kStep = 7;
  for (const Mode mode : kModes) {
    for (const Security security : kSecurities) {
      ClientCell cell{
          .place = Place::connect, .fault = Fault::memory, .mode = mode, .security = security};
      for (int number = 1; number <= kMostAllocations; number += number < kEachUpTo ? 1 : kStep) {
        cell.number = number;
        add(cell, out);
      }
    }
  }
  if (test_support::kChecksDynamicTypes) return;
  for (const Mode mode : kModes) {
    for (const Security security : kSecurities) {
      ClientCell cell{
          .place = Place::connect, .fault = Fault::descriptors, .mode = mode, .security = security};
      add(cell, out);
      cell.place = Place::between_requests;
      add(cell, out);
    }
  }
}

}  // namespace

std::vector<ClientCell> client_cells() {
  std::vector<ClientCell> cells;
  add_connect(cells);
  add_tls(cells);
  add_request(Place::request_head, cells);
  add_request(Place::request_body, cells);
  for (const Mode mode : kModes) add_response_head(mode, cells);
  add_whole_body(cells);
  add_stream_body(cells);
  add_frames(cells);
  add_between(cells);
  add_exhaustion(cells);
  return cells;
}

std::vector<Impossible> impossible_client_cells() {
  return {
      {"client/connect/{slow_drip, endless_drip, garbage, truncation, duplicate, oversize}",
       "The kernels make the handshake of TCP: no byte of it is a program's."},
      {"client/connect/{reset, stall}/cured",
       "Who does not accept cannot see when the first attempt was refused."},
      {"client/{tls, request_head, request_body, response_head, body, frame}/descriptors",
       "A descriptor is taken to connect, and none afterwards: see between_requests."},
      {"client/.../descriptors where UBSan checks dynamic types", "It needs one itself."},
      {"client/{tls, ..., between_requests}/memory",
       "Allocations have no place: client/connect/memory counts them from the call to its end."},
      {"client/tls/.../plain", "Without TLS there is no handshake."},
      {"client/request_head/truncation", "A peer cannot cut what the client sends; that is reset."},
      {"client/response_head/duplicate/last_line/until_close",
       "Without a length and without a coding there is nothing that could contradict itself."},
      {"client/body/garbage/middle", "A changed letter within a JSON string is valid."},
      {"client/body/oversize/stream", "A stream has no limit as a whole: see frame/oversize."},
      {"client/body/{...}/{chunk_size, chunk_end, terminator}/{length, until_close}",
       "Only chunks have these."},
      {"client/frame/.../whole", "A buffered response has no frames."},
      {"client/between_requests/.../until_close", "The close ends the connection too."},
      {"client/between_requests/endless_drip",
       "What drips before the request ends the connection; after it, see response_head."},
      {"client/between_requests/.../in_vain", "Only the connection that was idle is at fault."},
      {"client/{...}/{slow_drip, duplicate}/{cured, in_vain}", "What succeeds is not sent again."},
  };
}

}  // namespace llm::fault_matrix
