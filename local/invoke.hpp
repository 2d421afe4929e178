#pragma once

#include <chrono>
#include <string_view>

#include "local/exchange.hpp"
#include "local/refusal.hpp"

namespace llm::local {

/// How a model's answer goes out.
enum class Delivery { whole, stream };

/// InvokeModel and InvokeModelWithResponseStream: finds the model, checks the body, answers.
/// `seed` makes ids of this reply differ from others; `pace` is the pause before each event.
[[nodiscard]] Checked<Reply> invoke_model(const Request& request, std::string_view model_id,
                                          Delivery delivery, std::string_view seed,
                                          std::chrono::milliseconds pace);

}  // namespace llm::local
