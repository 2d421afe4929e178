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
      return base::configuration_error("A tool name or description is not valid UTF-8.");
    }
  }
  if (!std::ranges::all_of(request.stop_sequences, is_valid_utf8)) {
    return base::configuration_error("A stop sequence is not valid UTF-8.");
  }
  if (!has_valid_texts(request.metadata)) {
    return base::configuration_error("A metadata key or value is not valid UTF-8.");
  }
  if (!has_valid_texts(request.prompt_variables)) {
    return base::configuration_error("A prompt variable is not valid UTF-8.");
  }
  return {};
}

bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

Result<void> check_word(std::string_view option, std::string_view value,
                        std::initializer_list<std::string_view> words) {
  if (value.empty() || std::ranges::find(words, value) != words.end()) return {};
  std::string allowed;
  for (const std::string_view word : words) {
    allowed += (allowed.empty() ? "\"" : ", \"") + std::string(word) + "\"";
  }
  return base::configuration_error("The option " + std::string(option) + " has an unknown value.",
                                   "Use one of " + allowed + ".");
}

Result<void> check_guardrail(const Guardrail& guardrail) {
  if (guardrail.id.empty() || guardrail.version.empty()) {
    return base::configuration_error("The guardrail has no id or no version.", "Set both.");
  }
  if (!is_printable_ascii(guardrail.id) || !is_printable_ascii(guardrail.version)) {
    return base::configuration_error("The id or version of the guardrail is not printable ASCII.");
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

std::string_view project_of(const ChatRequest& request, const ModelId& model) {
  if (!request.project.empty()) return request.project;
  return model.kind == IdKind::application_profile ? std::string_view() : model.project;
}

Result<void> check_project(std::string_view project) {
  constexpr std::size_t kMaxBytes = 2048;
  constexpr std::string_view kInArn = ":project/";
  const auto is_id_byte = [](char c) {
    return base::is_letter_or_digit(c) || c == '_' || c == '-';
  };
  std::string_view id = project;
  const bool is_arn = project.starts_with("arn:");
  if (is_arn) {
    const auto place = project.find(kInArn);
    id = place == std::string_view::npos ? std::string_view()
                                         : project.substr(place + kInArn.size());
  }
  if (!id.empty() && project.size() <= kMaxBytes && is_printable_ascii(project) &&
      std::ranges::all_of(id, is_id_byte)) {
    return {};
  }
  return base::configuration_error("The project is neither an id nor the ARN of a project.",
                                   "Use an id of letters, digits, \"_\" and \"-\", or an ARN.");
}

Error unsupported(const ModelId& model, std::string_view reason, std::string_view advice) {
  std::string message = "Model \"" + model.requested_id + "\" ";
  message.append(reason).append(".");
  return make_error(ErrorCode::unsupported_feature, std::move(message), std::string(advice));
}

Result<void> check_request(const ChatRequest& request, const ModelId& model, Delivery delivery) {
  if (delivery == Delivery::streaming && model.facts != nullptr &&
      model.facts->streaming == Support::no) {
    return std::unexpected(
        unsupported(model, "does not support streaming", "Request a buffered response."));
  }
  if (!is_finite(request.temperature) || !is_finite(request.top_p)) {
    return base::configuration_error("The temperature or top_p is not a finite number.");
  }
  const auto kind = request.tool_choice.kind;
  if (request.tools.empty() && (kind == ToolChoice::Kind::any || kind == ToolChoice::Kind::one)) {
    return base::configuration_error("The tool_choice requires a tool call, but tools is empty.",
                                     "Add the tool to tools.");
  }
  if (const auto texts = check_texts(request); !texts) return texts;
  if (!request.project.empty()) {
    if (model.kind == IdKind::application_profile) {
      return std::unexpected(unsupported(
          model, "is an application inference profile, which belongs to a project itself",
          "Leave the project out."));
    }
    if (const auto project = check_project(request.project); !project) return project;
  }
  return check_words(request);
}

void warn_of_idle_options(const ChatRequest& request, Delivery delivery,
                          std::vector<Warning>& warnings) {
  const auto& reasoning = request.reasoning;
  if (reasoning && !reasoning->enabled &&
      (reasoning->budget_tokens || !reasoning->effort.empty())) {
    warnings.push_back(
        {"reasoning_off",
         "The budget_tokens and effort of reasoning were left out because reasoning is off."});
  }
  const auto& guardrail = request.guardrail;
  if (guardrail && !guardrail->stream_mode.empty() && delivery == Delivery::buffered) {
    warnings.push_back(
        {"stream_mode_not_sent",
         "The option guardrail.stream_mode was left out because it applies to streams only."});
  }
}

}  // namespace llm::bedrock
