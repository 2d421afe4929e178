// Cache points. They do not change a completion, so removing one is safe.
#include <array>
#include <string>

#include "bedrock/lint/rule.hpp"
#include "llm/media_kind.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr std::size_t kMaxCachePoints = 4;  // Bedrock User Guide, "Prompt caching"

using Blocks = std::span<const PlacedBlock>;

// The cache points in the order in which the service reads them.
std::vector<PlacedBlock> cache_points(const RequestView& view) {
  std::vector<PlacedBlock> points;
  const auto collect = [&](Blocks blocks) {
    for (const PlacedBlock& block : blocks) {
      if (std::holds_alternative<CachePoint>(*block.content)) points.push_back(block);
    }
  };
  collect(view.system);
  for (const Turn& turn : view.turns) collect(turn.blocks);
  return points;
}

Fix removal_of(BlockPosition position) {
  return [position](RequestEditor& editor) { editor.remove(position); };
}

void check_support(const RequestView& view, Report& report) {
  if (view.facts.prompt_caching != Support::no) return;
  for (const PlacedBlock& point : cache_points(view)) {
    report.add(to_string(point.position), "This model does not support prompt caching.",
               "Remove the cache point.",
               {"The cache point was removed because this model does not support prompt caching.",
                removal_of(point.position)});
  }
}

// The last ones are kept, since they cover the most content.
void check_cache_points(const RequestView& view, Report& report) {
  if (view.facts.prompt_caching == Support::no) return;
  const std::vector<PlacedBlock> points = cache_points(view);
  for (std::size_t index = 0; index + kMaxCachePoints < points.size(); ++index) {
    report.add(to_string(points[index].position),
               "The request has " + std::to_string(points.size()) +
                   " cache points, but at most 4 are allowed.",
               "Remove the cache point.",
               {"The cache point was removed because 4 others follow it.",
                removal_of(points[index].position)});
  }
}

void check_order(const RequestView& view, Report& report) {
  bool is_after_short = false;
  for (const PlacedBlock& block : cache_points(view)) {
    const bool is_long = std::get<CachePoint>(*block.content).ttl == "1h";
    if (is_long && is_after_short) {
      const BlockPosition position = block.position;
      report.add(to_string(position), "The cache point for one hour follows one for five minutes.",
                 "Put the longer ones first.",
                 {"The cache point was shortened to five minutes, like the one before it.",
                  [position](RequestEditor& editor) {
                    std::get<CachePoint>(editor.at(position)).ttl.clear();
                  }});
    }
    is_after_short = is_after_short || !is_long;
  }
}

void check_ttl(const RequestView& view, Report& report) {
  const std::string_view known = view.facts.takes.cache_ttls;
  if (known.empty() || view.facts.prompt_caching == Support::no) return;
  for (const PlacedBlock& block : cache_points(view)) {
    const std::string& ttl = std::get<CachePoint>(*block.content).ttl;
    if (ttl.empty() || has_word(known, ttl)) continue;
    const BlockPosition position = block.position;
    report.add(to_string(position), "This model does not take the ttl of the cache point.",
               "Leave the ttl out.",
               {"The ttl of the cache point was left out because this model does not take it.",
                [position](RequestEditor& editor) {
                  std::get<CachePoint>(editor.at(position)).ttl.clear();
                }});
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

// Reports each cache point directly after a block that `is_bad` (Claude through Converse; its
// native format marks blocks instead).
template <typename IsBad>
void check_preceding(const RequestView& view, Report& report, IsBad is_bad,
                     const std::string& what) {
  if (!view.is_claude || !view.by_converse) return;
  for (const Turn& turn : view.turns) {
    for (std::size_t index = 1; index < turn.blocks.size(); ++index) {
      const PlacedBlock& block = turn.blocks[index];
      if (!std::holds_alternative<CachePoint>(*block.content)) continue;
      if (!is_bad(*turn.blocks[index - 1].content)) continue;
      report.add(to_string(block.position), "The cache point directly follows " + what + ".",
                 "Move it before that block, or remove it.",
                 {"The cache point was removed because it directly followed " + what + ".",
                  removal_of(block.position)});
    }
  }
}

void check_after_reasoning(const RequestView& view, Report& report) {
  check_preceding(view, report, is_reasoning, "reasoning");
}

void check_after_document(const RequestView& view, Report& report) {
  check_preceding(view, report, is_non_pdf_document, "a document that is not a PDF");
}

constexpr auto kCacheRules = std::to_array<Rule>({
    {{.id = "cache_support",
      .summary = "Cache points go to models that support prompt caching.",
      .refusal = "You invoked an unsupported model or your request did not allow prompt caching.",
      .source = "zeroclaw-labs/zeroclaw#7315",
      .repair = "removes them"},
     check_support},
    {{.id = "cache_points",
      .summary = "A request has at most 4 cache points.",
      .refusal = "A maximum of 4 blocks with cache_control may be provided. Found N.",
      .source = "Wei-Shaw/sub2api#176; Bedrock User Guide, \"Prompt caching\"",
      .repair = "removes the first ones"},
     check_cache_points},
    {{.id = "cache_ttl_order",
      .summary = "Cache points for one hour come before those for five minutes.",
      .refusal = "messages.N.content.N.cache_control.ttl: a ttl='1h' cache_control block must not "
                 "come after a ttl='5m' cache_control block.",
      .source = "cnighswonger/claude-code-cache-fix#44",
      .repair = "shortens the later one"},
     check_order},
    {{.id = "cache_ttl",
      .summary = "The ttl of a cache point is one that the model takes.",
      .refusal = "ttl: Input should be N",
      .source = "Bedrock User Guide, \"Prompt caching\"",
      .repair = "removes the ttl"},
     check_ttl},
    {{.id = "cache_after_reasoning",
      .summary = "No cache point directly follows reasoning (Claude through Converse).",
      .refusal = "Cache point cannot be inserted after reasoning block. Please remove the invalid "
                 "cache point and try again.",
      .source = "anomalyco/opencode#36517",
      .repair = "removes it"},
     check_after_reasoning},
    {{.id = "cache_after_document",
      .summary = "No cache point directly follows a document that is not a PDF (Claude through "
                 "Converse).",
      .refusal = "The model returned the following errors: messages.N.content.N.type: Field "
                 "required",
      .source = "strands-agents/harness-sdk#1966",
      .repair = "removes it"},
     check_after_document},
});

}  // namespace

std::span<const Rule> cache_rules() { return kCacheRules; }

}  // namespace llm::bedrock::linter
