#include "bedrock/catalogue/takes.hpp"

#include <array>

namespace llm::bedrock {
namespace {

// One row for each fact; a missing one fails the assertion.
constexpr auto kSupportFacts = std::to_array<SupportFact>({
    {"thinking_off", &Takes::thinking_off},
    {"thinking_budget", &Takes::thinking_budget},
    {"thinking_adaptive", &Takes::thinking_adaptive},
    {"thinking_forced_tool", &Takes::thinking_forced_tool},
    {"effort", &Takes::effort},
    {"choice_auto", &Takes::choice_auto},
    {"choice_any", &Takes::choice_any},
    {"choice_tool", &Takes::choice_tool},
    {"choice_none", &Takes::choice_none},
    {"strict_invoke", &Takes::strict_invoke},
    {"strict_converse", &Takes::strict_converse},
    {"schema_invoke", &Takes::schema_invoke},
    {"schema_converse", &Takes::schema_converse},
    {"schema_open", &Takes::schema_open},
    {"temperature", &Takes::temperature},
    {"top_p", &Takes::top_p},
    {"top_k", &Takes::top_k},
    {"temperature_and_top_p", &Takes::temperature_and_top_p},
    {"prefill", &Takes::prefill},
    {"result_json", &Takes::result_json},
    {"result_image", &Takes::result_image},
    {"result_error", &Takes::result_error},
    {"documents_invoke", &Takes::documents_invoke},
    {"documents_converse", &Takes::documents_converse},
});
constexpr auto kWordsFacts = std::to_array<WordsFact>({
    {"efforts", &Takes::efforts},
    {"effort_beta", &Takes::effort_beta},
    {"schema_refuses", &Takes::schema_refuses},
    {"cache_ttls", &Takes::cache_ttls},
    {"tool_call_id", &Takes::tool_call_id},
});
static_assert(sizeof(Takes) == kSupportFacts.size() * sizeof(Support) +
                                   kWordsFacts.size() * sizeof(std::string_view),
              "Every fact has a name.");

}  // namespace

std::span<const SupportFact> support_facts() { return kSupportFacts; }
std::span<const WordsFact> words_facts() { return kWordsFacts; }

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    if (list.substr(0, comma) == word) return true;
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return false;
}

}  // namespace llm::bedrock
