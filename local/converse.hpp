#pragma once

#include <chrono>
#include <string_view>

#include "local/exchange.hpp"
#include "local/invoke.hpp"
#include "local/refusal.hpp"

namespace llm::local {

/// Converse and ConverseStream: finds the model, checks the body, answers. The parameters are those
/// of invoke_model.
[[nodiscard]] Checked<Reply> converse(const Request& request, std::string_view model_id,
                                      Delivery delivery, std::string_view seed,
                                      std::chrono::milliseconds pace);

}  // namespace llm::local
