#pragma once

#include <string_view>

#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"
#include "local/runtime/invoke.hpp"

namespace llm::local {

/// Converse and ConverseStream: finds the model, checks the body, answers.
[[nodiscard]] Checked<Reply> converse(const Request& request, std::string_view model_id,
                                      const Answering& answering);

}  // namespace llm::local
