#pragma once

namespace llm::base {

/// One visitor of several lambdas, for `std::visit`.
template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

}  // namespace llm::base
