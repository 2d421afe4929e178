#include "bedrock/catalogue/takes_reader.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "base/text.hpp"

namespace llm::bedrock {
namespace {

using json::Value;

/// One row: a fact and the models that have it.
struct TakesRow {
  const SupportFact* support = nullptr;
  const WordsFact* words = nullptr;
  Support is = Support::unknown;
  std::string_view list{};
};

bool is_issue(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::size_t hash = text.find('#');
  return slash != std::string_view::npos && slash > 0 && hash != std::string_view::npos &&
         slash + 1 < hash && hash + 1 < text.size() &&
         std::ranges::all_of(text.substr(hash + 1), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_fact_word(std::string_view word) {
  return !word.empty() && std::ranges::none_of(word, [](char c) { return c == ',' || c <= ' '; });
}

/// The words of an array as a comma list; empty if they are not words, or there are none.
std::string joined_words(const Value& value) {
  std::string list;
  for (const Value element : value.elements()) {
    const auto word = element.string();
    if (!word || !is_fact_word(*word)) return {};
    list += (list.empty() ? "" : ",") + std::string(*word);
  }
  return list;
}

/// Reads what a fact is. False for a value of another kind.
bool read_value(const Value& value, CatalogueData& data, TakesRow& row) {
  if (row.support != nullptr) {
    const auto flag = value.boolean();
    if (flag) row.is = *flag ? Support::yes : Support::no;
    return flag.has_value();
  }
  std::string list = joined_words(value);
  if (list.empty()) return false;
  row.list = data.texts.emplace_back(std::move(list));
  return true;
}

/// Sets the fact; false if the model has it already.
bool set_fact(Takes& takes, const TakesRow& row) {
  if (row.support != nullptr) {
    Support& fact = takes.*(row.support->member);
    if (fact != Support::unknown) return false;
    fact = row.is;
    return true;
  }
  std::string_view& fact = takes.*(row.words->member);
  if (!fact.empty()) return false;
  fact = row.list;
  return true;
}

template <typename Fact>
const Fact* find_fact(std::span<const Fact> facts, std::string_view name) {
  const auto found = std::ranges::find(facts, name, &Fact::name);
  return found == facts.end() ? nullptr : &*found;
}

bool has_known_members(const Value& row) {
  std::set<std::string_view> seen;
  for (const json::Member member : row.members()) {
    const bool is_known = member.key == "fact" || member.key == "is" || member.key == "models" ||
                          member.key == "sources";
    if (!is_known || !seen.insert(member.key).second) return false;
  }
  return seen.size() == 4;
}

std::optional<std::string> read_row(const Value& value, const std::string& where,
                                    const std::function<bool(std::string_view)>& is_source,
                                    CatalogueData& data) {
  if (!has_known_members(value)) {
    return where + " is not an object of \"fact\", \"is\", \"models\" and \"sources\".";
  }
  const std::string name = value["fact"].text_or_empty();
  TakesRow row{.support = find_fact(support_facts(), name),
               .words = find_fact(words_facts(), name)};
  if (row.support == nullptr && row.words == nullptr) {
    return where + " has the unknown fact " + base::in_quotes(name) + ".";
  }
  if (!read_value(value["is"], data, row)) {
    return where + " has a member \"is\" that is not " +
           (row.support != nullptr ? "true or false." : "an array of words.");
  }
  for (const Value source : value["sources"].elements()) {
    const std::string_view text = source.string().value_or("");
    if (!is_source(text) && !is_issue(text)) {
      return where + " has the source " + base::in_quotes(text) +
             ", which is not in the table \"sources\" and not an issue.";
    }
  }
  if (value["sources"].size() == 0) return where + " has no source.";
  for (const Value id : value["models"].elements()) {
    const std::string_view text = id.string().value_or("");
    const auto model = std::ranges::find(data.models, text, &ModelFacts::base_id);
    if (model == data.models.end()) {
      return where + " names the model " + base::in_quotes(text) + ", which is not in the file.";
    }
    if (!set_fact(model->takes, row)) {
      return where + " gives " + base::in_quotes(text) + " the fact " + base::in_quotes(name) +
             " again.";
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> read_takes(const Value& rows,
                                      const std::function<bool(std::string_view)>& is_source,
                                      CatalogueData& data) {
  std::size_t number = 0;
  for (const Value row : rows.elements()) {
    const std::string where = "Row " + std::to_string(++number) + " of \"takes\"";
    if (auto error = read_row(row, where, is_source, data)) return error;
  }
  return std::nullopt;
}

}  // namespace llm::bedrock
