#pragma once

#include <string>
#include <utility>

#include <llm/error.hpp>

namespace llm::base {

/// The error `configuration_error`, ready to be returned.
[[nodiscard, gnu::cold]] inline std::unexpected<Error> configuration_error(std::string message) {
  return std::unexpected(make_error(ErrorCode::configuration_error, std::move(message)));
}

}  // namespace llm::base
