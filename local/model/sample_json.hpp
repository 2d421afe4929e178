#pragma once

#include <string>

#include "json/reader.hpp"

namespace llm::local {

/// A small JSON value that a JSON Schema accepts: every required member, filled by type, `const`,
/// `enum`, `default` or `examples`, within its bounds and matching its `pattern`, as far as
/// sample_of_pattern reads it. References within the schema are followed.
[[nodiscard]] std::string sample_value(const json::Value& schema);

/// The same for the arguments of a tool, which are an object whatever its schema says.
[[nodiscard]] std::string sample_arguments(const json::Value& schema);

}  // namespace llm::local
