// Asking Claude to think, and what it thought.
// Source: Anthropic, "Extended thinking"; Bedrock User Guide, "Extended thinking".
#include <algorithm>
#include <array>
#include <string>

#include "bedrock/lint/rule.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr double kMinTopP = 0.95;

bool thinks(const Subject& subject) {
  return subject.is_claude && subject.request.reasoning && subject.request.reasoning->enabled;
}

// Claude's beta features loosen some limits (interleaved thinking, longer answers).
bool has_beta(const ChatRequest& request) {
  return request.extra_fields.text().contains("\"anthropic_beta\"");
}

void check_budget(const Subject& subject, Report& report) {
  if (!thinks(subject) || has_beta(subject.request)) return;
  const auto budget = subject.request.reasoning->budget_tokens;
  if (!budget || !subject.request.max_tokens || *subject.request.max_tokens > *budget) return;
  report.add("max_tokens",
             "must be more than reasoning.budget_tokens, which counts in it; raise "
             "the one or lower the other");
}

void check_forced_call(const Subject& subject, Report& report) {
  const auto kind = subject.request.tool_choice.kind;
  const bool forces = kind == ToolChoice::Kind::any || kind == ToolChoice::Kind::one;
  if (!thinks(subject) || !forces) return;
  report.add("tool_choice",
             "demands a tool call, which excludes reasoning; leave the choice to "
             "the model, or ask for no reasoning");
}

void check_sampling(const Subject& subject, Report& report) {
  if (!thinks(subject) || subject.facts.quirks.no_sampling) return;
  const ChatRequest& request = subject.request;
  if (request.temperature && *request.temperature != 1) {
    report.add("temperature", "must be 1 or unset while Claude thinks",
               "was left out, because Claude thinks",
               [](RequestEditor& mending) { mending.request().temperature.reset(); });
  }
  if (request.top_p && *request.top_p < kMinTopP) {
    report.add("top_p", "must be 0.95 or more, or unset, while Claude thinks",
               "was left out, because Claude thinks",
               [](RequestEditor& mending) { mending.request().top_p.reset(); });
  }
  if (request.top_k) {
    report.add("top_k", "must be unset while Claude thinks", "was left out, because Claude thinks",
               [](RequestEditor& mending) { mending.request().top_k.reset(); });
  }
}

// Without it the native form cannot be written at all.
void check_signature(const Subject& subject, Report& report) {
  if (!subject.is_claude || !subject.by_converse) return;
  for (const Turn& turn : subject.turns) {
    const bool has_more = std::ranges::any_of(turn.blocks, [](const PlacedBlock& block) {
      return !std::holds_alternative<ReasoningContent>(*block.content) &&
             !std::holds_alternative<CachePoint>(*block.content);
    });
    for (const PlacedBlock& block : turn.blocks) {
      const auto* reasoning = std::get_if<ReasoningContent>(block.content);
      if (reasoning == nullptr || !reasoning->signature.empty()) continue;
      const BlockPosition position = block.position;
      Fix fix;
      if (has_more) fix = [position](RequestEditor& mending) { mending.remove(position); };
      report.add(to_string(position),
                 "is reasoning without its signature; send the message as it was received, or "
                 "without the reasoning",
                 "was left out, because it has no signature", std::move(fix));
    }
  }
}

void check_foreign_signature(const Subject& subject, Report& report) {
  // Seen of other models than Claude alone (earendil-works/pi#727).
  if (subject.is_claude || !subject.by_converse) return;
  if (subject.facts.reasoning != Support::no) return;
  for_each_of<ReasoningContent>(subject, [&](const ReasoningContent& reasoning, Place place, Role) {
    if (reasoning.signature.empty()) return;
    const BlockPosition position = place.block;
    report.add(to_string(place),
               "has the signature of a model that thinks, which this one does not take; remove it",
               "lost its signature, which this model does not take",
               [position](RequestEditor& mending) {
                 std::get<ReasoningContent>(mending.at(position)).signature.clear();
               });
  });
}

constexpr auto kReasoningRules = std::to_array<Rule>({
    {{.id = "thinking_budget",
      .summary = "max_tokens is more than the budget for thinking (Claude).",
      .refusal = "The model returned the following errors: `max_tokens` must be greater than "
                 "`thinking.budget_tokens`.",
      .source = "vercel/ai#4980"},
     check_budget},
    {{.id = "thinking_tool_choice",
      .summary = "Claude cannot think and be forced to call a tool.",
      .refusal = "The model returned the following errors: Thinking may not be enabled when "
                 "tool_choice forces tool use.",
      .source = "strands-agents/harness-sdk#1495"},
     check_forced_call},
    {{.id = "thinking_sampling",
      .summary = "While Claude thinks, temperature is 1, top_p 0.95 or more and top_k unset.",
      .refusal = "`temperature` may only be set to 1 when thinking is enabled.",
      .source = "BerriAI/litellm#9524; Anthropic, \"Extended thinking\"",
      .repair = "leaves the parameter out"},
     check_sampling},
    {{.id = "reasoning_signature",
      .summary = "Claude's reasoning goes back with its signature.",
      .refusal = "messages.N.content.N.thinking.signature: Field required",
      .source = "matrixorigin/Astra#284",
      .repair = "leaves reasoning without a signature out"},
     check_signature},
    {{.id = "reasoning_signature_foreign",
      .summary = "A model that does not think takes no signature.",
      .refusal = "This model doesn't support the reasoningContent.reasoningText.signature field. "
                 "Remove reasoningContent.reasoningText.signature and try again.",
      .source = "earendil-works/pi#686",
      .repair = "removes the signature"},
     check_foreign_signature},
});

}  // namespace

std::span<const Rule> reasoning_rules() { return kReasoningRules; }

}  // namespace llm::bedrock::linter
