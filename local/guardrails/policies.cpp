#include "local/guardrails/policies.hpp"

#include <algorithm>
#include <utility>

#include "local/guardrails/entities.hpp"
#include "local/guardrails/harmful_phrases.hpp"

namespace llm::local {
namespace {

using json::Value;

GuardAction action_of(const Value& value, GuardAction otherwise) {
  if (value.string() == "BLOCK") return GuardAction::block;
  if (value.string() == "ANONYMIZE") return GuardAction::anonymize;
  return value.string() == "NONE" ? GuardAction::none : otherwise;
}

GuardActions actions_of(const Value& config) {
  const GuardAction action = action_of(config["action"], GuardAction::block);
  return {.input = action_of(config["inputAction"], action),
          .output = action_of(config["outputAction"], action),
          .checks_input = config["inputEnabled"].boolean().value_or(true),
          .checks_output = config["outputEnabled"].boolean().value_or(true)};
}

void read_topics(const Value& configs, GuardrailPolicies& policies) {
  for (const Value config : configs.elements()) {
    const std::string name = config["name"].text_or_empty();
    policies.phrases.add(name, policies.rules.size());
    for (const Value example : config["examples"].elements()) {
      policies.phrases.add(example.text_or_empty(), policies.rules.size());
    }
    policies.rules.push_back(
        {.list = GuardList::topic, .name = name, .actions = actions_of(config)});
  }
}

void read_content_filters(const Value& configs, GuardrailPolicies& policies) {
  for (const Value config : configs.elements()) {
    GuardRule rule{.list = GuardList::content_filter,
                   .name = config["type"].text_or_empty(),
                   .actions = actions_of(config),
                   .input_strength = config["inputStrength"].text_or_empty(),
                   .output_strength = config["outputStrength"].text_or_empty()};
    rule.actions.checks_input = rule.actions.checks_input && rule.input_strength != "NONE";
    rule.actions.checks_output = rule.actions.checks_output && rule.output_strength != "NONE";
    add_harmful_phrases(rule.name, policies.rules.size(), policies.phrases);
    policies.rules.push_back(std::move(rule));
  }
}

void read_words(const Value& policy, GuardrailPolicies& policies) {
  for (const Value config : policy["wordsConfig"].elements()) {
    policies.phrases.add(config["text"].text_or_empty(), policies.rules.size());
    policies.rules.push_back({.list = GuardList::word, .actions = actions_of(config)});
  }
  for (const Value config : policy["managedWordListsConfig"].elements()) {
    const std::string type = config["type"].text_or_empty();
    add_harmful_phrases(type, policies.rules.size(), policies.phrases);
    policies.rules.push_back(
        {.list = GuardList::managed_word, .name = type, .actions = actions_of(config)});
  }
}

void read_entities(const Value& configs, GuardrailPolicies& policies) {
  for (const Value config : configs.elements()) {
    GuardRule rule{.list = GuardList::entity,
                   .name = config["type"].text_or_empty(),
                   .actions = actions_of(config)};
    if (const EntityDetector* detector = find_entity_detector(rule.name)) {
      rule.regex = std::make_shared<const Regex>(detector->regex);
      rule.verify = detector->verify;
    }
    policies.rules.push_back(std::move(rule));
  }
}

Checked<void> read_regexes(const Value& configs, GuardrailPolicies& policies) {
  for (const Value config : configs.elements()) {
    GuardRule rule{.list = GuardList::regex,
                   .name = config["name"].text_or_empty(),
                   .pattern = config["pattern"].text_or_empty(),
                   .actions = actions_of(config)};
    const std::optional<Regex> regex = Regex::compile(rule.pattern);
    if (!regex) {
      return invalid("The regular expression of '" + rule.name +
                     "' is invalid or uses what guardrails do not support, such as look-around.");
    }
    rule.regex = std::make_shared<const Regex>(*regex);
    policies.rules.push_back(std::move(rule));
  }
  return {};
}

}  // namespace

bool GuardrailPolicies::has(GuardList list) const {
  return std::ranges::find(rules, list, &GuardRule::list) != rules.end();
}

Checked<GuardrailPolicies> read_policies(const Value& body) {
  GuardrailPolicies policies{.blocked_input = body["blockedInputMessaging"].text_or_empty(),
                             .blocked_output = body["blockedOutputsMessaging"].text_or_empty()};
  read_topics(body["topicPolicyConfig"]["topicsConfig"], policies);
  read_content_filters(body["contentPolicyConfig"]["filtersConfig"], policies);
  read_words(body["wordPolicyConfig"], policies);
  const Value sensitive = body["sensitiveInformationPolicyConfig"];
  read_entities(sensitive["piiEntitiesConfig"], policies);
  if (auto checked = read_regexes(sensitive["regexesConfig"], policies); !checked) {
    return std::unexpected(checked.error());
  }
  return policies;
}

}  // namespace llm::local
