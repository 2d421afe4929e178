#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/writer.hpp"
#include "local/frontend/refusal.hpp"

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

/// What a guardrail has checked.
struct GuardrailCoverage {
  std::int64_t text_characters = 0;
  std::int64_t images = 0;
};

/// Adds the members `guardrailCoverage` and `usage` of a guardrail without policies.
void write_guardrail_coverage(const GuardrailCoverage& coverage, json::Writer& writer);
void write_guardrail_usage(json::Writer& writer);

/// The member `trace` of a Converse reply: the guardrail checked both texts and did not intervene.
/// Source: recorded replies.
[[nodiscard]] std::string guardrail_trace(const std::string& identifier,
                                          const GuardrailCoverage& prompt,
                                          const GuardrailCoverage& completion);

}  // namespace llm::local
