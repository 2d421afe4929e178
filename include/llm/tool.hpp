#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/json.hpp>

namespace llm {

/// A function that the model may ask for, or one of the service's own tools, which it runs itself.
struct Tool {
  std::string name{};         ///< 1–64 of `[a-zA-Z0-9_-]` (Converse ToolSpecification).
  std::string description{};  ///< May be empty.
  /// JSON Schema of the arguments, of `type` `object`; as it is here, it has none.
  Json parameters = Json::from_valid_text(R"({"type":"object"})");
  std::optional<bool> strict{};  ///< Have the service enforce the schema, where it can.
  /// The service's own (`nova_code_interpreter`, ...): the name says all. Converse alone has them.
  bool system = false;
  friend bool operator==(const Tool&, const Tool&) = default;
};

/// How the model is to use the tools. Default-constructed: not said, the service decides (auto).
struct ToolChoice {
  enum class Kind {
    unspecified,
    automatic,  ///< The model decides.
    any,        ///< It must call at least one.
    one,        ///< It must call `name`.
    none,       ///< It must not call any.
  };
  Kind kind = Kind::unspecified;
  std::string name{};                    ///< With `one` only.
  std::optional<bool> parallel_calls{};  ///< false: at most one call in an answer.
  friend bool operator==(const ToolChoice&, const ToolChoice&) = default;
};

/// Reads a JSON array of tools. Each is `{"name","description","parameters"}`, or has its schema
/// under `input_schema`, or is an OpenAI `{"type":"function","function":{...}}`. See docs/json.md.
/// Errors: configuration_error with the index of the tool and the member that is wrong.
[[nodiscard]] Result<std::vector<Tool>> tools_from_json(std::string_view text);

}  // namespace llm
