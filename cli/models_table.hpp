#pragma once

#include <span>
#include <string>

#include <llm/bedrock/models.hpp>

namespace cli {

/// Models as lines of text below a headline: which id to call, how long, price, life, abilities.
[[nodiscard]] std::string models_table(std::span<const llm::bedrock::ListedModel> models);

/// An array, one model a line; docs/json.md shows one.
[[nodiscard]] std::string models_json(std::span<const llm::bedrock::ListedModel> models);

}  // namespace cli
