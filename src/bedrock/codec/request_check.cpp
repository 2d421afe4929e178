#include "bedrock/codec/request_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <string>

#include "base/errors.hpp"
#include "base/text.hpp"

namespace llm::bedrock {
namespace {

using base::is_valid_utf8;

bool is_finite(std::optional<double> number) { return !number || std::isfinite(*number); }

bool has_valid_texts(const std::map<std::string, std::string>& map) {
  return std::ranges::all_of(map, [](const auto& entry) {
    return is_valid_utf8(entry.first) && is_valid_utf8(entry.second);
  });
}

Result<void> check_texts(const ChatRequest& request) {
  for (const Tool& tool : request.tools) {
    if (!is_valid_utf8(tool.name) || !is_valid_utf8(tool.description)) {
      return base::configuration_error("a tool's name or description is not valid UTF-8");
    }
  }
  if (!std::ranges::all_of(request.stop_sequences, is_valid_utf8)) {
    return base::configuration_error("a stop sequence is not valid UTF-8");
  }
  if (!has_valid_texts(request.metadata)) {
    return base::configuration_error("metadata is not valid UTF-8");
  }
  if (!has_valid_texts(request.prompt_variables)) {
    return base::configuration_error("a prompt variable is not valid UTF-8");
  }
  return {};
}

bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

Result<void> check_word(std::string_view option, std::string_view value,
                        std::initializer_list<std::string_view> words) {
  if (value.empty() || std::ranges::find(words, value) != words.end()) return {};
  std::string message = std::string(option) + " must be one of";
  for (const std::string_view word : words) message += " \"" + std::string(word) + "\"";
  return base::configuration_error(std::move(message));
}

Result<void> check_guardrail(const Guardrail& guardrail) {
  if (guardrail.id.empty() || guardrail.version.empty()) {
    return base::configuration_error("a guardrail needs both an id and a version");
  }
  if (!is_printable_ascii(guardrail.id) || !is_printable_ascii(guardrail.version)) {
    return base::configuration_error("a guardrail's id and version must be printable ASCII");
  }
  const auto trace =
      check_word("guardrail.trace", guardrail.trace, {"enabled", "disabled", "enabled_full"});
  if (!trace) return trace;
  return check_word("guardrail.stream_mode", guardrail.stream_mode, {"sync", "async"});
}

Result<void> check_words(const ChatRequest& request) {
  if (request.guardrail) {
    const auto guardrail = check_guardrail(*request.guardrail);
    if (!guardrail) return guardrail;
  }
  const auto latency = check_word("latency", request.latency, {"standard", "optimized"});
  if (!latency) return latency;
  return check_word("service_tier", request.service_tier,
                    {"priority", "default", "flex", "reserved"});
}

}  // namespace

Error unsupported(const ModelId& model, std::string_view what) {
  return make_error(ErrorCode::unsupported_feature, model.requested_id + " " + std::string(what));
}

Result<void> check_request(const ChatRequest& request, const ModelId& model, Delivery delivery) {
  if (delivery == Delivery::streaming && model.facts != nullptr &&
      model.facts->streaming == Support::no) {
    return std::unexpected(unsupported(model, "cannot stream; ask for the whole answer"));
  }
  if (!is_finite(request.temperature) || !is_finite(request.top_p)) {
    return base::configuration_error("temperature and top_p must be finite numbers");
  }
  const auto kind = request.tool_choice.kind;
  if (request.tools.empty() && (kind == ToolChoice::Kind::any || kind == ToolChoice::Kind::one)) {
    return base::configuration_error("tool_choice demands a tool call, but tools is empty");
  }
  if (const auto texts = check_texts(request); !texts) return texts;
  return check_words(request);
}

void warn_of_idle_options(const ChatRequest& request, Delivery delivery,
                          std::vector<Warning>& warnings) {
  const auto& reasoning = request.reasoning;
  if (reasoning && !reasoning->enabled &&
      (reasoning->budget_tokens || !reasoning->effort.empty())) {
    warnings.push_back(
        {"reasoning_off", "reasoning is off, so its budget_tokens and effort were left out"});
  }
  const auto& guardrail = request.guardrail;
  if (guardrail && !guardrail->stream_mode.empty() && delivery == Delivery::buffered) {
    warnings.push_back(
        {"stream_mode_not_sent", "guardrail.stream_mode is for streams only, so it was left out"});
  }
}

}  // namespace llm::bedrock
