#pragma once

#include <string_view>

#include "local/formats/delivery.hpp"
#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// InvokeModel and InvokeModelWithResponseStream: finds the model, checks the body, replies with a
/// completion or an embedding.
[[nodiscard]] Checked<Reply> invoke_model(const Request& request, std::string_view model_id,
                                          const ResponsePlan& plan);

}  // namespace llm::local
