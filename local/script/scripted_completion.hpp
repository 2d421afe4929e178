#pragma once

#include <string>

#include <llm/local/script.hpp>

#include "local/model/prompt.hpp"

namespace llm::local {

/// The text that rules look for: what the user said last, and what tools replied.
[[nodiscard]] std::string prompt_of(const Prompt& conversation);

/// A scripted answer to a conversation, with its tokens counted. Pure.
[[nodiscard]] Completion scripted_completion(const ScriptedCompletion& script,
                                             const Prompt& conversation);

}  // namespace llm::local
