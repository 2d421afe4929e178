#pragma once

#include <llm/error.hpp>

namespace cli {

/// Exit codes by kind of failure; README has the table.
enum class ExitCode {
  success = 0,
  internal = 1,
  usage = 2,
  authentication = 3,
  refused = 4,
  throttled = 5,
  service = 6,
  timeout = 7,
  stream = 8,
  model = 9,
  interrupted = 130,
};

[[nodiscard]] ExitCode exit_code(llm::ErrorCode code);

}  // namespace cli
