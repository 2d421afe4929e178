#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/message.hpp>
#include <llm/model.hpp>

#include "json/writer.hpp"

/// Writes the public types as JSON; docs/json.md has an example of each. Every function writes one
/// value.
namespace llm::to_json_parts {

/// A string, or `null` if it is empty.
void write_text_or_null(std::string_view text, json::Writer& writer);
void write_strings(const std::vector<std::string>& strings, json::Writer& writer);

void write_content(const Content& content, json::Writer& writer);
void write_tool_result_parts(const std::vector<ToolResultPart>& parts, json::Writer& writer);
/// `success`, `error` or null.
void write_tool_status(ToolStatus status, json::Writer& writer);
void write_message(const Message& message, json::Writer& writer);

void write_usage(const Usage& usage, json::Writer& writer);
void write_warnings(const std::vector<Warning>& warnings, json::Writer& writer);
void write_details(const ResponseDetails& details, json::Writer& writer);
/// The members of a model, inside an object.
void write_model_members(const ModelInfo& model, json::Writer& writer);
/// Whether something is supported, or null.
void write_support(Support support, json::Writer& writer);
/// The object under `error`.
void write_error(const Error& error, json::Writer& writer);

/// The money as a decimal number without an exponent, or null when it is unset.
void write_dollars(std::optional<double> dollars, json::Writer& writer);

/// The number, or null when it is unset.
template <typename Number>
void write_optional(const std::optional<Number>& number, json::Writer& writer) {
  if (!number) {
    writer.null();
  } else if constexpr (std::is_integral_v<Number>) {
    writer.integer(*number);
  } else {
    writer.number(*number);
  }
}

}  // namespace llm::to_json_parts
