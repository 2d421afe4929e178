#pragma once

#include <string_view>
#include <vector>

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

/// Warns of options that say nothing in this request and are not sent: how much to think when
/// thinking is off (`reasoning_off`), how to stream when the answer comes whole
/// (`stream_mode_not_sent`).
void warn_of_idle_options(const ChatRequest& request, Delivery delivery,
                          std::vector<Warning>& warnings);

}  // namespace llm::bedrock
