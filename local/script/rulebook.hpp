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

/// What rules are matched against. The views are the caller's.
struct RuleQuery {
  std::uint64_t call = 0;
  Operation operation = Operation::unknown;
  std::string_view model{};
  std::string_view access_key_id{};
  std::optional<std::string_view> prompt{};  ///< nullopt: none, or the request was refused.
};

/// Whether a rule fits a request, however often it has been used. Pure.
[[nodiscard]] bool fits(const Rule& rule, const RuleQuery& query);

/// The rule that applies to a request.
struct RuleMatch {
  std::size_t rule = 0;  ///< Its number, from 1.
  std::optional<ScriptedCompletion> completion{};
  std::optional<Fault> fault{};
};

/// The rules, how often each has matched, and how often each fault has happened. Safe from any
/// thread.
class Rulebook {
 public:
  explicit Rulebook(std::vector<Rule> rules);

  void add(Rule rule);
  /// Removes the rules and resets every count.
  void clear();

  /// The number of the next request, from 1.
  [[nodiscard]] std::uint64_t next_call();
  /// The offset of the clock for this request; counts the fault. nullopt: no rule has one.
  [[nodiscard]] std::optional<std::chrono::seconds> use_clock_offset(const RuleQuery& query);
  /// The rule for this request; counts as one use of it. Skips rules for the clock.
  [[nodiscard]] std::optional<RuleMatch> use_rule(const RuleQuery& query);
  /// Counts a fault that was put into a reply.
  void count(const Fault& fault);

  /// How often each fault has happened, by fault_name.
  [[nodiscard]] std::map<std::string, std::uint64_t> faults() const;

 private:
  struct Entry {
    Rule rule{};
    std::uint64_t matches = 0;  ///< Requests that fit.
    std::uint64_t uses = 0;     ///< Requests that it was applied to.
  };

  /// The first entry that fits and is not used up, or null; counts the match. Requires: the lock.
  Entry* use(const RuleQuery& query, bool for_clock);

  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
  std::uint64_t calls_ = 0;
  std::map<std::string, std::uint64_t> faults_;
};

}  // namespace llm::local
