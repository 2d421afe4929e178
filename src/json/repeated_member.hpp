#pragma once

#include <optional>
#include <string_view>

#include "json/reader.hpp"

namespace llm::json {

/// A name that occurs more than once in an object, of which readers would see the first only;
/// nullopt: there is none, or it is not an object. Lives as long as the text.
[[nodiscard]] std::optional<std::string_view> repeated_member(const Value& object);

}  // namespace llm::json
