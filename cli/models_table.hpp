#pragma once

#include <span>
#include <string>

#include <llm/bedrock/models.hpp>

namespace cli {

/// Models as a table: id to call, context and output limits, price, status, capabilities.
[[nodiscard]] std::string models_table(std::span<const llm::bedrock::ListedModel> models);

/// A JSON array with one model per line; docs/json.md has an example.
[[nodiscard]] std::string models_json(std::span<const llm::bedrock::ListedModel> models);

}  // namespace cli
