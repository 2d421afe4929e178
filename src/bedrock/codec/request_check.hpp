#pragma once

#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/codec/codec.hpp"

namespace llm::bedrock {

/// unsupported_feature: "Model X REASON." `reason` has no full stop; `advice` is a sentence.
[[nodiscard, gnu::cold]] Error unsupported(const ModelId& model, std::string_view reason,
                                           std::string_view advice = {});

/// Refuses what no operation can carry: streaming from a model that cannot, numbers that are not
/// finite, a forced tool call without tools, texts that are not UTF-8, and values of guardrail,
/// latency and service tier that the service does not define.
/// Errors: unsupported_feature, configuration_error.
[[nodiscard]] Result<void> check_request(const ChatRequest& request, const ModelId& model,
                                         Delivery delivery);

/// The project that a request is accounted to: its own, else the client's. Empty: the account's
/// default. Nothing is sent for an application inference profile, which belongs to a project
/// itself.
[[nodiscard]] std::string_view project_of(const ChatRequest& request, const ModelId& model);

/// Errors: configuration_error for anything but an id or the ARN of a project.
/// Source: botocore 1.44.8, member `projectIdentifier`.
[[nodiscard]] Result<void> check_project(std::string_view project);

/// True if an effort is asked for: it is set, and reasoning is on.
[[nodiscard]] inline bool has_effort(const ChatRequest& request) {
  return request.reasoning && request.reasoning->enabled && !request.reasoning->effort.empty();
}

/// Warns of options that have no effect in this request and are not sent: the reasoning budget when
/// reasoning is off (`reasoning_off`), the guardrail's stream mode when the response is buffered
/// (`stream_mode_not_sent`).
void warn_of_idle_options(const ChatRequest& request, Delivery delivery,
                          std::vector<Warning>& warnings);

}  // namespace llm::bedrock
