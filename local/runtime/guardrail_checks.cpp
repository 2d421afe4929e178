#include "local/runtime/guardrail_checks.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "json/reader.hpp"
#include "json/writer.hpp"
#include "local/frontend/shapes.hpp"
#include "local/guardrails/assessment.hpp"
#include "local/guardrails/entities.hpp"
#include "local/guardrails/harmful_phrases.hpp"
#include "local/guardrails/metrics.hpp"

namespace llm::local {
namespace {

using json::Value;

constexpr std::size_t kMaxEntities = 1000;

/// A text of a message, with its place.
struct CheckedText {
  std::string text{};
  std::int64_t message = 0;
  std::int64_t content = 0;
};

std::vector<CheckedText> read_texts(const Value& messages) {
  std::vector<CheckedText> texts;
  std::int64_t message = 0;
  for (const Value each : messages.elements()) {
    std::int64_t content = 0;
    for (const Value block : each["content"].elements()) {
      texts.push_back({block["text"].text_or_empty(), message, content++});
    }
    ++message;
  }
  return texts;
}

class GuardrailChecks {
 public:
  explicit GuardrailChecks(std::vector<CheckedText> texts) : texts_(std::move(texts)) {}

  void write_scores(std::string_view key, const Value& categories) {
    writer_.key(key).begin_object().key("results").begin_array();
    for (const Value each : categories.elements()) {
      const std::string category = each["category"].text_or_empty();
      writer_.begin_object().member("category", category);
      writer_.key("severityScore").number(is_found(category) ? 1 : 0).end_object();
    }
    writer_.end_array().end_object();
  }

  void write_entities(const Value& entities) {
    std::size_t count = 0;
    writer_.key("sensitiveInformation").begin_object().key("results").begin_array();
    for (const Value each : entities.elements()) {
      const EntityDetector* detector = find_entity_detector(each["type"].text_or_empty());
      if (detector == nullptr) continue;
      for (const CheckedText& text : texts_) write_entities_of(*detector, text, count);
    }
    writer_.end_array().key("truncated").boolean(count > kMaxEntities).end_object();
  }

  [[nodiscard]] bool took_too_long() const { return budget_.is_spent(); }

  [[nodiscard]] std::int64_t units() const {
    std::int64_t characters = 0;
    for (const CheckedText& each : texts_) characters += count_characters(each.text);
    return text_units(characters);
  }

  json::Writer& writer() { return writer_; }

 private:
  bool is_found(std::string_view category) {
    const Phrases phrases = harmful_phrases(category);
    return std::ranges::any_of(texts_, [&](const CheckedText& each) {
      return !phrases.find_all(each.text, budget_).empty();
    });
  }

  void write_entities_of(const EntityDetector& detector, const CheckedText& text,
                         std::size_t& count) {
    const std::string_view view = text.text;
    std::size_t counted = 0;  // Bytes whose characters are in `characters`.
    std::int64_t characters = 0;
    for (std::size_t from = 0; from < view.size();) {
      const auto found = detector.regex.find(view, from, budget_);
      if (!found) return;
      from = std::max(found->end, found->begin + 1);
      const std::string_view match = view.substr(found->begin, found->end - found->begin);
      if (detector.verify != nullptr && !detector.verify(match)) continue;
      if (++count > kMaxEntities) return;
      characters += count_characters(view.substr(counted, found->begin - counted));
      counted = found->begin;
      write_entity(detector, match, characters, text);
    }
  }

  void write_entity(const EntityDetector& detector, std::string_view match, std::int64_t begin,
                    const CheckedText& text) {
    writer_.begin_object().key("beginOffset").integer(begin);
    writer_.key("confidenceScore").number(1).key("contentIndex").integer(text.content);
    writer_.key("endOffset").integer(begin + count_characters(match));
    writer_.key("messageIndex").integer(text.message);
    writer_.member("type", detector.type).end_object();
  }

  std::vector<CheckedText> texts_;
  MatchBudget budget_;
  json::Writer writer_;
};

void write_units(const Value& checks, std::int64_t units, json::Writer& writer) {
  writer.key("usage").begin_object();
  for (const std::string_view check : {"contentFilter", "promptAttack", "sensitiveInformation"}) {
    if (!checks[check].is_object()) continue;
    writer.key(check).begin_object().key("textUnits").integer(units).end_object();
  }
  writer.end_object();
}

}  // namespace

Checked<Reply> invoke_guardrail_checks(const Request& request) {
  json::Parser parser;
  const Result<Value> body = parser.parse(request.body);
  if (!body) return malformed("");
  if (auto checked = check_shape(*body, "InvokeGuardrailChecksRequest"); !checked) {
    return std::unexpected(checked.error());
  }
  const Value checks = (*body)["checks"];
  const auto [content, attack, sensitive] =
      checks.members_of("contentFilter", "promptAttack", "sensitiveInformation");
  GuardrailChecks run(read_texts((*body)["messages"]));
  run.writer().begin_object().key("results").begin_object();
  if (content.is_object()) run.write_scores("contentFilter", content["categories"]);
  if (attack.is_object()) run.write_scores("promptAttack", attack["categories"]);
  if (sensitive.is_object()) run.write_entities(sensitive["entities"]);
  run.writer().end_object();
  write_units(checks, run.units(), run.writer());
  run.writer().end_object();
  if (run.took_too_long()) return takes_too_long();
  return json_reply(std::string(run.writer().view()));
}

}  // namespace llm::local
