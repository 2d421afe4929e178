#include "local/runtime/invoke_headers.hpp"

#include "local/formats/converse/guardrail.hpp"
#include "local/frontend/query.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kLatency = "X-Amzn-Bedrock-PerformanceConfig-Latency";
constexpr std::string_view kServiceTier = "X-Amzn-Bedrock-Service-Tier";

void echo(const Request& request, std::string_view name, InvokeOptions& options) {
  const std::string_view value = request.header(name);
  if (!value.empty()) options.echoed.push_back({std::string(name), std::string(value)});
}

Checked<void> check_values(const Request& request) {
  auto checked = check_choice(request.header("X-Amzn-Bedrock-Trace"), "trace",
                              {"ENABLED", "DISABLED", "ENABLED_FULL"});
  if (checked) {
    checked = check_choice(request.header(kLatency), "performanceConfigLatency",
                           {"standard", "optimized"});
  }
  if (checked) {
    checked = check_choice(request.header(kServiceTier), "serviceTier",
                           {"priority", "default", "flex", "reserved"});
  }
  if (checked) checked = check_project(request.header("X-Amzn-Bedrock-ProjectIdentifier"));
  return checked;
}

}  // namespace

Checked<InvokeOptions> read_invoke_headers(const Request& request, const json::Value& body) {
  const GuardrailName name{
      .identifier = std::string(request.header("X-Amzn-Bedrock-GuardrailIdentifier")),
      .version = std::string(request.header("X-Amzn-Bedrock-GuardrailVersion"))};
  auto checked = check_values(request);
  if (checked) checked = check_guardrail(name);
  if (!checked) return std::unexpected(checked.error());
  if (name.identifier.empty() && body["amazon-bedrock-guardrailConfig"].exists()) {
    // Documented as an error; Bedrock's message is unknown.
    return invalid("guardrailIdentifier must be provided with amazon-bedrock-guardrailConfig.");
  }

  InvokeOptions options{.guardrail = name.identifier,
                        .guardrail_version = name.version,
                        .trace = std::string(request.header("X-Amzn-Bedrock-Trace"))};
  echo(request, kLatency, options);
  echo(request, kServiceTier, options);
  return options;
}

std::string with_guardrail_action(std::string native, std::string_view action) {
  native.pop_back();
  return native + R"(,"amazon-bedrock-guardrailAction":")" + std::string(action) + "\"}";
}

std::string with_trace(std::string native, std::string_view trace) {
  native.pop_back();
  return native + R"(,"amazon-bedrock-trace":)" + std::string(trace) + "}";
}

}  // namespace llm::local
