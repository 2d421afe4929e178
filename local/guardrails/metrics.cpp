#include "local/guardrails/metrics.hpp"

#include <string_view>

namespace llm::local {
namespace {

constexpr std::int64_t kCharactersOfUnit = 1000;
constexpr std::int64_t kProcessingMilliseconds = 250;  // About as recorded.

void write_guarded(std::string_view key, std::int64_t count, json::Writer& writer) {
  writer.key(key).begin_object();
  writer.key("guarded").integer(count).key("total").integer(count).end_object();
}

}  // namespace

std::int64_t text_units(std::int64_t characters) {
  return (characters + kCharactersOfUnit - 1) / kCharactersOfUnit;
}

GuardrailUsage usage_of(const GuardrailPolicies& policies, std::int64_t characters) {
  const auto units = [&](GuardList list) {
    return policies.has(list) ? text_units(characters) : 0;
  };
  const bool has_words = policies.has(GuardList::word) || policies.has(GuardList::managed_word);
  return {.content = units(GuardList::content_filter),
          .sensitive_free = units(GuardList::regex),
          .sensitive = units(GuardList::entity),
          .topic = units(GuardList::topic),
          .word = has_words ? text_units(characters) : 0};
}

void write_guardrail_coverage(const GuardrailCoverage& coverage, json::Writer& writer) {
  writer.key("guardrailCoverage").begin_object();
  if (coverage.images > 0) write_guarded("images", coverage.images, writer);
  write_guarded("textCharacters", coverage.text_characters, writer);
  writer.end_object();
}

// Source: botocore, GuardrailUsage; recorded in this order.
void write_guardrail_usage(const GuardrailUsage& usage, json::Writer& writer) {
  writer.key("usage").begin_object();
  writer.key("automatedReasoningPolicies").integer(0);
  writer.key("automatedReasoningPolicyUnits").integer(0);
  writer.key("contentPolicyImageUnits").integer(0);
  writer.key("contentPolicyUnits").integer(usage.content);
  writer.key("contextualGroundingPolicyUnits").integer(0);
  writer.key("sensitiveInformationPolicyFreeUnits").integer(usage.sensitive_free);
  writer.key("sensitiveInformationPolicyUnits").integer(usage.sensitive);
  writer.key("topicPolicyUnits").integer(usage.topic);
  writer.key("wordPolicyUnits").integer(usage.word);
  writer.end_object();
}

void write_guardrail_metrics(const GuardrailCoverage& coverage, const GuardrailUsage& usage,
                             json::Writer& writer) {
  writer.key("invocationMetrics").begin_object();
  write_guardrail_coverage(coverage, writer);
  writer.key("guardrailProcessingLatency").integer(kProcessingMilliseconds);
  write_guardrail_usage(usage, writer);
  writer.end_object();
}

}  // namespace llm::local
