#pragma once

#include <string>

#include <llm/local/script.hpp>

#include "local/model/prompt.hpp"

namespace llm::local {

/// The text that `match.prompt` is searched in: the last user text and the results of tools.
[[nodiscard]] std::string text_to_match(const Prompt& prompt);

/// The completion of a script for a prompt, with its tokens counted: `usage` is not applied. Pure.
[[nodiscard]] Completion scripted_completion(const ScriptedCompletion& script,
                                             const Prompt& prompt);

/// Replaces the counts of a completion, those of the cache included, by those that a script sets.
void apply_usage(const ScriptedUsage& usage, Completion& completion);

}  // namespace llm::local
