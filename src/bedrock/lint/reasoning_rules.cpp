// Reasoning: how Claude is asked for it, and reasoning that is sent back.
// Source: Anthropic, "Extended thinking"; Bedrock User Guide, "Extended thinking".
#include <algorithm>
#include <array>
#include <string>

#include "bedrock/lint/rule.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr double kMinTopP = 0.95;

bool is_reasoning_on(const RequestView& view) {
  return view.is_claude && view.request.reasoning && view.request.reasoning->enabled;
}

// Claude's beta features relax some limits (interleaved thinking, longer completions).
bool has_beta(const ChatRequest& request) {
  return request.extra_fields.text().contains("\"anthropic_beta\"");
}

void check_budget(const RequestView& view, Report& report) {
  if (!is_reasoning_on(view) || has_beta(view.request)) return;
  const auto budget = view.request.reasoning->budget_tokens;
  if (!budget || !view.request.max_tokens || *view.request.max_tokens > *budget) return;
  report.add("max_tokens",
             "The max_tokens is not greater than reasoning.budget_tokens, which counts towards it.",
             "Raise max_tokens, or lower the budget.");
}

void check_forced_call(const RequestView& view, Report& report) {
  const auto kind = view.request.tool_choice.kind;
  const bool forces = kind == ToolChoice::Kind::any || kind == ToolChoice::Kind::one;
  if (!is_reasoning_on(view) || !forces) return;
  if (view.facts.takes.thinking_forced_tool != Support::no) return;
  report.add("tool_choice", "A forced tool call excludes reasoning.",
             "Leave tool_choice to the model, or turn reasoning off.");
}

void check_sampling(const RequestView& view, Report& report) {
  if (!is_reasoning_on(view)) return;
  const ChatRequest& request = view.request;
  const Takes& takes = view.facts.takes;  // another rule reports what the model never takes
  if (request.temperature && *request.temperature != 1 && takes.temperature != Support::no) {
    report.add("temperature", "The temperature must be 1 while Claude reasons.",
               "Leave temperature out.",
               {"The temperature was left out because Claude reasons.",
                [](RequestEditor& editor) { editor.request().temperature.reset(); }});
  }
  if (request.top_p && *request.top_p < kMinTopP && takes.top_p != Support::no) {
    report.add("top_p", "The top_p must be at least 0.95 while Claude reasons.", "Leave top_p out.",
               {"The top_p was left out because Claude reasons.",
                [](RequestEditor& editor) { editor.request().top_p.reset(); }});
  }
  if (request.top_k && takes.top_k != Support::no) {
    report.add("top_k", "Claude does not accept top_k while it reasons.", "Leave top_k out.",
               {"The top_k was left out because Claude reasons.",
                [](RequestEditor& editor) { editor.request().top_k.reset(); }});
  }
}

void check_off(const RequestView& view, Report& report) {
  const auto& reasoning = view.request.reasoning;
  const Takes& takes = view.facts.takes;
  if (!reasoning || reasoning->enabled || takes.thinking_off != Support::no) return;
  const bool takes_low = has_word(takes.efforts, "low");
  report.add(
      "reasoning", "This model always reasons: its reasoning cannot be turned off.",
      takes_low ? "Set reasoning.effort to \"low\" instead." : "Leave out reasoning.",
      {takes_low ? "The reasoning was set to effort \"low\" because it cannot be turned off."
                 : "The reasoning setting was removed because reasoning cannot be turned off.",
       [takes_low](RequestEditor& editor) {
         auto& changed = editor.request().reasoning;
         changed.reset();
         if (takes_low) changed = Reasoning{.effort = "low"};
       }});
}

void check_effort(const RequestView& view, Report& report) {
  const auto& reasoning = view.request.reasoning;
  if (!reasoning || !reasoning->enabled || reasoning->effort.empty()) return;
  const Takes& takes = view.facts.takes;
  const auto remove = [](RequestEditor& editor) { editor.request().reasoning->effort.clear(); };
  if (takes.effort == Support::no) {
    report.add("reasoning.effort", "This model does not take an effort.",
               "Leave reasoning.effort out.",
               {"The effort was left out because this model does not take one.", remove});
  } else if (!takes.efforts.empty() && !has_word(takes.efforts, reasoning->effort)) {
    std::string known(takes.efforts);
    for (std::size_t at = 0; (at = known.find(',', at)) != std::string::npos; at += 2) {
      known.replace(at, 1, ", ");
    }
    report.add("reasoning.effort", "This model does not take the effort.",
               "Use one of " + known + ".",
               {"The effort was left out because this model does not take it.", remove});
  }
}

