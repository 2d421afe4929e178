#pragma once

#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// InvokeGuardrailChecks: what the checks of the request find in its messages. Sensitive
/// information is found as by a guardrail; content and attacks by a few phrases, each with the
/// score 1. Source: botocore, InvokeGuardrailChecksResponse.
[[nodiscard]] Checked<Reply> invoke_guardrail_checks(const Request& request);

}  // namespace llm::local
