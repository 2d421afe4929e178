#pragma once

#include <optional>
#include <utility>

#include <llm/error.hpp>
#include <llm/task.hpp>

#include "aws/deadline.hpp"
#include "loop/await.hpp"
#include "loop/core.hpp"

namespace llm::bedrock {

/// The result of a single flight that runs on a pool: `SingleFlight::get_on` without blocking.
/// `join()` takes a place in it. Errors: the lookup's; timeout_error.
template <typename Value, typename Join>
Task<Result<Value>> joined(loop::Core& core, aws::WaitLimits limits, Join join) {
  while (true) {
    const auto place = join();
    if (!place.is_cached()) {
      const auto until = limits.deadline ? std::optional(limits.deadline->at()) : std::nullopt;
      const bool has_landed = co_await loop::Stopped(core, place.landed(), until);
      if (!has_landed) co_return std::unexpected(limits.deadline->error(limits.subject));
    }
    if (auto result = place.result()) co_return *std::move(result);
  }
}

}  // namespace llm::bedrock