// The encoder of the native format refuses it itself.
void check_signature(const RequestView& view, Report& report) {
  if (!view.is_claude || !view.by_converse) return;
  for (const Turn& turn : view.turns) {
    const bool has_other_content = std::ranges::any_of(turn.blocks, [](const PlacedBlock& block) {
      return !std::holds_alternative<ReasoningContent>(*block.content) &&
             !std::holds_alternative<CachePoint>(*block.content);
    });
    for (const PlacedBlock& block : turn.blocks) {
      const auto* reasoning = std::get_if<ReasoningContent>(block.content);
      if (reasoning == nullptr || !reasoning->signature.empty()) continue;
      const BlockPosition position = block.position;
      Fix fix;
      if (has_other_content) fix = [position](RequestEditor& editor) { editor.remove(position); };
      report.add(to_string(position), "The reasoning has no signature.",
                 "Send the message as it was received, or leave out the reasoning.",
                 {"The reasoning was left out because it has no signature.", std::move(fix)});
    }
  }
}

void check_foreign_signature(const RequestView& view, Report& report) {
  // Seen with models other than Claude only (earendil-works/pi#727).
  if (view.is_claude || !view.by_converse) return;
  if (view.facts.reasoning != Support::no) return;
  for_each_of<ReasoningContent>(view, [&](const ReasoningContent& reasoning, Place place, Role) {
    if (reasoning.signature.empty()) return;
    const BlockPosition position = place.block;
    report.add(to_string(place),
               "The reasoning has the signature of another model, which this model does not "
               "accept.",
               "Remove the signature.",
               {"The signature of the reasoning was removed because this model does not accept it.",
                [position](RequestEditor& editor) {
                  std::get<ReasoningContent>(editor.at(position)).signature.clear();
                }});
  });
}

constexpr auto kReasoningRules = std::to_array<Rule>({
    {{.id = "thinking_budget",
      .summary = "max_tokens is greater than the reasoning budget (Claude).",
      .refusal = "The model returned the following errors: `max_tokens` must be greater than "
                 "`thinking.budget_tokens`.",
      .source = "vercel/ai#4980"},
     check_budget},
    {{.id = "thinking_tool_choice",
      .summary = "Claude before Opus 4.8 cannot reason when tool_choice forces a tool call.",
      .refusal = "The model returned the following errors: Thinking may not be enabled when "
                 "tool_choice forces tool use.",
      .source = "strands-agents/harness-sdk#1495"},
     check_forced_call},
    {{.id = "thinking_off",
      .summary = "The reasoning of a model that always reasons is not turned off.",
      .refusal = "\"thinking.type.disabled\" is not supported for this model.",
      .source = "ax-llm/ax#667; danny-avila/LibreChat#13704",
      .repair = "asks for the effort low"},
     check_off},
    {{.id = "effort",
      .summary = "The effort is one that the model takes.",
      .refusal = "output_config.effort: Input should be N",
      .source = "coder/coder#25356",
      .repair = "removes it"},
     check_effort},
    {{.id = "thinking_sampling",
      .summary = "While Claude reasons, temperature is 1, top_p at least 0.95 and top_k unset.",
      .refusal = "`temperature` may only be set to 1 when thinking is enabled.",
      .source = "BerriAI/litellm#9524; Anthropic, \"Extended thinking\"",
      .repair = "removes the parameter"},
     check_sampling},
    {{.id = "reasoning_signature",
      .summary = "Claude's reasoning is sent back with its signature.",
      .refusal = "messages.N.content.N.thinking.signature: Field required",
      .source = "matrixorigin/Astra#284",
      .repair = "removes reasoning without a signature"},
     check_signature},
    {{.id = "reasoning_signature_foreign",
      .summary = "A model without reasoning does not accept a signature.",
      .refusal = "This model doesn't support the reasoningContent.reasoningText.signature field. "
                 "Remove reasoningContent.reasoningText.signature and try again.",
      .source = "earendil-works/pi#686",
      .repair = "removes the signature"},
     check_foreign_signature},
});

}  // namespace

std::span<const Rule> reasoning_rules() { return kReasoningRules; }

}  // namespace llm::bedrock::linter
