#pragma once

#include <cstddef>
#include <string>

#include <llm/local/operation.hpp>

#include "local/http/message.hpp"

namespace llm::local {

/// A reply and how it came about.
struct HandledRequest {
  Reply reply{};
  Operation operation = Operation::unknown;
  std::string model{};   ///< As in the path, decoded.
  std::size_t rule = 0;  ///< The number of the matching rule, from 1; 0: none.
  std::string fault{};   ///< The fault_name of what the rule broke; empty: nothing.
};

}  // namespace llm::local
