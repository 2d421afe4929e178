#pragma once

#include <string_view>

#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// ApplyGuardrail of any guardrail: it has no policies, never intervenes and gives every text back
/// as it was. Images are counted. `version` is a number or `DRAFT`.
/// Source: botocore, ApplyGuardrailResponse; Bedrock itself sends no outputs when it does nothing.
[[nodiscard]] Checked<Reply> apply_guardrail(const Request& request, std::string_view identifier,
                                             std::string_view version);

}  // namespace llm::local
