#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llm/json.hpp>

namespace llm::bedrock::linter {

/// What a schema that the service enforces may not have.
struct SchemaLimits {
  std::string_view refuses{};  ///< Comma list of keywords.
  bool must_close = false;     ///< Each object says that it has no other properties.
};

/// What a schema has that it may not have, each with its path from the schema:
/// `properties.labels.maxItems`.
struct SchemaFaults {
  std::vector<std::string> keywords{};
  std::vector<std::string> open_objects{};     ///< Objects that say nothing.
  std::vector<std::string> explicitly_open{};  ///< Objects that allow other properties.
};

/// Nothing for a text that is not an object.
[[nodiscard]] SchemaFaults faults_of(const Json& schema, const SchemaLimits& limits);

/// The schema with the refused keywords moved into descriptions and its objects closed. Objects
/// that allow other properties are left as they are.
[[nodiscard]] Json within_limits(const Json& schema, const SchemaLimits& limits);

}  // namespace llm::bedrock::linter
