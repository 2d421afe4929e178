#pragma once

#include <string_view>

#include "local/frontend/refusal.hpp"
#include "local/guardrails/guardrail.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// ApplyGuardrail. A guardrail that was never created has no policies: it never intervenes and
/// returns every text unchanged. `version` is a number or `DRAFT`.
/// Source: botocore, ApplyGuardrailResponse. Bedrock itself returns no outputs if it does not
/// intervene, as do guardrails that were created.
[[nodiscard]] Checked<Reply> apply_guardrail(const Request& request, std::string_view identifier,
                                             std::string_view version,
                                             const FindGuardrail& find_guardrail);

}  // namespace llm::local
