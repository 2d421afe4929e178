#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "local/guardrails/regex.hpp"

namespace llm::local {

/// Words and phrases to find in texts, without regard to the case of ASCII letters, and never
/// inside of longer words. Each belongs to a rule, by its index.
class Phrases {
 public:
  struct Found {
    TextSpan span{};
    std::size_t rule = 0;
  };

  void add(std::string_view phrase, std::size_t rule);
  /// All that occur, also those that overlap, by where they begin.
  [[nodiscard]] std::vector<Found> find_all(std::string_view text, MatchBudget& budget) const;

 private:
  /// By length; in lower case.
  std::map<std::size_t, std::map<std::string, std::vector<std::size_t>, std::less<>>> phrases_;
};

}  // namespace llm::local
