#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <llm/local/operation.hpp>
#include <llm/transport.hpp>

namespace llm::local {

/// A request to the local Bedrock and its response. Contains no secret: the path has no query, and
/// a header that might contain a secret has the value `[redacted]`.
struct JournalEntry {
  std::uint64_t number = 0;  ///< Counts from 1 since start or `clear`.
  std::chrono::system_clock::time_point received_at{};
  std::string method{};
  std::string path{};
  Operation operation = Operation::unknown;
  std::string model{};          ///< From the path, decoded; empty: none.
  std::string access_key_id{};  ///< As stated in the signature; empty: none.
  std::vector<HttpHeader> headers{};
  int status = 0;
  std::string exception{};  ///< Exception returned; empty: none, or inside a stream.
  std::string request_id{};
  std::size_t rule = 0;        ///< Number of the rule that matched, from 1; 0: none.
  std::string fault{};         ///< `fault_name` of the fault that was injected; empty: none.
  std::string request_body{};  ///< Only with ServerOptions::journal_bodies.
  std::string reply_body{};    ///< The same, unless the response was streamed.
};

}  // namespace llm::local
