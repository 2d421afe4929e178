#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <llm/local/operation.hpp>
#include <llm/transport.hpp>

namespace llm::local {

/// A request to the local Bedrock and what it was answered. Holds no secret: the path is without
/// its query, and a header that may hold one has the value `[redacted]`.
struct JournalEntry {
  std::uint64_t number = 0;  ///< From 1 since start or `clear`.
  std::chrono::system_clock::time_point received_at{};
  std::string method{};
  std::string path{};
  Operation operation = Operation::unknown;
  std::string model{};          ///< As in the path, decoded; empty: none.
  std::string access_key_id{};  ///< The key that it says it is signed with; empty: none.
  std::vector<HttpHeader> headers{};
  int status = 0;
  std::string exception{};  ///< What it was refused with; empty: nothing, or inside a stream.
  std::string request_id{};
  std::size_t rule = 0;        ///< The number of the rule that it met, from 1; 0: none.
  std::string fault{};         ///< fault_name of what went wrong on command; empty: nothing.
  std::string request_body{};  ///< With ServerOptions::journal_bodies alone.
  std::string reply_body{};    ///< The same, of a reply that is no stream.
};

}  // namespace llm::local
