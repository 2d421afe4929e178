#pragma once

#include <array>
#include <string_view>

#include <llm/local/fault.hpp>

#include "local/http/message.hpp"

namespace llm::local {

/// What faults are called in scripts, in the order of Fault's alternatives.
inline constexpr std::array<std::string_view, std::variant_size_v<Fault>> kFaultKinds{
    "exception", "error_message",    "truncation",  "damaged_checksum",
    "stall",     "slow_first_byte",  "reset",       "empty_reply",
    "html_page", "error_in_success", "clock_offset"};

/// Puts a fault into a reply that is ready. False when there is nothing to put it in: the checksum
/// of a whole reply, or a clock, which is wrong before there is a reply. Pure.
[[nodiscard]] bool apply_fault(const Fault& fault, Reply& reply);

}  // namespace llm::local
