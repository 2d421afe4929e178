#pragma once

#include <string_view>

#include "local/formats/delivery.hpp"
#include "local/frontend/refusal.hpp"
#include "local/guardrails/guardrail.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// Converse and ConverseStream: finds the model, checks the body, replies with a completion.
[[nodiscard]] Checked<Reply> converse(const Request& request, std::string_view model_id,
                                      const ResponsePlan& plan,
                                      const FindGuardrail& find_guardrail);

}  // namespace llm::local
