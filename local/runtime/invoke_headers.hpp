#pragma once

#include <string>
#include <vector>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// What the headers of InvokeModel ask for.
struct InvokeOptions {
  bool guarded = false;              ///< A guardrail is named; it never intervenes.
  std::vector<HttpHeader> echoed{};  ///< Latency and tier, which a reply repeats.
};

/// Checks the headers of InvokeModel, and that `body` sets up no guardrail that they do not name.
/// Source: botocore, InvokeModelRequest.
[[nodiscard]] Checked<InvokeOptions> read_invoke_headers(const Request& request,
                                                         const json::Value& body);

/// A native JSON object with what the guardrail did.
[[nodiscard]] std::string with_guardrail_action(std::string native);

}  // namespace llm::local
