#pragma once

#include <string>
#include <string_view>

#include "local/frontend/refusal.hpp"
#include "local/guardrails/metrics.hpp"

namespace llm::local {

/// A guardrail as named by a request, with the places of both names, e.g.
/// `guardrailConfig.guardrailIdentifier`.
struct GuardrailName {
  std::string identifier{};
  std::string version{};
  std::string_view identifier_at = "guardrailIdentifier";
  std::string_view version_at = "guardrailVersion";
};

/// Refuses an invalid id, ARN or version of a guardrail, and an id or version without the other.
/// Source: botocore, GuardrailIdentifier and GuardrailVersion.
[[nodiscard]] Checked<void> check_guardrail(const GuardrailName& name);

/// The member `trace` of a Converse reply: the guardrail checked both texts and did not intervene.
/// Source: recorded replies.
[[nodiscard]] std::string guardrail_trace(const std::string& identifier,
                                          const GuardrailCoverage& prompt,
                                          const GuardrailCoverage& completion);

}  // namespace llm::local
