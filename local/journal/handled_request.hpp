#pragma once

#include <cstddef>
#include <string>

#include <llm/local/operation.hpp>

#include "local/http/message.hpp"

namespace llm::local {

/// A reply and what was decided on the way to it.
struct HandledRequest {
  Reply reply{};
  Operation operation = Operation::unknown;
  std::string model{};   ///< As in the path, decoded.
  std::size_t rule = 0;  ///< The number of the rule that it met, from 1; 0: none.
  std::string fault{};   ///< fault_name of what went wrong on command; empty: nothing.
};

}  // namespace llm::local
