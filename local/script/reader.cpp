#include <array>
#include <string>
#include <utility>
#include <vector>

#include <llm/local/script.hpp>

#include "base/errors.hpp"
#include "json/reader.hpp"
#include "local/script/faults.hpp"
#include "local/script/object.hpp"

namespace llm::local {
namespace {

/// The names of StopReason, in its order.
constexpr std::array<std::string_view, 11> kStopReasons{"end_turn",
                                                        "max_tokens",
                                                        "stop_sequence",
                                                        "tool_use",
                                                        "content_filtered",
                                                        "guardrail_intervened",
                                                        "malformed_model_output",
                                                        "malformed_tool_use",
                                                        "model_context_window_exceeded",
                                                        "refusal",
                                                        "pause_turn"};
static_assert(static_cast<std::size_t>(StopReason::pause_turn) + 1 == kStopReasons.size());

/// The names of Operation in its order, without `unknown`.
std::vector<std::string_view> operation_names() {
  std::vector<std::string_view> names;
  for (int i = 1; !to_string(static_cast<Operation>(i)).empty(); ++i) {
    names.push_back(to_string(static_cast<Operation>(i)));
  }
  return names;
}

ScriptedCitation read_citation(ScriptObject object) {
  ScriptedCitation citation{.title = object.text("title"),
                            .source = object.text("source"),
                            .cited_text = object.text("cited_text"),
                            .document = object.number("document").value_or(0),
                            .start = object.number("start").value_or(0),
                            .end = object.number("end").value_or(0)};
  object.finish();
  if (citation.end < citation.start) object.report_member("end", "must not be less than start");
  return citation;
}

ScriptedUsage read_usage(ScriptObject object) {
  ScriptedUsage usage{.input_tokens = object.number("input_tokens"),
                      .output_tokens = object.number("output_tokens"),
                      .cache_read_tokens = object.number("cache_read_tokens"),
                      .cache_write_tokens = object.number("cache_write_tokens")};
  object.finish();
  return usage;
}

ScriptedCompletion read_completion(ScriptObject object) {
  ScriptedCompletion completion{.text = object.text("text"), .reasoning = object.text("reasoning")};
  for (ScriptObject& call : object.objects("tool_calls")) {
    completion.tool_calls.push_back(
        {.name = call.required_name("name"),
         .arguments = Json::from_valid_text(call.json_object("arguments"))});
    call.finish();
  }
  if (const auto reason = object.choice("stop_reason", kStopReasons)) {
    completion.stop_reason = static_cast<StopReason>(*reason);
  }
  for (const ScriptObject& citation : object.objects("citations")) {
    completion.citations.push_back(read_citation(citation));
  }
  if (object.has("usage")) completion.usage = read_usage(object.object("usage"));
  completion.latency = object.milliseconds("latency_ms");
  if (object.has("trace")) completion.trace = Json::from_valid_text(object.json_object("trace"));
  object.finish();
  return completion;
}

Match read_match(ScriptObject object) {
  Match match{.prompt = object.text("prompt"), .model = object.text("model")};
  if (const auto operation = object.choice("operation", operation_names())) {
    match.operation = static_cast<Operation>(*operation + 1);
  }
  match.call = object.count("call", 1);
  match.access_key_id = object.text("access_key_id");
  object.finish();
  return match;
}

Rule read_rule(ScriptObject& object) {
  Rule rule{.match = read_match(object.object("match")),
            .skip = object.count("skip").value_or(0),
            .every = object.count("every", 1).value_or(1),
            .times = object.count("times", 1)};
  if (object.has("completion")) rule.completion = read_completion(object.object("completion"));
  if (object.has("fault")) rule.fault = read_fault(object.object("fault"));
  object.finish();
  const bool is_clock = rule.fault && std::holds_alternative<fault::ClockOffset>(*rule.fault);
  if (is_clock && (rule.completion || !rule.match.prompt.empty())) {
    object.report("must not combine a clock_offset with a prompt or a completion");
  }
  return rule;
}

}  // namespace

Result<std::vector<Rule>> parse_script(std::string_view json, std::string_view file) {
  const std::string subject =
      file.empty() ? "The script" : "The script \"" + std::string(file) + "\"";
  const std::string advice = "See docs/local-bedrock.md for an example.";
  json::Parser parser;
  const Result<json::Value> root = parser.parse(json);
  if (!root) {
    Error error = make_error(ErrorCode::configuration_error, root.error().message, advice);
    base::add_context(subject + " is invalid", error);
    return std::unexpected(std::move(error));
  }

  ScriptProblem problem;
  ScriptObject object(*root, "", problem);
  if (!object.has("rules")) problem.report("\"rules\"", "is missing");
  std::vector<Rule> rules;
  for (ScriptObject& rule : object.objects("rules")) rules.push_back(read_rule(rule));
  object.finish();
  if (problem.text.empty()) return rules;
  return base::configuration_error(subject + " is invalid: " + problem.text + ".", advice);
}

}  // namespace llm::local
