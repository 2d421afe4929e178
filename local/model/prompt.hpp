#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <llm/local/script.hpp>

#include "base/media_type.hpp"
#include "json/reader.hpp"

namespace llm::local {

/// An image in a request.
struct Image {
  std::string_view media_type{};
  std::size_t bytes = 0;
  std::optional<base::ImageSize> size{};
};

/// A tool that the model may call. `schema` lives as long as the parsed body.
struct OfferedTool {
  std::string name{};
  json::Value schema{};
};

/// The result of a tool in the last user message.
struct ToolResult {
  std::string tool{};  ///< The tool's name; empty when the prompt does not contain the call.
  std::string text{};
};

/// Whether the model may, must or must not call tools.
enum class ToolUse { automatic, required, none };

/// A valid prompt of any wire format, as far as the completion depends on it.
struct Prompt {
  std::string user_text{};                 ///< The last text of the user.
  std::vector<Image> images{};             ///< Of the last message.
  std::vector<ToolResult> tool_results{};  ///< Of the last message.
  std::vector<OfferedTool> tools{};
  ToolUse tool_use = ToolUse::automatic;
  std::string forced_tool{};  ///< With ToolUse::required: the tool to call; empty: any.
  bool parallel_tools = true;
  std::vector<std::string> stop_sequences{};
  std::int64_t prompt_tokens = 0;
  std::int64_t max_tokens = 0;
  bool thinking = false;             ///< The request turns on reasoning.
  std::string structured_output{};   ///< JSON of the requested schema; empty: no schema.
  std::string_view leading_space{};  ///< White space at the start of the model's completions.
};

struct TextBlock {
  std::string text{};
};

/// A tool call. Its arguments are not complete JSON when `max_tokens` cut them.
struct ToolCallBlock {
  std::string tool{};
  std::string arguments{};
  bool complete = true;
};

using Block = std::variant<TextBlock, ToolCallBlock>;

/// What the model writes, before it is encoded in a wire format.
struct Completion {
  std::string reasoning{};  ///< Precedes the blocks; empty: none.
  std::vector<Block> blocks{};
  StopReason stop_reason = StopReason::end_turn;
  std::string stop_sequence{};  ///< The one that ended the completion.
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;

  /// All text blocks joined.
  [[nodiscard]] std::string text() const;
};

}  // namespace llm::local
