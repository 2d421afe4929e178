#pragma once

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

/// Which requests a rule is for. Whatever is not set fits every request.
struct Match {
  std::string prompt{};  ///< Part of the last user message, what tools replied included.
  std::string model{};   ///< Part of the model id in the path.
  std::optional<Operation> operation{};
  std::optional<std::uint64_t> call{};  ///< Number of the request, from 1 since start or `clear`.
  std::string access_key_id{};          ///< The key that it is signed with.
};

/// Why an answer ends.
enum class StopReason { end_turn, max_tokens, stop_sequence, tool_use };

/// A call of a tool in a scripted answer.
struct ScriptedToolCall {
  std::string name{};
  Json arguments = Json::empty_object();
};

/// What to answer, as it is: `max_tokens` and stop sequences do not cut it. Wire forms without
/// tools or reasoning leave those out.
struct ScriptedCompletion {
  std::string text{};
  std::string reasoning{};
  std::vector<ScriptedToolCall> tool_calls{};  ///< After the text.
  std::optional<StopReason> stop_reason{};     ///< Not set: `tool_use` with calls, else `end_turn`.
};

/// What to do with the requests that `match` fits. The first rule that fits counts; a request that
/// none fits is answered as always. Signatures are verified first, and a request that Bedrock
/// refuses fits no prompt, gets no scripted answer, but the fault of a rule without a prompt.
struct Rule {
  Match match{};
  std::optional<ScriptedCompletion> completion{};
  std::optional<Fault> fault{};          ///< With an answer too: what goes wrong with it.
  std::uint64_t skip = 0;                ///< So many requests that fit go by first.
  std::optional<std::uint64_t> times{};  ///< Requests that it is for; nullopt: all.
};

/// Reads rules from JSON, as docs/local-bedrock.md shows them.
/// `file` is where the text is from, for messages; empty: none.
/// Errors: configuration_error that names the file and the place, e.g. `rules[2].fault`.
[[nodiscard]] Result<std::vector<Rule>> parse_script(std::string_view json,
                                                     std::string_view file = {});

}  // namespace llm::local
