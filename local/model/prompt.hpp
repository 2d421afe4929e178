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

/// An image that was sent along.
struct Picture {
  std::string_view media_type{};
  std::size_t bytes = 0;
  std::optional<base::ImageSize> size{};
};

/// A tool on offer. `schema` lives as long as the parsed body.
struct OfferedTool {
  std::string name{};
  json::Value schema{};
};

/// What a tool said, as the last user message brings it.
struct ToolReply {
  std::string tool{};  ///< Its name; empty when the call is not in the conversation.
  std::string text{};
};

/// How far the model may choose to call tools.
enum class ToolUse { automatic, required, none };

/// A prompt in whatever wire form, once it has been found valid: what an answer is made from.
struct Prompt {
  std::string question{};                 ///< The last thing the user said.
  std::vector<Picture> pictures{};        ///< Of the last user message.
  std::vector<ToolReply> tool_replies{};  ///< Of the last user message.
  std::vector<OfferedTool> tools{};
  ToolUse tool_use = ToolUse::automatic;
  std::string forced_tool{};  ///< With ToolUse::required: this one; empty: any.
  bool parallel_tools = true;
  std::vector<std::string> stop_sequences{};
  std::int64_t prompt_tokens = 0;
  std::int64_t max_tokens = 0;
  bool thinking = false;       ///< Reasoning was asked for.
  std::string prescribed{};    ///< The answer, where the request prescribes its form; else empty.
  std::string_view opening{};  ///< White space that the model's answers begin with.
};

struct TextBlock {
  std::string text{};
};

/// A call of a tool. At `max_tokens` the arguments may be cut short and are no JSON then.
struct CallBlock {
  std::string tool{};
  std::string arguments{};
  bool complete = true;
};

using Block = std::variant<TextBlock, CallBlock>;

/// An answer before it is put in a wire form.
struct Completion {
  std::string reasoning{};  ///< Before the blocks; empty: none.
  std::vector<Block> blocks{};
  StopReason stop_reason = StopReason::end_turn;
  std::string stop_sequence{};  ///< The one that was met.
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;

  /// All text blocks joined.
  [[nodiscard]] std::string text() const;
};

}  // namespace llm::local
