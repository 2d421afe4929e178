#pragma once

#include <string>

#include "local/formats/delivery.hpp"
#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

// The operations of bedrock-mantle. A stream is of server-sent events.

/// The model that a body names; empty if it names none or is not JSON.
[[nodiscard]] std::string mantle_model_id(const Request& request);

/// Anthropic Messages. `model_id` is that of the body, or what its alias stands for.
[[nodiscard]] Checked<Reply> mantle_messages(const Request& request, const std::string& model_id,
                                             ResponsePlan plan);

/// Chat Completions.
[[nodiscard]] Checked<Reply> mantle_chat_completions(const Request& request,
                                                     const std::string& model_id,
                                                     ResponsePlan plan);

/// The models of both.
[[nodiscard]] Reply list_mantle_models();

}  // namespace llm::local
