// How the answer is drawn, how long it may be and where it stops.
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

// What is not a finite number cannot be written, which the encoder says.
void check_range(const Subject& subject, Report& report, Number member, std::string name) {
  const auto value = subject.request.*member;
  if (!value || !std::isfinite(*value) || (*value >= 0 && *value <= 1)) return;
  report.add(std::move(name), "must be 0 to 1", "was set to the nearest number from 0 to 1",
             [member](RequestEditor& mending) {
               auto& number = mending.request().*member;
               number = std::clamp(*number, 0.0, 1.0);
             });
}

void check_temperature(const Subject& subject, Report& report) {
  if (!subject.facts.quirks.no_sampling) {
    check_range(subject, report, &ChatRequest::temperature, "temperature");
  }
}

void check_top_p(const Subject& subject, Report& report) {
  if (!subject.facts.quirks.no_sampling) {
    check_range(subject, report, &ChatRequest::top_p, "top_p");
  }
}

void check_both(const Subject& subject, Report& report) {
  const ChatRequest& request = subject.request;
  if (!subject.facts.quirks.temperature_or_top_p || !request.temperature || !request.top_p) return;
  report.add("top_p", "stands beside temperature, but this model takes one of them; leave one out",
             "was left out, because this model takes temperature or top_p, not both",
             [](RequestEditor& mending) { mending.request().top_p.reset(); });
}

void check_none(const Subject& subject, Report& report) {
  if (!subject.facts.quirks.no_sampling) return;
  const ChatRequest& request = subject.request;
  const bool thinks = request.reasoning && request.reasoning->enabled;
  const auto refuse = [&](bool is_set, std::string name, Fix fix) {
    if (!is_set) return;
    report.add(std::move(name), "is set, but this model takes no sampling parameters; leave it out",
               "was left out, because this model takes no sampling parameters", std::move(fix));
  };
  // 1 is taken beside thinking (logancyang/obsidian-copilot#2600).
  const bool is_default = thinks && request.temperature == 1;
  refuse(request.temperature && !is_default, "temperature",
         [](RequestEditor& mending) { mending.request().temperature.reset(); });
  refuse(request.top_p.has_value(), "top_p",
         [](RequestEditor& mending) { mending.request().top_p.reset(); });
  refuse(request.top_k.has_value(), "top_k",
         [](RequestEditor& mending) { mending.request().top_k.reset(); });
}

void check_max_tokens(const Subject& subject, Report& report) {
  const ChatRequest& request = subject.request;
  const std::int64_t most = subject.facts.max_output_tokens;
  if (!request.max_tokens || most <= 0 || *request.max_tokens <= most) return;
  // Claude's beta features allow longer answers.
  if (request.extra_fields.text().contains("\"anthropic_beta\"")) return;
  const std::string limit = std::to_string(most);
  report.add(
      "max_tokens",
      "is " + std::to_string(*request.max_tokens) + ", but this model answers with at most " +
          limit + " tokens; lower it, or leave it unset",
      "was lowered to " + limit + ", the longest answer of this model",
      [most](RequestEditor& mending) { mending.request().max_tokens = static_cast<int>(most); });
}

void check_stop_sequences(const Subject& subject, Report& report) {
  const auto& sequences = subject.request.stop_sequences;
  if (sequences.size() > kMaxStopSequences) {
    report.add("stop_sequences", "are " + std::to_string(sequences.size()) +
                                     ", but at most 2500 are taken; send fewer");
  }
  if (std::ranges::find(sequences, "") == sequences.end()) return;
  report.add("stop_sequences", "hold an empty text, which stops nothing; leave it out",
             "lost their empty texts", [](RequestEditor& mending) {
               std::erase_if(mending.request().stop_sequences,
                             [](const std::string& text) { return text.empty(); });
             });
}

void check_blank_stop(const Subject& subject, Report& report) {
  if (!subject.is_claude) return;
  const bool has_blank = std::ranges::any_of(
      subject.request.stop_sequences,
      [](const std::string& text) { return !text.empty() && base::is_blank(text); });
  if (!has_blank) return;
  report.add("stop_sequences",
             "hold white space alone, which Claude does not take as a sequence; "
             "add a character to it, or leave it out");
}

constexpr auto kSamplingRules = std::to_array<Rule>({
    {{.id = "temperature_range",
      .summary = "temperature is 0 to 1.",
      .refusal = "Value at 'inferenceConfig.temperature' failed to satisfy constraint: Member must "
                 "have value less than or equal to 1",
      .source = "botocore, InferenceConfiguration; vercel/ai#10306",
      .repair = "sets it to the nearest number that is taken"},
     check_temperature},
    {{.id = "top_p_range",
      .summary = "top_p is 0 to 1.",
      .refusal = "Value at 'inferenceConfig.topP' failed to satisfy constraint: Member must have "
                 "value less than or equal to 1",
      .source = "botocore, InferenceConfiguration",
      .repair = "sets it to the nearest number that is taken"},
     check_top_p},
    {{.id = "temperature_or_top_p",
      .summary = "Claude 4.5 and later take temperature or top_p, not both.",
      .refusal =
          "The model returned the following errors: `temperature` and `top_p` cannot both be "
          "specified for this model. Please use only one.",
      .source = "browser-use/browser-use#5448",
      .repair = "leaves top_p out"},
     check_both},
    {{.id = "no_sampling",
      .summary = "Claude Opus 4.7 and later take no temperature, top_p or top_k.",
      .refusal = "The model returned the following errors: `temperature` is deprecated for this "
                 "model.",
      .source = "cline/cline#10572",
      .repair = "leaves them out"},
     check_none},
    {{.id = "max_tokens_limit",
      .summary = "max_tokens is at most the model's longest answer.",
      .refusal = "The maximum tokens you requested exceeds the model limit of N. Try again with a "
                 "maximum tokens value that is lower than N.",
      .source = "aws-samples/bedrock-access-gateway#41",
      .repair = "lowers it to the model's longest answer"},
     check_max_tokens},
    {{.id = "stop_sequences",
      .summary = "There are at most 2500 stop sequences, none of them empty.",
      .refusal = "Value at 'inferenceConfig.stopSequences' failed to satisfy constraint: Member "
                 "must have length greater than or equal to 1",
      .source = "botocore, InferenceConfiguration",
      .repair = "leaves empty ones out"},
     check_stop_sequences},
    {{.id = "stop_sequence_blank",
      .summary = "A stop sequence for Claude is more than white space.",
      .refusal = "stop_sequences: each stop sequence must contain non-whitespace",
      .source = "BerriAI/litellm#3286"},
     check_blank_stop},
});

}  // namespace

std::span<const Rule> sampling_rules() { return kSamplingRules; }

}  // namespace llm::bedrock::linter
