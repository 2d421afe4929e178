#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <llm/local/operation.hpp>
#include <llm/transport.hpp>

namespace llm::local {

/// A request to the local Bedrock and its response. Contains no secret: the path has no query, a
/// header that might contain a secret has the value `[redacted]`, and so has the part of a refusal
/// that quotes such headers.
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
  std::size_t rule = 0;              ///< Number of the rule that matched, from 1; 0: none.
  std::string fault{};               ///< `fault_name` of the fault that was injected; empty: none.
  std::string request_body{};        ///< Only with ServerOptions::journal_bodies, one MiB at most.
  std::string reply_body{};          ///< The same, unless the response was streamed.
  std::size_t request_body_cut = 0;  ///< Bytes after `request_body` that are left out.
  std::size_t reply_body_cut = 0;
};

}  // namespace llm::local
