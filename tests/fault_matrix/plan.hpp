#pragma once

#include "tests/fault_matrix/cell.hpp"
#include "tests/fault_matrix/hostile_server.hpp"

namespace llm::fault_matrix {

/// How server and client of a cell wait for each other; only between requests.
struct Rendezvous {
  Gate warmed_up;  ///< Opened by the client: its first call has succeeded.
  Gate broken;     ///< Opened by the server: the idle connection is what it has to be.
};

/// What the server of this cell does. `tls` is used by cells with TLS; it and `rendezvous` outlive
/// the server.
[[nodiscard]] ServerPlan plan_of(const ClientCell& cell, SSL_CTX* tls, Rendezvous& rendezvous);

}  // namespace llm::fault_matrix
