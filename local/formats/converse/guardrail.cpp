#include "local/formats/converse/guardrail.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace llm::local {
namespace {

constexpr std::size_t kMaxVersionBytes = 8;            // botocore: GuardrailVersion
constexpr std::int64_t kProcessingMilliseconds = 250;  // About as recorded.

// Source: botocore, GuardrailUsage; recorded in this order.
constexpr std::array<std::string_view, 9> kUsage{"automatedReasoningPolicies",
                                                 "automatedReasoningPolicyUnits",
                                                 "contentPolicyImageUnits",
                                                 "contentPolicyUnits",
                                                 "contextualGroundingPolicyUnits",
                                                 "sensitiveInformationPolicyFreeUnits",
                                                 "sensitiveInformationPolicyUnits",
                                                 "topicPolicyUnits",
                                                 "wordPolicyUnits"};

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

void write_count(std::string_view key, std::int64_t count, json::Writer& writer) {
  writer.key(key).begin_object();
  writer.key("guarded").integer(count).key("total").integer(count).end_object();
}

void write_assessment(const GuardrailCoverage& coverage, json::Writer& writer) {
  writer.begin_object().key("invocationMetrics").begin_object();
  write_guardrail_coverage(coverage, writer);
  writer.key("guardrailProcessingLatency").integer(kProcessingMilliseconds);
  write_guardrail_usage(writer);
  writer.end_object().end_object();
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

void write_guardrail_coverage(const GuardrailCoverage& coverage, json::Writer& writer) {
  writer.key("guardrailCoverage").begin_object();
  if (coverage.images > 0) write_count("images", coverage.images, writer);
  write_count("textCharacters", coverage.text_characters, writer);
  writer.end_object();
}

void write_guardrail_usage(json::Writer& writer) {
  writer.key("usage").begin_object();
  for (const std::string_view name : kUsage) writer.key(name).integer(0);
  writer.end_object();
}

std::string guardrail_trace(const std::string& identifier, const GuardrailCoverage& prompt,
                            const GuardrailCoverage& completion) {
  json::Writer writer;
  writer.begin_object().key("guardrail").begin_object().member("actionReason", "No action.");
  writer.key("inputAssessment").begin_object().key(identifier);
  write_assessment(prompt, writer);
  writer.end_object().key("modelOutput").begin_array().end_array();
  writer.key("outputAssessments").begin_object().key(identifier).begin_array();
  write_assessment(completion, writer);
  writer.end_array().end_object().end_object().end_object();
  return std::move(writer).take();
}

}  // namespace llm::local
