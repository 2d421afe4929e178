#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <llm/local/operation.hpp>

#include "local/http/message.hpp"

namespace llm::local {

/// A reply and how it came about.
struct HandledRequest {
  Reply reply{};
  std::optional<std::string> recorded_body{};  ///< For the journal, if not the reply's own.
  Operation operation = Operation::unknown;
  std::string model{};   ///< As in the path, decoded.
  std::size_t rule = 0;  ///< The number of the matching rule, from 1; 0: none.
  std::string fault{};   ///< The fault_name of what the rule broke; empty: nothing.
};

}  // namespace llm::local
