#pragma once

#include <cstdint>

#include "json/writer.hpp"
#include "local/guardrails/policies.hpp"

namespace llm::local {

/// What a guardrail has checked.
struct GuardrailCoverage {
  std::int64_t text_characters = 0;
  std::int64_t images = 0;
};

/// The text units, of 1,000 characters each, that the policies have processed.
struct GuardrailUsage {
  std::int64_t content = 0;
  std::int64_t sensitive_free = 0;  ///< By regular expressions.
  std::int64_t sensitive = 0;       ///< By entities.
  std::int64_t topic = 0;
  std::int64_t word = 0;
};

/// 1 for up to 1,000 characters; none for no text.
[[nodiscard]] std::int64_t text_units(std::int64_t characters);
[[nodiscard]] GuardrailUsage usage_of(const GuardrailPolicies& policies, std::int64_t characters);

/// Adds the members `guardrailCoverage` and `usage`.
void write_guardrail_coverage(const GuardrailCoverage& coverage, json::Writer& writer);
void write_guardrail_usage(const GuardrailUsage& usage, json::Writer& writer);

/// Adds the member `invocationMetrics`.
void write_guardrail_metrics(const GuardrailCoverage& coverage, const GuardrailUsage& usage,
                             json::Writer& writer);

}  // namespace llm::local
