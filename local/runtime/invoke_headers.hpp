#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// Options in the headers of InvokeModel.
struct InvokeOptions {
  std::string guardrail{};  ///< Id or ARN; empty: none.
  std::string guardrail_version{};
  std::string trace{};               ///< `ENABLED`, `ENABLED_FULL` or not.
  std::vector<HttpHeader> echoed{};  ///< Latency and tier, repeated in the reply.
};

/// Checks the headers of InvokeModel. Refuses a guardrail configuration in `body` without a
/// guardrail in the headers.
/// Source: botocore, InvokeModelRequest.
[[nodiscard]] Checked<InvokeOptions> read_invoke_headers(const Request& request,
                                                         const json::Value& body);

/// A native JSON object with the action of the guardrail added.
[[nodiscard]] std::string with_guardrail_action(std::string native, std::string_view action);

/// A native JSON object with the trace, a JSON object, added.
[[nodiscard]] std::string with_trace(std::string native, std::string_view trace);

}  // namespace llm::local
