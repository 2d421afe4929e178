#pragma once

#include <cstddef>
#include <string>

#include <llm/error.hpp>
#include <llm/transport.hpp>

namespace llm::base {

/// How much of a body was read.
enum class BodyRead {
  whole,
  cut_off,  ///< There is more than may be kept.
};

/// Appends what is left of the body to `body`, which is then `max_bytes` long at most. Allocates
/// nothing when `body` has that capacity: so that no copy of a secret is left in freed memory.
/// Errors: those of `read_some`; `body` then holds what had arrived.
[[nodiscard]] Result<BodyRead> read_body(HttpExchange& exchange, std::size_t max_bytes,
                                         std::string& body);

}  // namespace llm::base
