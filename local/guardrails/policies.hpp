#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/guardrails/phrases.hpp"
#include "local/guardrails/regex.hpp"

namespace llm::local {

/// What a text is to the model.
enum class GuardSource { input, output };

/// What a guardrail does with what it finds; `none`: it only says so.
enum class GuardAction { none, block, anonymize };

/// The same, for each side.
struct GuardActions {
  GuardAction input = GuardAction::block;
  GuardAction output = GuardAction::block;
  bool checks_input = true;
  bool checks_output = true;

  [[nodiscard]] GuardAction on(GuardSource source) const {
    return source == GuardSource::input ? input : output;
  }
  [[nodiscard]] bool checks(GuardSource source) const {
    return source == GuardSource::input ? checks_input : checks_output;
  }
};

/// The list of an assessment that a finding is in.
enum class GuardList { topic, content_filter, word, managed_word, entity, regex };

/// Something that a guardrail looks for.
struct GuardRule {
  GuardList list = GuardList::word;
  std::string name{};     ///< Of a topic, content filter, entity or regular expression.
  std::string pattern{};  ///< Of a regular expression, as it was given.
  GuardActions actions{};
  std::string input_strength{};  ///< Of a content filter.
  std::string output_strength{};
  std::shared_ptr<const Regex> regex{};  ///< Null for phrases, and for what is never found.
  bool (*verify)(std::string_view match) = nullptr;
};

/// The policies of a version of a guardrail.
struct GuardrailPolicies {
  std::string blocked_input{};   ///< What replaces a prompt's completion.
  std::string blocked_output{};  ///< What replaces a completion.
  std::vector<GuardRule> rules{};
  Phrases phrases{};  ///< Of topics, content filters and words.

  [[nodiscard]] bool has(GuardList list) const;
};

/// The policies in the body of CreateGuardrail or UpdateGuardrail, whose shape has been checked.
/// Refuses a regular expression that does not compile.
/// Source: Bedrock User Guide, "Components of a guardrail".
[[nodiscard]] Checked<GuardrailPolicies> read_policies(const json::Value& body);

}  // namespace llm::local
