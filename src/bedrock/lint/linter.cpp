#include "bedrock/lint/linter.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bedrock/lint/rule.hpp"

namespace llm::bedrock::linter {
namespace {

struct RuleGroup {
  std::span<const Rule> rules{};
  bool BlockKinds::* needs = nullptr;  // the kind of block it checks; null: not one kind only
};

// All rules, in the order in which they are listed.
std::span<const RuleGroup> all_rules() {
  static const std::array<RuleGroup, 10> rules = {{{role_rules()},
                                                   {tool_rules()},
                                                   {schema_rules()},
                                                   {tool_turn_rules(), &BlockKinds::tool_blocks},
                                                   {reasoning_rules()},
                                                   {media_rules(), &BlockKinds::media},
                                                   {document_rules(), &BlockKinds::media},
                                                   {cache_rules(), &BlockKinds::cache_points},
                                                   {sampling_rules()},
                                                   {option_rules()}}};
  return rules;
}

constexpr LintRule kEncoding{
    .id = kCannotEncode,
    .summary = "The wire format can carry the request. Disabled, it is not checked in advance.",
    .refusal = "none: it cannot be sent",
    .source = "docs/wire-formats.md"};

std::vector<Found> find(const ChatRequest& request, const Conversation& conversation,
                        const Target& target, std::span<const std::string> off) {
  std::vector<Found> found;
  const RequestView view = view_of(request, conversation, target);
  const LintSeverity severity = view.is_known ? LintSeverity::refused : LintSeverity::note;
  for (const RuleGroup& group : all_rules()) {
    if (group.needs != nullptr && !(view.kinds.*group.needs)) continue;
    for (const Rule& rule : group.rules) {
      if (std::ranges::find(off, rule.about.id) != off.end()) continue;
      Report report(rule.about.id, severity, found);
      rule.check(view, report);
    }
  }
  return found;
}

// Repairs a request, or a copy of it, in which `found` was found.
std::vector<LintFinding> apply(std::vector<Found>&& found, ChatRequest& request) {
  std::vector<LintFinding> changes;
  RequestEditor editor(request);
  for (Found& each : found) {
    if (!each.repair.fix) continue;
    each.repair.fix(editor);
    if (editor.take_skipped()) continue;
    each.finding.message = std::move(each.repair.change);
    each.finding.advice.clear();
    changes.push_back(std::move(each.finding));
  }
  editor.finish();
  return changes;
}

bool is_refused(const Found& found) { return found.finding.severity == LintSeverity::refused; }
bool is_repairable(const Found& found) { return found.finding.repairable; }

// "POSITION: Message (rule)."
void append_finding(const LintFinding& finding, std::string& message) {
  message.append(" ").append(finding.position).append(": ").append(finding.message);
  if (message.ends_with('.')) message.pop_back();
  message.append(" (").append(finding.rule).append(").");
}

void append_once(std::string_view sentence, std::string& text) {
  if (!text.contains(sentence)) text.append(sentence).append(" ");
}

Error refusal(std::span<const Found> findings) {
  constexpr std::ptrdiff_t kMaxShown = 5;
  std::string message = "The request was not sent because Bedrock would refuse it.";
  std::string advice;
  std::ptrdiff_t count = 0;
  for (const auto& [finding, repair] : findings) {
    if (finding.severity != LintSeverity::refused || ++count > kMaxShown) continue;
    append_finding(finding, message);
    append_once(finding.advice, advice);
  }
  if (count > kMaxShown) message += " And " + std::to_string(count - kMaxShown) + " more.";
  if (std::ranges::any_of(findings, is_repairable)) {
    advice += "Or set lint to \"repair\" (--lint repair) to repair what can be repaired. ";
  }
  advice += "To disable a rule, add it to lint_off (--lint-off).";
  return make_error(ErrorCode::invalid_request_error, std::move(message), std::move(advice));
}

}  // namespace

std::vector<LintRule> describe_rules() {
  std::vector<LintRule> rules;
  for (const RuleGroup& group : all_rules()) {
    for (const Rule& rule : group.rules) rules.push_back(rule.about);
  }
  rules.push_back(kEncoding);
  return rules;
}

Result<void> check_rule_ids(std::span<const std::string> ids) {
  for (const std::string& id : ids) {
    if (std::ranges::find(lint_rules(), id, &LintRule::id) != lint_rules().end()) continue;
    std::string known;
    for (const LintRule& rule : lint_rules()) {
      known += (known.empty() ? "" : ", ") + std::string(rule.id);
    }
    return std::unexpected(make_error(ErrorCode::configuration_error,
                                      "The lint rule \"" + id + "\" does not exist.",
                                      "Use one of " + known + "."));
  }
  return {};
}

std::vector<LintFinding> check(const ChatRequest& request, const Conversation& conversation,
                               const Target& target, std::span<const std::string> off) {
  std::vector<LintFinding> findings;
  for (Found& found : find(request, conversation, target, off)) {
    findings.push_back(std::move(found.finding));
  }
  return findings;
}

std::vector<LintFinding> repair(ChatRequest& request, const Target& target,
                                std::span<const std::string> off) {
  if (target.facts == nullptr) return {};
  return apply(find(request, arrange(request), target, off), request);
}

Result<Passed> pass(const ChatRequest& request, const Target& target, Lint level,
                    std::span<const std::string> off) {
  Passed passed{.conversation = arrange(request)};
  if (level == Lint::off || target.facts == nullptr) return passed;
  std::vector<Found> found = find(request, passed.conversation, target, off);
  if (level == Lint::repair && std::ranges::any_of(found, is_repairable)) {
    ChatRequest& repaired = passed.repaired.emplace(request);
    for (const LintFinding& change : apply(std::move(found), repaired)) {
      passed.warnings.push_back({change.rule, change.position + ": " + change.message});
    }
    passed.conversation = arrange(repaired);
    found = find(repaired, passed.conversation, target, off);
  }
  if (std::ranges::any_of(found, is_refused)) return std::unexpected(refusal(found));
  return passed;
}

}  // namespace llm::bedrock::linter
