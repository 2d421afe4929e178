#pragma once

#include <cstdint>
#include <string>

#include "tests/fault_matrix/server_cell.hpp"

namespace llm::fault_matrix {

/// Runs one cell of the servers' side against the local Bedrock on this port of 127.0.0.1. Returns
/// what is wrong; empty: nothing.
[[nodiscard]] std::string run(const ServerCell& cell, std::uint16_t port);

}  // namespace llm::fault_matrix
