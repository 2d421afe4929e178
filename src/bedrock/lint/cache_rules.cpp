// Cache points. None changes an answer, so leaving one out is safe.
#include <array>
#include <string>

#include "bedrock/lint/rule.hpp"
#include "llm/media_kind.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr std::size_t kMaxCachePoints = 4;  // Bedrock User Guide, "Prompt caching"

using Blocks = std::vector<PlacedBlock>;

// The cache points in the order in which the service reads them.
Blocks cache_points(const Subject& subject) {
  Blocks points;
  const auto collect = [&](const Blocks& blocks) {
    for (const PlacedBlock& block : blocks) {
      if (std::holds_alternative<CachePoint>(*block.content)) points.push_back(block);
    }
  };
  collect(subject.system);
  for (const Turn& turn : subject.turns) collect(turn.blocks);
  return points;
}

Fix removal_of(BlockPosition position) {
  return [position](RequestEditor& mending) { mending.remove(position); };
}

void check_support(const Subject& subject, Report& report) {
  if (subject.facts.prompt_caching != Support::no) return;
  for (const PlacedBlock& point : cache_points(subject)) {
    report.add(to_string(point.position),
               "is a cache point, but this model cannot cache prompts; leave it out",
               "was left out, because this model cannot cache prompts", removal_of(point.position));
  }
}

// The last ones stay: they cover most.
void check_cache_points(const Subject& subject, Report& report) {
  if (subject.facts.prompt_caching == Support::no) return;
  const Blocks points = cache_points(subject);
  for (std::size_t index = 0; index + kMaxCachePoints < points.size(); ++index) {
    report.add(to_string(points[index].position),
               "is one of " + std::to_string(points.size()) +
                   " cache points, but a request may have 4; leave it out",
               "was left out, because 4 cache points follow it",
               removal_of(points[index].position));
  }
}

void check_order(const Subject& subject, Report& report) {
  bool is_after_short = false;
  for (const PlacedBlock& block : cache_points(subject)) {
    const bool is_long = std::get<CachePoint>(*block.content).ttl == "1h";
    if (is_long && is_after_short) {
      const BlockPosition position = block.position;
      report.add(to_string(position),
                 "is a cache point for one hour after one for five minutes; the longer come first",
                 "was shortened to five minutes, as the one before it",
                 [position](RequestEditor& mending) {
                   std::get<CachePoint>(mending.at(position)).ttl.clear();
                 });
    }
    is_after_short = is_after_short || !is_long;
  }
}

bool is_reasoning(const Content& content) {
  return std::holds_alternative<ReasoningContent>(content) ||
         std::holds_alternative<RedactedReasoningContent>(content);
}

bool is_non_pdf_document(const Content& content) {
  const auto* document = std::get_if<DocumentContent>(&content);
  if (document == nullptr) return false;
  if (!document->media_type.empty()) return document->media_type != "application/pdf";
  const auto* bytes = std::get_if<std::string>(&document->source);
  return bytes != nullptr && !bytes->starts_with("%PDF-") && !document->name.ends_with(".pdf");
}

// Reports each cache point right behind a block that `is_bad` (Claude by Converse; its native form
// has marks in place of points).
template <typename IsBad>
void check_behind(const Subject& subject, Report& report, IsBad is_bad, const std::string& what) {
  if (!subject.is_claude || !subject.by_converse) return;
  for (const Turn& turn : subject.turns) {
    for (std::size_t index = 1; index < turn.blocks.size(); ++index) {
      const PlacedBlock& block = turn.blocks[index];
      if (!std::holds_alternative<CachePoint>(*block.content)) continue;
      if (!is_bad(*turn.blocks[index - 1].content)) continue;
      report.add(to_string(block.position),
                 "is a cache point right behind " + what + "; put it in front, or leave it out",
                 "was left out, because it stood right behind " + what, removal_of(block.position));
    }
  }
}

void check_after_reasoning(const Subject& subject, Report& report) {
  check_behind(subject, report, is_reasoning, "reasoning");
}

void check_after_document(const Subject& subject, Report& report) {
  check_behind(subject, report, is_non_pdf_document, "a document that is no PDF");
}

constexpr auto kCacheRules = std::to_array<Rule>({
    {{.id = "cache_support",
      .summary = "Cache points go to models that cache prompts.",
      .refusal = "You invoked an unsupported model or your request did not allow prompt caching.",
      .source = "zeroclaw-labs/zeroclaw#7315",
      .repair = "leaves them out"},
     check_support},
    {{.id = "cache_points",
      .summary = "A request has at most 4 cache points.",
      .refusal = "A maximum of 4 blocks with cache_control may be provided. Found N.",
      .source = "Wei-Shaw/sub2api#176; Bedrock User Guide, \"Prompt caching\"",
      .repair = "leaves the first ones out"},
     check_cache_points},
    {{.id = "cache_ttl_order",
      .summary = "Cache points for one hour come before those for five minutes.",
      .refusal = "messages.N.content.N.cache_control.ttl: a ttl='1h' cache_control block must not "
                 "come after a ttl='5m' cache_control block.",
      .source = "cnighswonger/claude-code-cache-fix#44",
      .repair = "shortens the later one"},
     check_order},
    {{.id = "cache_after_reasoning",
      .summary = "No cache point follows reasoning (Claude by Converse).",
      .refusal = "Cache point cannot be inserted after reasoning block. Please remove the invalid "
                 "cache point and try again.",
      .source = "anomalyco/opencode#36517",
      .repair = "leaves it out"},
     check_after_reasoning},
    {{.id = "cache_after_document",
      .summary = "No cache point follows a document that is no PDF (Claude by Converse).",
      .refusal = "The model returned the following errors: messages.N.content.N.type: Field "
                 "required",
      .source = "strands-agents/harness-sdk#1966",
      .repair = "leaves it out"},
     check_after_document},
});

}  // namespace

std::span<const Rule> cache_rules() { return kCacheRules; }

}  // namespace llm::bedrock::linter
