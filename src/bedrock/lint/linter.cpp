#include "bedrock/lint/linter.hpp"

#include <algorithm>
#include <array>

#include "bedrock/lint/rule.hpp"

namespace llm::bedrock::linter {
namespace {

struct RuleGroup {
  std::span<const Rule> rules{};
  bool Holdings::* looks_at = nullptr;  // Null: not at one kind of block alone.
};

// All rules, in the order in which they are listed.
std::array<RuleGroup, 9> all_rules() {
  return {{{role_rules()},
           {tool_rules()},
           {tool_turn_rules(), &Holdings::tool_blocks},
           {reasoning_rules()},
           {media_rules(), &Holdings::media},
           {document_rules(), &Holdings::media},
           {cache_rules(), &Holdings::cache_points},
           {sampling_rules()},
           {option_rules()}}};
}

constexpr LintRule kEncoding{
    .id = kCannotEncode,
    .summary = "The model's wire form can say it. Switched off, it is not looked at beforehand.",
    .refusal = "none: it cannot be sent",
    .source = "docs/wire-formats.md"};

std::vector<LintRule> list_rules() {
  std::vector<LintRule> rules;
  for (const RuleGroup& group : all_rules()) {
    for (const Rule& rule : group.rules) rules.push_back(rule.about);
  }
  rules.push_back(kEncoding);
  return rules;
}

std::vector<Found> find(const ChatRequest& request, const Target& target,
                        std::span<const std::string> off) {
  std::vector<Found> found;
  const Subject subject = subject_of(request, target);
  const LintSeverity severity = subject.is_known ? LintSeverity::refused : LintSeverity::note;
  for (const RuleGroup& group : all_rules()) {
    if (group.looks_at != nullptr && !(subject.holds.*group.looks_at)) continue;
    for (const Rule& rule : group.rules) {
      if (std::ranges::find(off, rule.about.id) != off.end()) continue;
      Report report(rule.about.id, severity, found);
      rule.check(subject, report);
    }
  }
  return found;
}

bool is_refused(const LintFinding& finding) { return finding.severity == LintSeverity::refused; }

Error refusal(std::span<const LintFinding> findings) {
  constexpr std::ptrdiff_t kMostShown = 5;
  std::string message = "Not sent, because Bedrock would refuse it: ";
  std::ptrdiff_t count = 0;
  for (const LintFinding& finding : findings) {
    if (!is_refused(finding) || ++count > kMostShown) continue;
    if (count > 1) message += "; ";
    message += finding.position + " " + finding.message + " (" + finding.rule + ")";
  }
  if (count > kMostShown) message += "; and " + std::to_string(count - kMostShown) + " more";
  message +=
      ". To have repaired what can be, set lint to \"repair\" (--lint repair); to switch a rule "
      "off, "
      "put its name into lint_off (--lint-off).";
  return make_error(ErrorCode::invalid_request_error, std::move(message));
}

}  // namespace

Result<void> check_rule_ids(std::span<const std::string> ids) {
  for (const std::string& id : ids) {
    if (std::ranges::find(lint_rules(), id, &LintRule::id) != lint_rules().end()) continue;
    std::string known;
    for (const LintRule& rule : lint_rules()) {
      known += (known.empty() ? "" : ", ") + std::string(rule.id);
    }
    return std::unexpected(
        make_error(ErrorCode::configuration_error,
                   "There is no lint rule \"" + id + "\" to switch off; there are " + known + "."));
  }
  return {};
}

std::vector<LintFinding> check(const ChatRequest& request, const Target& target,
                               std::span<const std::string> off) {
  std::vector<LintFinding> findings;
  for (Found& found : find(request, target, off)) findings.push_back(std::move(found.finding));
  return findings;
}

std::vector<LintFinding> mend(ChatRequest& request, const Target& target,
                              std::span<const std::string> off) {
  std::vector<LintFinding> changes;
  if (target.facts == nullptr) return changes;
  RequestEditor mending(request);
  for (Found& found : find(request, target, off)) {
    if (!found.fix) continue;
    found.fix(mending);
    found.finding.message = std::move(found.change);
    changes.push_back(std::move(found.finding));
  }
  mending.finish();
  return changes;
}

Result<Passed> pass(const ChatRequest& request, const Target& target, Lint level,
                    std::span<const std::string> off) {
  Passed passed;
  if (level == Lint::off || target.facts == nullptr) return passed;
  std::vector<LintFinding> findings = check(request, target, off);
  const bool mends =
      level == Lint::repair && std::ranges::any_of(findings, &LintFinding::repairable);
  if (mends) {
    passed.repaired = request;
    for (const LintFinding& change : mend(*passed.repaired, target, off)) {
      passed.warnings.push_back({change.rule, change.position + " " + change.message});
    }
    findings = check(*passed.repaired, target, off);
  }
  if (std::ranges::any_of(findings, is_refused)) return std::unexpected(refusal(findings));
  return passed;
}

}  // namespace llm::bedrock::linter

namespace llm::bedrock {

std::span<const LintRule> lint_rules() {
  static const std::vector<LintRule> rules = linter::list_rules();
  return rules;
}

}  // namespace llm::bedrock
