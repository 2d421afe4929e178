#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/json.hpp>

namespace llm {

/// A function that the model may call, or one of the service's own tools, which the service runs.
struct Tool {
  std::string name{};         ///< 1–64 characters of `[a-zA-Z0-9_-]` (Converse ToolSpecification).
  std::string description{};  ///< May be empty.
  /// JSON Schema of the arguments, of `type` `object`. The default takes no arguments.
  Json parameters = Json::from_valid_text(R"({"type":"object"})");
  std::optional<bool> strict{};  ///< Asks the service to enforce the schema, where it can.
  /// One of the service's own (`nova_code_interpreter`, ...): only `name` is used. Converse only.
  bool system = false;
  friend bool operator==(const Tool&, const Tool&) = default;
};

/// How the model should use the tools. By default nothing is sent, and the service decides (auto).
struct ToolChoice {
  enum class Kind {
    unspecified,
    automatic,  ///< The model decides.
    any,        ///< The model must call at least one.
    one,        ///< The model must call `name`.
    none,       ///< The model must not call any.
  };
  Kind kind = Kind::unspecified;
  std::string name{};                    ///< With `one` only.
  std::optional<bool> parallel_calls{};  ///< false: at most one call per response.
  friend bool operator==(const ToolChoice&, const ToolChoice&) = default;
};

/// Reads a JSON array of tools: `{"name","description","parameters"}`, the same with the schema
/// under `input_schema`, or OpenAI's `{"type":"function","function":{...}}`. See docs/json.md.
/// Errors: configuration_error with the index of the tool and the invalid member.
[[nodiscard]] Result<std::vector<Tool>> tools_from_json(std::string_view text);

}  // namespace llm
