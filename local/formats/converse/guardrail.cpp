#include "local/formats/converse/guardrail.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace llm::local {
namespace {

constexpr std::size_t kMaxVersionBytes = 8;  // botocore: GuardrailVersion

bool is_identifier(std::string_view text) {
  if (text.starts_with("arn:aws")) {
    constexpr std::string_view kKind = ":guardrail/";
    const std::size_t at = text.find(kKind);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + kKind.size());
  }
  return std::ranges::all_of(text,
                             [](char c) { return (c >= 'a' && c <= 'z') || base::is_digit(c); });
}

bool is_version(std::string_view text) {
  if (text == "DRAFT") return true;
  return text.size() <= kMaxVersionBytes && std::ranges::all_of(text, base::is_digit) &&
         !text.starts_with('0');
}

std::unexpected<Refusal> pattern_mismatch(std::string_view value, std::string_view member,
                                          std::string_view pattern) {
  return invalid(
      "1 validation error detected: Value '" + std::string(value) + "' at '" + std::string(member) +
      "' failed to satisfy constraint: Member must satisfy regular expression pattern: " +
      std::string(pattern));
}

void write_no_finding(const GuardrailCoverage& coverage, json::Writer& writer) {
  writer.begin_object();
  write_guardrail_metrics(coverage, {}, writer);
  writer.end_object();
}

}  // namespace

Checked<void> check_guardrail(const GuardrailName& name) {
  if (!is_identifier(name.identifier)) {
    return pattern_mismatch(
        name.identifier, name.identifier_at,
        "(|([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/"
        "[a-z0-9]+))");
  }
  if (!is_version(name.version)) {
    return pattern_mismatch(name.version, name.version_at, "(|([1-9][0-9]{0,7})|(DRAFT))");
  }
  if (name.identifier.empty() == name.version.empty()) return {};
  // Documented as an error; Bedrock's message is unknown.
  return invalid(std::string(name.identifier_at) + " and " + std::string(name.version_at) +
                 " must be provided together.");
}

std::string guardrail_trace(const std::string& identifier, const GuardrailCoverage& prompt,
                            const GuardrailCoverage& completion) {
  json::Writer writer;
  writer.begin_object().key("guardrail").begin_object().member("actionReason", "No action.");
  writer.key("inputAssessment").begin_object().key(identifier);
  write_no_finding(prompt, writer);
  writer.end_object().key("modelOutput").begin_array().end_array();
  writer.key("outputAssessments").begin_object().key(identifier).begin_array();
  write_no_finding(completion, writer);
  writer.end_array().end_object().end_object().end_object();
  return std::move(writer).take();
}

}  // namespace llm::local
