#pragma once

#include <string_view>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/codec/codec.hpp"

namespace llm::bedrock {

/// unsupported_feature: "`model` `what`".
[[nodiscard]] Error unsupported(const ModelId& model, std::string_view what);

/// Refuses what no operation can carry: streaming from a model that cannot, numbers that are not
/// finite, a forced tool without tools, texts that are not UTF-8, words that the service does not
/// know for guardrail, latency and service tier.
/// Errors: unsupported_feature, configuration_error.
[[nodiscard]] Result<void> check_request(const ChatRequest& request, const ModelId& model,
                                         Delivery delivery);

}  // namespace llm::bedrock
