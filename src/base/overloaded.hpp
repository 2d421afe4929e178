#pragma once

namespace llm::base {

/// Combines several lambdas into one visitor for `std::visit`.
template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

}  // namespace llm::base
