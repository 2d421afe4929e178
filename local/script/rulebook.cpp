#include "local/script/rulebook.hpp"

#include <utility>

namespace llm::local {

bool fits(const Rule& rule, const RuleQuery& query) {
  const Match& match = rule.match;
  if (match.operation && match.operation != query.operation) return false;
  if (match.call && match.call != query.call) return false;
  if (!query.model.contains(match.model)) return false;
  if (!match.access_key_id.empty() && match.access_key_id != query.access_key_id) return false;
  return match.prompt.empty() || (query.prompt && query.prompt->contains(match.prompt));
}

Rulebook::Rulebook(std::vector<Rule> rules) {
  for (Rule& rule : rules) entries_.push_back({.rule = std::move(rule)});
}

void Rulebook::add(Rule rule) {
  const std::scoped_lock lock(mutex_);
  entries_.push_back({.rule = std::move(rule)});
}

void Rulebook::clear() {
  const std::scoped_lock lock(mutex_);
  entries_.clear();
  calls_ = 0;
  faults_.clear();
}

std::uint64_t Rulebook::next_call() {
  const std::scoped_lock lock(mutex_);
  return ++calls_;
}

std::optional<std::chrono::seconds> Rulebook::use_clock_offset(const RuleQuery& query) {
  const std::scoped_lock lock(mutex_);
  const Entry* entry = use(query, true);
  if (entry == nullptr) return std::nullopt;
  ++faults_[fault_name(*entry->rule.fault)];
  return std::get<fault::ClockOffset>(*entry->rule.fault).offset;
}

std::optional<RuleMatch> Rulebook::use_rule(const RuleQuery& query) {
  const std::scoped_lock lock(mutex_);
  const Entry* entry = use(query, false);
  if (entry == nullptr) return std::nullopt;
  return RuleMatch{.rule = static_cast<std::size_t>(entry - entries_.data()) + 1,
                   .completion = entry->rule.completion,
                   .fault = entry->rule.fault};
}

void Rulebook::count(const Fault& fault) {
  const std::scoped_lock lock(mutex_);
  ++faults_[fault_name(fault)];
}

std::map<std::string, std::uint64_t> Rulebook::faults() const {
  const std::scoped_lock lock(mutex_);
  return faults_;
}

Rulebook::Entry* Rulebook::use(const RuleQuery& query, bool for_clock) {
  for (Entry& entry : entries_) {
    const Rule& rule = entry.rule;
    const bool is_clock = rule.fault && std::holds_alternative<fault::ClockOffset>(*rule.fault);
    if (is_clock != for_clock || !fits(rule, query)) continue;
    if (rule.times && entry.uses >= *rule.times) continue;
    const std::uint64_t match = ++entry.matches;
    if (match <= rule.skip || (rule.every > 1 && (match - rule.skip) % rule.every != 0)) continue;
    ++entry.uses;
    return &entry;
  }
  return nullptr;
}

}  // namespace llm::local
