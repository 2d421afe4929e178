#pragma once

#include <openssl/ssl.h>

#include <string>

#include "tests/fault_matrix/cell.hpp"

namespace llm::fault_matrix {

/// Runs one cell of the client's side: the call that meets the fault, and the next one. Returns
/// what is wrong; empty: nothing. `tls` is the server's; the client trusts it by AWS_CA_BUNDLE.
[[nodiscard]] std::string run(const ClientCell& cell, SSL_CTX* tls);

}  // namespace llm::fault_matrix
