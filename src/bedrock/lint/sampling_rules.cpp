// Sampling parameters, the limit of tokens and stop sequences.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "base/text.hpp"
#include "bedrock/lint/rule.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr std::size_t kMaxStopSequences = 2500;  // botocore, InferenceConfiguration

using Number = std::optional<double> ChatRequest::*;

// Numbers that are not finite are refused by the encoder.
void check_range(const RequestView& view, Report& report, Number member, const std::string& name) {
  const auto value = view.request.*member;
  if (!value || !std::isfinite(*value) || (*value >= 0 && *value <= 1)) return;
  report.add(name, "The " + name + " is not from 0 to 1.", "Use a number from 0 to 1.",
             {"The " + name + " was set to the nearest number from 0 to 1.",
              [member](RequestEditor& editor) {
                auto& number = editor.request().*member;
                if (!number) return editor.skip();  // left out by another repair
                number = std::clamp(*number, 0.0, 1.0);
              }});
}

void check_temperature(const RequestView& view, Report& report) {
  if (view.facts.takes.temperature != Support::no) {
    check_range(view, report, &ChatRequest::temperature, "temperature");
  }
}

void check_top_p(const RequestView& view, Report& report) {
  if (view.facts.takes.top_p != Support::no) {
    check_range(view, report, &ChatRequest::top_p, "top_p");
  }
}

void check_both(const RequestView& view, Report& report) {
  const ChatRequest& request = view.request;
  if (view.facts.takes.temperature_and_top_p != Support::no) return;
  if (!request.temperature || !request.top_p) return;
  report.add("top_p", "This model accepts temperature or top_p, not both.",
             "Leave out one of them.",
             {"The top_p was left out because this model accepts temperature or top_p, not both.",
              [](RequestEditor& editor) { editor.request().top_p.reset(); }});
}

void check_none(const RequestView& view, Report& report) {
  const ChatRequest& request = view.request;
  const Takes& takes = view.facts.takes;
  const bool is_reasoning_on = request.reasoning && request.reasoning->enabled;
  const auto refuse = [&](Support taken, bool is_set, const std::string& name, Fix fix) {
    if (taken != Support::no || !is_set) return;
    report.add(
        name, "This model does not accept " + name + ".", "Leave " + name + " out.",
        {"The " + name + " was left out because this model does not accept it.", std::move(fix)});
  };
  // 1 is accepted with reasoning (logancyang/obsidian-copilot#2600).
  const bool is_default = is_reasoning_on && request.temperature == 1;
  refuse(takes.temperature, request.temperature && !is_default, "temperature",
         [](RequestEditor& editor) { editor.request().temperature.reset(); });
  refuse(takes.top_p, request.top_p.has_value(), "top_p",
         [](RequestEditor& editor) { editor.request().top_p.reset(); });
  refuse(takes.top_k, request.top_k.has_value(), "top_k",
         [](RequestEditor& editor) { editor.request().top_k.reset(); });
}

void check_max_tokens(const RequestView& view, Report& report) {
  const ChatRequest& request = view.request;
  const std::int64_t most = view.facts.max_output_tokens;
  if (!request.max_tokens || most <= 0 || *request.max_tokens <= most) return;
  // Claude's beta features allow longer completions.
  if (request.extra_fields.text().contains("\"anthropic_beta\"")) return;
  const std::string limit = std::to_string(most);
  report.add(
      "max_tokens",
      "The max_tokens is " + std::to_string(*request.max_tokens) +
          ", but this model generates at most " + limit + " tokens.",
      "Lower max_tokens, or leave it unset.",
      {"The max_tokens was lowered to " + limit + ", the maximum of this model.",
       [most](RequestEditor& editor) { editor.request().max_tokens = static_cast<int>(most); }});
}

void check_stop_sequences(const RequestView& view, Report& report) {
  const auto& sequences = view.request.stop_sequences;
  if (sequences.size() > kMaxStopSequences) {
    report.add("stop_sequences",
               "The request has " + std::to_string(sequences.size()) +
                   " stop sequences, but at most 2500 are allowed.",
               "Send fewer.");
  }
  if (std::ranges::find(sequences, "") == sequences.end()) return;
  report.add("stop_sequences", "A stop sequence is empty.", "Remove it.",
             {"Empty stop sequences were removed.", [](RequestEditor& editor) {
                std::erase_if(editor.request().stop_sequences,
                              [](const std::string& text) { return text.empty(); });
              }});
}

void check_blank_stop(const RequestView& view, Report& report) {
  if (!view.is_claude) return;
  const bool has_blank = std::ranges::any_of(
      view.request.stop_sequences,
      [](const std::string& text) { return !text.empty() && base::is_blank(text); });
  if (!has_blank) return;
  report.add("stop_sequences", "A stop sequence is blank, which Claude does not accept.",
             "Add other characters to it, or remove it.");
}

constexpr auto kSamplingRules = std::to_array<Rule>({
    {{.id = "temperature_range",
      .summary = "temperature is from 0 to 1.",
      .refusal = "Value at 'inferenceConfig.temperature' failed to satisfy constraint: Member must "
                 "have value less than or equal to 1",
      .source = "botocore, InferenceConfiguration; vercel/ai#10306",
      .repair = "sets it to the nearest allowed number"},
     check_temperature},
    {{.id = "top_p_range",
      .summary = "top_p is from 0 to 1.",
      .refusal = "Value at 'inferenceConfig.topP' failed to satisfy constraint: Member must have "
                 "value less than or equal to 1",
      .source = "botocore, InferenceConfiguration",
      .repair = "sets it to the nearest allowed number"},
     check_top_p},
    {{.id = "temperature_or_top_p",
      .summary = "Claude 4.5 and 4.6 accept temperature or top_p, not both.",
      .refusal =
          "The model returned the following errors: `temperature` and `top_p` cannot both be "
          "specified for this model. Please use only one.",
      .source = "browser-use/browser-use#5448",
      .repair = "removes top_p"},
     check_both},
    {{.id = "no_sampling",
      .summary = "Models that accept no temperature, top_p or top_k are sent none.",
      .refusal = "The model returned the following errors: `temperature` is deprecated for this "
                 "model.",
      .source = "cline/cline#10572",
      .repair = "removes them"},
     check_none},
    {{.id = "max_tokens_limit",
      .summary = "max_tokens is at most the model's maximum.",
      .refusal = "The maximum tokens you requested exceeds the model limit of N. Try again with a "
                 "maximum tokens value that is lower than N.",
      .source = "aws-samples/bedrock-access-gateway#41",
      .repair = "lowers it to the model's maximum"},
     check_max_tokens},
    {{.id = "stop_sequences",
      .summary = "There are at most 2500 stop sequences, none of them empty.",
      .refusal = "Value at 'inferenceConfig.stopSequences' failed to satisfy constraint: Member "
                 "must have length greater than or equal to 1",
      .source = "botocore, InferenceConfiguration",
      .repair = "removes empty ones"},
     check_stop_sequences},
    {{.id = "stop_sequence_blank",
      .summary = "A stop sequence for Claude is not blank.",
      .refusal = "stop_sequences: each stop sequence must contain non-whitespace",
      .source = "BerriAI/litellm#3286"},
     check_blank_stop},
});

}  // namespace

std::span<const Rule> sampling_rules() { return kSamplingRules; }

}  // namespace llm::bedrock::linter
