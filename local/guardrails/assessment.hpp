#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "local/frontend/refusal.hpp"
#include "local/guardrails/policies.hpp"

namespace llm::local {

/// Something that a guardrail looked for.
struct GuardFinding {
  std::size_t rule = 0;
  std::string match{};  ///< As in the text.
  GuardAction action = GuardAction::none;
  bool detected = true;
};

/// What a guardrail makes of some texts.
struct GuardAssessment {
  GuardSource source = GuardSource::input;
  std::vector<GuardFinding> findings{};  ///< By rule.
  std::vector<std::string> texts{};      ///< The same texts, masked.
  bool blocked = false;
  bool masked = false;
  std::int64_t characters = 0;

  [[nodiscard]] bool intervened() const { return blocked || masked; }
  /// `Guardrail blocked.`
  [[nodiscard]] std::string_view reason() const;
};

/// What an assessment lists: what was found, or also what was not.
enum class GuardScope { interventions, full };

/// Applies the policies to the texts of one side. An entity is masked with its type (`{EMAIL}`),
/// what a regular expression matches with the name of that. Refuses texts that take too long.
/// Source: Bedrock User Guide, "Guardrails"; recorded traces.
[[nodiscard]] Checked<GuardAssessment> assess(const GuardrailPolicies& policies, GuardSource source,
                                              std::span<const std::string> texts, GuardScope scope,
                                              MatchBudget budget = MatchBudget());

/// The refusal of texts for which a guardrail takes too long. Of the local Bedrock alone.
[[nodiscard]] std::unexpected<Refusal> takes_too_long();

/// The number of characters of UTF-8 text.
[[nodiscard]] std::int64_t count_characters(std::string_view text);

}  // namespace llm::local
