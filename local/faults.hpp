#pragma once

#include <llm/local/fault.hpp>

#include "local/exchange.hpp"

namespace llm::local {

/// Puts a fault into a reply that is ready. False when there is nothing to put it in: the checksum
/// of a whole reply, or a clock, which is wrong before there is a reply. Pure.
[[nodiscard]] bool apply_fault(const Fault& fault, Reply& reply);

}  // namespace llm::local
