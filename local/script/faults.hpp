#pragma once

#include <array>
#include <string_view>
#include <variant>

#include <llm/local/fault.hpp>

#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"
#include "local/script/object.hpp"

namespace llm::local {

/// The names of all kinds of faults in scripts, in the order of Fault's alternatives.
[[nodiscard]] const std::array<std::string_view, std::variant_size_v<Fault>>& fault_kinds();

/// Reads a fault of a script; its member `kind` selects the alternative. What is wrong with it is
/// reported to the problem of `object`.
[[nodiscard]] Fault read_fault(ScriptObject object);

/// Whether a request with this fault succeeds all the same, only later. Pure.
[[nodiscard]] bool only_delays(const Fault& fault);

/// Puts a fault into a finished reply, whose errors have that shape. False when there is nothing to
/// break: a buffered reply and server-sent events have no checksum, and the clock is wrong before
/// there is a reply. Pure.
[[nodiscard]] bool apply_fault(const Fault& fault, Reply& reply,
                               ErrorShape shape = ErrorShape::aws);

}  // namespace llm::local
