#pragma once

#include <string>

#include "json/reader.hpp"

namespace llm::local {

/// A small JSON value that a JSON Schema accepts: every required member, from its `const`, `enum`,
/// `default`, `examples` or type, within its bounds and matching its `pattern` as far as
/// sample_of_pattern supports it. References within the schema are followed.
[[nodiscard]] std::string sample_value(const json::Value& schema);

/// The same for the arguments of a tool, which are always an object.
[[nodiscard]] std::string sample_arguments(const json::Value& schema);

}  // namespace llm::local
