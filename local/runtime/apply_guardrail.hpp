#pragma once

#include <string_view>

#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// ApplyGuardrail: accepts any guardrail; it has no policies, never intervenes and returns every
/// text unchanged. Images are counted. `version` is a number or `DRAFT`.
/// Source: botocore, ApplyGuardrailResponse. Bedrock itself returns no outputs if it does not
/// intervene.
[[nodiscard]] Checked<Reply> apply_guardrail(const Request& request, std::string_view identifier,
                                             std::string_view version);

}  // namespace llm::local
