#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <llm/local/script.hpp>

namespace llm::local {

/// What is known of a request when a rule is looked for. The views are the caller's.
struct RuleQuery {
  std::uint64_t call = 0;
  Operation operation = Operation::unknown;
  std::string_view model{};
  std::string_view access_key_id{};
  std::optional<std::string_view> prompt{};  ///< nullopt: there is none, or it was refused.
};

/// Whether a rule fits a request; how often it has been used is not looked at. Pure.
[[nodiscard]] bool fits(const Rule& rule, const RuleQuery& query);

/// A rule that a request has met.
struct RuleMatch {
  std::size_t rule = 0;  ///< Its number, from 1.
  std::optional<ScriptedCompletion> completion{};
  std::optional<Fault> fault{};
};

/// The rules with their state: how often each has been used, and what went wrong so far. Safe from
/// any thread.
class Rulebook {
 public:
  explicit Rulebook(std::vector<Rule> rules);

  void add(Rule rule);
  /// Forgets the rules and every count.
  void clear();

  /// Numbers a request.
  [[nodiscard]] std::uint64_t next_call();
  /// How wrong the clock is for this request, counted; nullopt: it is right.
  [[nodiscard]] std::optional<std::chrono::seconds> clock_offset(const RuleQuery& query);
  /// The rule for this request, used up by one; rules for the clock left aside.
  [[nodiscard]] std::optional<RuleMatch> find(const RuleQuery& query);
  /// To be called when a fault has been put into a reply.
  void count(const Fault& fault);

  /// How often each fault happened, by fault_name.
  [[nodiscard]] std::map<std::string, std::uint64_t> faults() const;

 private:
  struct Entry {
    Rule rule{};
    std::uint64_t met = 0;
  };

  /// The first entry that fits and is not used up, or null. Requires: the lock.
  Entry* use(const RuleQuery& query, bool for_clock);

  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
  std::uint64_t calls_ = 0;
  std::map<std::string, std::uint64_t> faults_;
};

}  // namespace llm::local
