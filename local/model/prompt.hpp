#pragma once

#include <chrono>
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

inline constexpr std::chrono::minutes kShortCacheLifetime{5};
inline constexpr std::chrono::minutes kLongCacheLifetime{60};

/// The start of a prompt up to the end of a block, in the order tools, system, messages.
struct Prefix {
  std::string digest{};
  std::int64_t tokens = 0;
};

/// A request to cache a prefix of the prompt.
struct CachePoint {
  std::size_t prefix = 0;  ///< Index in Prompt::prefixes.
  std::chrono::minutes lifetime = kShortCacheLifetime;
};

/// The tokens of a prompt that came from the cache or went into it; apart from `prompt_tokens`.
struct CacheUsage {
  bool reported = false;  ///< The model caches, so its usage has the members.
  std::int64_t read = 0;
  std::int64_t written = 0;  ///< For five minutes.
  std::int64_t written_for_an_hour = 0;

  [[nodiscard]] std::int64_t all_written() const { return written + written_for_an_hour; }
};

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
  bool thinking = false;                   ///< The request turns on reasoning.
  std::string structured_output{};         ///< JSON of the requested schema; empty: no schema.
  bool caches = false;                     ///< It has cache points, so it needs `prefixes`.
  std::vector<Prefix> prefixes{};          ///< One for each block.
  std::vector<CachePoint> cache_points{};  ///< In the order of `prefixes`.
  std::string_view leading_space{};        ///< White space at the start of the model's completions.
};

struct TextBlock {
  std::string text{};
  std::vector<ScriptedCitation> citations{};
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
  std::string stop_sequence{};     ///< The one that ended the completion.
  std::int64_t prompt_tokens = 0;  ///< Without those of `cache`.
  std::int64_t completion_tokens = 0;
  CacheUsage cache{};
  std::optional<std::chrono::milliseconds> latency{};  ///< To report.
  std::string trace{};                                 ///< JSON; empty: none.

  /// All text blocks joined.
  [[nodiscard]] std::string text() const;
  /// Those of the prompt, cached ones included, and of the completion.
  [[nodiscard]] std::int64_t total_tokens() const {
    return prompt_tokens + cache.read + cache.all_written() + completion_tokens;
  }
};

}  // namespace llm::local
