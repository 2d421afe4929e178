#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/reader.hpp"

namespace llm::aws {

/// The member of that name whatever its case, as smithy-rs reads cache files and key documents; of
/// several, the first. NotConfigured when there is none.
[[nodiscard]] json::Value field(const json::Value& object, std::string_view name);

/// `field` as text, or empty.
[[nodiscard]] std::string text_field(const json::Value& object, std::string_view name);

/// The object as minified JSON with the members in `changes` replaced whatever the case of their
/// names, or added at its end; each change is a name and a JSON text. All others are kept in order.
[[nodiscard]] std::string with_fields(
    const json::Value& object, const std::vector<std::pair<std::string, std::string>>& changes);

}  // namespace llm::aws
