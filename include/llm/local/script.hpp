#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/json.hpp>
#include <llm/local/fault.hpp>
#include <llm/local/operation.hpp>

namespace llm::local {

/// The requests that a rule applies to. Members that are not set match every request.
struct Match {
  std::string prompt{};  ///< Part of the last user message, including tool results.
  std::string model{};   ///< Part of the model id in the path.
  std::optional<Operation> operation{};
  std::optional<std::uint64_t> call{};  ///< Number of the request, from 1 since start or `clear`.
  std::string access_key_id{};          ///< Access key id that the request is signed with.
};

/// Why a completion ends. `refusal` and `pause_turn` are Claude's own; through Converse they are
/// `content_filtered` and `end_turn`.
enum class StopReason {
  end_turn,
  max_tokens,
  stop_sequence,
  tool_use,
  content_filtered,
  guardrail_intervened,
  malformed_model_output,
  malformed_tool_use,
  model_context_window_exceeded,
  refusal,
  pause_turn,
};

/// A tool call in a scripted completion.
struct ScriptedToolCall {
  std::string name{};
  Json arguments = Json::empty_object();
};

/// A citation of the text in a scripted completion: a range of characters of a document.
struct ScriptedCitation {
  std::string title{};   ///< Of the document.
  std::string source{};  ///< Converse only.
  std::string cited_text{};
  std::int64_t document = 0;  ///< Index among the documents of the request.
  std::int64_t start = 0;
  std::int64_t end = 0;  ///< Exclusive, not before `start`.
};

/// The usage to report. Members that are not set are counted.
struct ScriptedUsage {
  std::optional<std::int64_t> input_tokens{};
  std::optional<std::int64_t> output_tokens{};
  std::optional<std::int64_t> cache_read_tokens{};
  std::optional<std::int64_t> cache_write_tokens{};
};

/// The completion to return, unchanged: `max_tokens` and stop sequences do not shorten it. Wire
/// formats without tools or reasoning omit those.
struct ScriptedCompletion {
  std::string text{};
  std::string reasoning{};
  std::vector<ScriptedToolCall> tool_calls{};  ///< After the text.
  std::optional<StopReason>
      stop_reason{};  ///< Unset: `tool_use` if there are calls, else `end_turn`.
  std::vector<ScriptedCitation> citations{};  ///< Of the text; Claude, natively and by Converse.
  std::optional<ScriptedUsage> usage{};
  std::optional<std::chrono::milliseconds> latency{};  ///< To report, not to wait.
  std::optional<Json>
      trace{};  ///< The object `trace` of Converse, `amazon-bedrock-trace` elsewhere.
};

/// What to do with matching requests. The first matching rule applies; a request without one gets
/// the default response. Signatures are verified first. A request that Bedrock would refuse matches
/// only rules without a prompt, and gets their fault but no scripted completion.
struct Rule {
  Match match{};
  std::optional<ScriptedCompletion> completion{};
  std::optional<Fault> fault{};  ///< With a completion: what goes wrong with it.
  std::uint64_t skip = 0;        ///< Matching requests to let through before the rule applies.
  std::uint64_t every = 1;  ///< N: it applies to each Nth request after those; 0 and 1: to each.
  std::optional<std::uint64_t> times{};  ///< Number of requests that it applies to; nullopt: all.
};

/// Reads rules from JSON; docs/local-bedrock.md has the format. `file` is the name of the file, for
/// error messages; may be empty.
/// Errors: configuration_error that names the file and the position, e.g. `rules[2].fault`.
[[nodiscard]] Result<std::vector<Rule>> parse_script(std::string_view json,
                                                     std::string_view file = {});

}  // namespace llm::local
