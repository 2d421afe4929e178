#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

#include <llm/bedrock/lint.hpp>
#include <llm/request_json.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "input_file.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

namespace bedrock = llm::bedrock;

constexpr std::string_view kLintDescription =
    "Find what Amazon Bedrock would refuse in a request, offline and without an account. The "
    "request "
    "is JSON, as docs/json.md describes it. Exits with 0 if it is clean, else with 4.";

struct LintCommandOptions {
  std::string file;
  bedrock::LintOptions lint;
  std::string api;
  std::string mode = "refuse";
  bool json = false;
  bool rules = false;
};

std::string rules_as_text() {
  std::string text;
  for (const bedrock::LintRule& rule : bedrock::lint_rules()) {
    text += fmt::format("{}\n    {}\n    \"{}\"\n    ({})\n", rule.id, rule.summary, rule.refusal,
                        rule.source);
    if (!rule.repair.empty()) text += fmt::format("    Repair: {}.\n", rule.repair);
  }
  return text;
}

std::string as_text(const bedrock::LintReport& report) {
  std::string text;
  for (const bedrock::LintFinding& change : report.changes) {
    text += fmt::format("repaired  {}: {} ({})\n", change.position, change.message, change.rule);
  }
  for (const bedrock::LintFinding& finding : report.findings) {
    text += fmt::format("{:9} {}: {} ({}{})\n", to_string(finding.severity), finding.position,
                        finding.message, finding.rule, finding.repairable ? ", repairable" : "");
    if (!finding.advice.empty()) text += fmt::format("{:9} {}\n", "", finding.advice);
  }
  if (!report.known) {
    text += report.model.empty()
                ? "note      No model was named, so its own rules were not checked. Set --model.\n"
                : fmt::format("note      Nothing is known about the model {}.\n", report.model);
  }
  return visible(text);
}

/// The report; after a repair also the repaired request.
std::string printed(const bedrock::LintReport& report, const llm::ChatRequest& request,
                    const LintCommandOptions& options) {
  std::string text = options.json ? to_json(report) + '\n' : as_text(report);
  if (options.mode == "repair") text += to_json(request) + '\n';
  return text;
}

ExitCode lint_file(LintCommandOptions options) {
  const Style style = options.json ? Style::json : Style::text;
  if (options.mode == "off") return ExitCode::success;
  auto text = read_input_file(options.file);
  if (!text) return fail(text.error(), style);
  auto request = llm::chat_request_from_json(*text);
  if (!request) return fail(in_file(options.file, std::move(request.error())), style);
  options.lint.today = fmt::format("{:%Y-%m-%d}", std::chrono::system_clock::now());
  const auto report = options.mode == "repair" ? bedrock::repair(*request, options.lint)
                                               : bedrock::lint(*request, options.lint);
  if (!report) return fail(report.error(), style);
  return print(printed(*report, *request, options), style,
               report->clean() ? ExitCode::success : ExitCode::refused);
}

}  // namespace

ExitCode lint_command(Arguments arguments) {
  LintCommandOptions options;
  CLI::App app(std::string(kLintDescription), "bedrock lint");
  app.add_option("file", options.file, "JSON file with the request; - for standard input");
  app.add_option("-m,--model", options.lint.model, "Model id, if the request does not name one");
  app.add_option("--api", options.api, "API for the chat: auto, invoke or converse")
      ->check(CLI::IsMember({"auto", "invoke", "converse"}));
  app.add_option("--lint", options.mode,
                 "What to do: off, refuse, or repair, which also prints the repaired request")
      ->check(CLI::IsMember({"off", "refuse", "repair"}));
  app.add_option("--lint-off", options.lint.lint_off, "Lint rule to disable; may be repeated")
      ->allow_extra_args(false);
  app.add_flag("--stream", options.lint.streaming,
               "Check the request as one whose response is streamed");
  app.add_flag("--rules", options.rules, "List all rules, each with the error text of the service");
  app.add_flag("--json", options.json, "Print one JSON object");
  if (const auto ended = parse(app, arguments)) return *ended;
  if (options.rules) {
    return options.json
               ? fail(llm::make_error(llm::ErrorCode::configuration_error,
                                      "--rules cannot be printed as JSON.", "Leave out --json."),
                      Style::json)
               : print(rules_as_text(), Style::text);
  }
  if (options.file.empty()) {
    return fail(llm::make_error(llm::ErrorCode::configuration_error, "No file was given.",
                                "See `bedrock lint --help`."),
                options.json ? Style::json : Style::text);
  }
  if (options.api == "invoke") options.lint.api = bedrock::Api::invoke;
  if (options.api == "converse") options.lint.api = bedrock::Api::converse;
  return lint_file(options);
}

}  // namespace cli
