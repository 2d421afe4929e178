#include "local/guardrails/phrases.hpp"

#include <cstdint>

#include "base/text.hpp"

namespace llm::local {
namespace {

bool is_inside_of_a_word(std::string_view text, std::size_t at) {
  return at > 0 && at < text.size() && base::is_letter_or_digit(text[at - 1]) &&
         base::is_letter_or_digit(text[at]);
}

}  // namespace

void Phrases::add(std::string_view phrase, std::size_t rule) {
  std::string lower = base::to_lower(base::trim(phrase));
  if (lower.empty()) return;
  const std::size_t size = lower.size();
  phrases_[size][std::move(lower)].push_back(rule);
}

std::vector<Phrases::Found> Phrases::find_all(std::string_view text, MatchBudget& budget) const {
  std::vector<Found> all;
  if (phrases_.empty()) return all;
  const std::string lower = base::to_lower(text);
  const std::string_view view = lower;
  for (std::size_t at = 0; at < view.size() && !budget.is_spent(); ++at) {
    if (is_inside_of_a_word(view, at)) continue;
    for (const auto& [size, phrases] : phrases_) {
      if (size > view.size() - at) break;
      budget.spend(static_cast<std::int64_t>(1 + size / 16));
      if (is_inside_of_a_word(view, at + size)) continue;
      const auto found = phrases.find(view.substr(at, size));
      if (found == phrases.end()) continue;
      for (const std::size_t rule : found->second) {
        all.push_back({.span = {.begin = at, .end = at + size}, .rule = rule});
      }
    }
  }
  return all;
}

}  // namespace llm::local
