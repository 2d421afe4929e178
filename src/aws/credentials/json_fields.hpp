#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/reader.hpp"

namespace llm::aws {

/// The first member of that name, ignoring case, as smithy-rs reads cache files and credential
/// documents. Absent when there is none.
[[nodiscard]] json::Value field(const json::Value& object, std::string_view name);

/// The text of `field`, or empty.
[[nodiscard]] std::string text_field(const json::Value& object, std::string_view name);

/// The object as minified JSON without the members named in `changes` (ignoring case), and with
/// these appended; each change is a name and a JSON text. All other members keep their order.
[[nodiscard]] std::string with_fields(
    const json::Value& object, const std::vector<std::pair<std::string, std::string>>& changes);

}  // namespace llm::aws
