#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "json/writer.hpp"
#include "local/guardrails/assessment.hpp"
#include "local/guardrails/metrics.hpp"
#include "local/guardrails/policies.hpp"

namespace llm::local {

/// A version of a guardrail that was created.
struct Guardrail {
  std::string id{};
  std::string arn{};
  std::string name{};
  std::string version{};  ///< `DRAFT` or a number.
  std::string description{};
  std::string definition{};  ///< The body that it was created or updated with.
  std::string token{};       ///< `clientRequestToken`
  base::TimePoint created{};
  base::TimePoint updated{};
  std::shared_ptr<const GuardrailPolicies> policies{};
};

using GuardrailPtr = std::shared_ptr<const Guardrail>;

/// Finds the guardrail that a caller names by id or ARN. Null for one that was never created, which
/// acts as a guardrail without policies; not found: a version that does not exist.
using FindGuardrail =
    std::function<Checked<GuardrailPtr>(std::string_view identifier, std::string_view version)>;

/// Writes an assessment as one object of `assessments`, with keys sorted at every level.
/// Source: botocore, GuardrailAssessment; recorded traces.
void write_assessment(const Guardrail& guardrail, const GuardAssessment& assessment,
                      const GuardrailCoverage& coverage, json::Writer& writer);

}  // namespace llm::local
