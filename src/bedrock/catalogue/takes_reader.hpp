#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "bedrock/catalogue/overlay.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {

/// Reads the rows of the member `takes` into the models of `data`: `{"fact", "is", "models",
/// "sources"}`. A source is one that `is_source` knows, or an issue, `owner/repository#number`.
/// Returns a sentence that names the row if one is wrong.
[[nodiscard]] std::optional<std::string> read_takes(
    const json::Value& rows, const std::function<bool(std::string_view)>& is_source,
    CatalogueData& data);

}  // namespace llm::bedrock
