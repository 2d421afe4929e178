#include "local/guardrails/guardrail.hpp"

#include <algorithm>
#include <initializer_list>

namespace llm::local {
namespace {

/// `ANONYMIZED`
std::string_view past_action(GuardAction action) {
  if (action == GuardAction::block) return "BLOCKED";
  return action == GuardAction::anonymize ? "ANONYMIZED" : "NONE";
}

class AssessmentWriter {
 public:
  AssessmentWriter(const Guardrail& guardrail, const GuardAssessment& assessment,
                   json::Writer& writer)
      : guardrail_(guardrail), assessment_(assessment), writer_(writer) {}

  void details() {
    writer_.key("appliedGuardrailDetails").begin_object();
    writer_.member("guardrailArn", guardrail_.arn).member("guardrailId", guardrail_.id);
    writer_.key("guardrailOrigin").begin_array().string("REQUEST").end_array();
    writer_.member("guardrailOwnership", "SELF").member("guardrailVersion", guardrail_.version);
    writer_.end_object();
  }

  void policy(std::string_view name,
              std::initializer_list<std::pair<std::string_view, GuardList>> lists) {
    const bool is_empty = std::ranges::none_of(assessment_.findings, [&](const auto& finding) {
      return std::ranges::any_of(
          lists, [&](const auto& list) { return list.second == rule_of(finding).list; });
    });
    if (is_empty) return;
    writer_.key(name).begin_object();
    for (const auto& [key, list] : lists) {
      writer_.key(key).begin_array();
      for (const GuardFinding& each : assessment_.findings) {
        if (rule_of(each).list == list) finding(each);
      }
      writer_.end_array();
    }
    writer_.end_object();
  }

 private:
  [[nodiscard]] const GuardRule& rule_of(const GuardFinding& finding) const {
    return guardrail_.policies->rules[finding.rule];
  }

  void finding(const GuardFinding& finding) {
    const GuardRule& rule = rule_of(finding);
    writer_.begin_object().member("action", past_action(finding.action));
    if (rule.list == GuardList::content_filter) {
      writer_.member("confidence", finding.detected ? "HIGH" : "NONE");
    }
    writer_.key("detected").boolean(finding.detected);
    if (rule.list == GuardList::content_filter) {
      writer_.member("filterStrength", assessment_.source == GuardSource::input
                                           ? rule.input_strength
                                           : rule.output_strength);
    } else if (rule.list != GuardList::topic) {
      writer_.member("match", finding.match);
    }
    if (rule.list == GuardList::regex) {
      writer_.member("name", rule.name).member("regex", rule.pattern);
    } else if (rule.list == GuardList::topic) {
      writer_.member("name", rule.name).member("type", "DENY");
    } else if (rule.list != GuardList::word) {
      writer_.member("type", rule.name);
    }
    writer_.end_object();
  }

  const Guardrail& guardrail_;
  const GuardAssessment& assessment_;
  json::Writer& writer_;
};

}  // namespace

void write_assessment(const Guardrail& guardrail, const GuardAssessment& assessment,
                      const GuardrailCoverage& coverage, json::Writer& writer) {
  writer.begin_object();
  AssessmentWriter parts(guardrail, assessment, writer);
  parts.details();
  parts.policy("contentPolicy", {{"filters", GuardList::content_filter}});
  write_guardrail_metrics(coverage, usage_of(*guardrail.policies, assessment.characters), writer);
  parts.policy("sensitiveInformationPolicy",
               {{"piiEntities", GuardList::entity}, {"regexes", GuardList::regex}});
  parts.policy("topicPolicy", {{"topics", GuardList::topic}});
  parts.policy("wordPolicy",
               {{"customWords", GuardList::word}, {"managedWordLists", GuardList::managed_word}});
  writer.end_object();
}

}  // namespace llm::local
