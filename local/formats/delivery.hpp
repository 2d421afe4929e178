#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "local/model/prompt.hpp"

namespace llm::local {

/// How a completion is sent.
enum class Delivery { buffered, streaming };

/// How to respond to a valid request to a model.
struct ResponsePlan {
  Delivery delivery = Delivery::buffered;
  std::string_view seed{};            ///< The ids in the response derive from it.
  std::chrono::milliseconds pace{0};  ///< The pause before each event of a stream.
  std::function<Completion(const Prompt&)> complete{};
};

}  // namespace llm::local
