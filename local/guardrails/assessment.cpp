#include "local/guardrails/assessment.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace llm::local {
namespace {

/// What a text is masked with in place of a range.
struct Mask {
  TextSpan span{};
  const GuardRule* rule = nullptr;
};

class Assessor {
 public:
  Assessor(const GuardrailPolicies& policies, GuardSource source, MatchBudget budget)
      : policies_(policies),
        source_(source),
        budget_(budget),
        found_(policies.rules.size()),
        result_{.source = source} {}

  void add(const std::string& text) {
    find_phrases(text);
    std::vector<Mask> masks;
    for (std::size_t i = 0; i < policies_.rules.size(); ++i) find_pattern(i, text, masks);
    result_.texts.push_back(masked(text, std::move(masks)));
    result_.characters += count_characters(text);
  }

  Checked<GuardAssessment> finish(GuardScope scope) {
    if (budget_.is_spent()) return takes_too_long();
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (found_[i].empty() && scope == GuardScope::full && is_listed_in_full(i)) {
        found_[i].push_back({.rule = i, .detected = false});
      }
      std::ranges::move(found_[i], std::back_inserter(result_.findings));
    }
    return std::move(result_);
  }

 private:
  void find_phrases(const std::string& text) {
    for (const Phrases::Found& found : policies_.phrases.find_all(text, budget_)) {
      // Each phrase is listed once, a topic with any of them too.
      const GuardRule& rule = policies_.rules[found.rule];
      const std::string match = text.substr(found.span.begin, found.span.end - found.span.begin);
      const bool by_match = rule.list == GuardList::managed_word;
      const auto is_same = [&](const GuardFinding& other) {
        return !by_match || other.match == match;
      };
      if (std::ranges::any_of(found_[found.rule], is_same)) continue;
      note(found.rule, match);
    }
  }

  void find_pattern(std::size_t index, const std::string& text, std::vector<Mask>& masks) {
    const GuardRule& rule = policies_.rules[index];
    if (rule.regex == nullptr || !rule.actions.checks(source_)) return;
    for (std::size_t from = 0; from < text.size();) {
      const auto found = rule.regex->find(text, from, budget_);
      if (!found) return;
      // An empty match is none.
      from = std::max(found->end, found->begin + 1);
      const std::string match = text.substr(found->begin, found->end - found->begin);
      if (match.empty() || (rule.verify != nullptr && !rule.verify(match))) continue;
      note(index, match);
      if (rule.actions.on(source_) == GuardAction::anonymize) masks.push_back({*found, &rule});
    }
  }

  void note(std::size_t index, std::string match) {
    const GuardActions& actions = policies_.rules[index].actions;
    if (!actions.checks(source_)) return;
    const GuardAction action = actions.on(source_);
    result_.blocked = result_.blocked || action == GuardAction::block;
    result_.masked = result_.masked || action == GuardAction::anonymize;
    found_[index].push_back({.rule = index, .match = std::move(match), .action = action});
  }

  /// Of two masks that overlap, the one that begins first counts, else the longer one.
  static std::string masked(const std::string& text, std::vector<Mask> masks) {
    std::ranges::sort(masks, {}, [](const Mask& mask) {
      return std::tuple(mask.span.begin, std::numeric_limits<std::size_t>::max() - mask.span.end,
                        mask.rule);
    });
    std::string result;
    std::size_t at = 0;
    for (const Mask& mask : masks) {
      if (mask.span.begin < at) continue;
      result.append(text, at, mask.span.begin - at).append("{" + mask.rule->name + "}");
      at = mask.span.end;
    }
    return result.append(text, at);
  }

  /// Source: botocore, GuardrailOutputScope: neither words nor regular expressions.
  [[nodiscard]] bool is_listed_in_full(std::size_t index) const {
    const GuardRule& rule = policies_.rules[index];
    return rule.actions.checks(source_) &&
           (rule.list == GuardList::topic || rule.list == GuardList::content_filter ||
            rule.list == GuardList::entity);
  }

  const GuardrailPolicies& policies_;
  GuardSource source_;
  MatchBudget budget_;
  std::vector<std::vector<GuardFinding>> found_;  ///< By rule.
  GuardAssessment result_;
};

}  // namespace

std::string_view GuardAssessment::reason() const {
  if (blocked) return "Guardrail blocked.";
  return masked ? "Guardrail masked." : "No action.";
}

Checked<GuardAssessment> assess(const GuardrailPolicies& policies, GuardSource source,
                                std::span<const std::string> texts, GuardScope scope,
                                MatchBudget budget) {
  Assessor assessor(policies, source, budget);
  for (const std::string& text : texts) assessor.add(text);
  return assessor.finish(scope);
}

std::unexpected<Refusal> takes_too_long() {
  return invalid(
      "The local Bedrock cannot apply the guardrail: its policies take too long for this text.");
}

std::int64_t count_characters(std::string_view text) {
  return std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

}  // namespace llm::local
