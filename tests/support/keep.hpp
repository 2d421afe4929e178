#pragma once

#include <optional>
#include <utility>

#include <llm/task.hpp>

namespace llm::test_support {

/// Keeps what a task returns.
template <typename Value>
Task<> keep(Task<Value> task, std::optional<Value>& kept) {
  Value value = co_await std::move(task);
  kept = std::move(value);
}

}  // namespace llm::test_support
