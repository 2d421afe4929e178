#pragma once

#include <cstddef>
#include <string_view>

#include "local/formats/delivery.hpp"
#include "local/frontend/refusal.hpp"
#include "local/guardrails/guardrail.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// The limit of the body of a request; assumed for Converse too, where it is undocumented.
/// Source: botocore, InvokeModelRequest.body.
inline constexpr std::size_t kMaxBodyBytes = 25'000'000;

/// InvokeModel and InvokeModelWithResponseStream: finds the model, checks the body, replies with a
/// completion or an embedding.
[[nodiscard]] Checked<Reply> invoke_model(const Request& request, std::string_view model_id,
                                          const ResponsePlan& plan,
                                          const FindGuardrail& find_guardrail);

}  // namespace llm::local
