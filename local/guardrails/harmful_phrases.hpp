#pragma once

#include <string_view>

#include "local/guardrails/phrases.hpp"

namespace llm::local {

/// The phrases, all with the rule `rule`, by which the local Bedrock knows a category of harmful
/// content: a content filter (`INSULTS`, `PROMPT_ATTACK`), a kind of prompt attack (`JAILBREAK`) or
/// the managed list of words (`PROFANITY`). None for most: only a model could tell.
void add_harmful_phrases(std::string_view category, std::size_t rule, Phrases& phrases);
[[nodiscard]] Phrases harmful_phrases(std::string_view category);

}  // namespace llm::local
