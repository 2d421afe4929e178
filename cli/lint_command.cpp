#include <fmt/format.h>

#include <string>

#include <llm/bedrock/lint.hpp>
#include <llm/request_json.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "input_file.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

namespace bedrock = llm::bedrock;

constexpr std::string_view kDescription =
    "Say what Amazon Bedrock would refuse in a request, before it is sent and without an account. "
    "The request is JSON, as docs/json.md has it. Ends with 0 when it is clean, else with 4.";

struct LintCommandOptions {
  std::string file;
  bedrock::LintOptions lint;
  std::string api;
  std::string level = "refuse";
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
                ? "note      no model is named, so its own rules were not checked; use --model\n"
                : fmt::format("note      nothing is known of model {}\n", report.model);
  }
  return visible(text);
}

// The report, and with a repair the request that it made.
std::string printed(const bedrock::LintReport& report, const llm::ChatRequest& request,
                    const LintCommandOptions& options) {
  std::string text = options.json ? to_json(report) + '\n' : as_text(report);
  if (options.level == "repair") text += to_json(request) + '\n';
  return text;
}

ExitCode lint_file(const LintCommandOptions& options) {
  const Style style = options.json ? Style::json : Style::text;
  if (options.level == "off") return ExitCode::success;
  auto text = read_input_file(options.file);
  if (!text) return fail(text.error(), style);
  auto request = llm::chat_request_from_json(*text);
  if (!request) {
    request.error().message = options.file + ": " + request.error().message;
    return fail(request.error(), style);
  }
  const auto report = options.level == "repair" ? bedrock::repair(*request, options.lint)
                                                : bedrock::lint(*request, options.lint);
  if (!report) return fail(report.error(), style);
  return print(printed(*report, *request, options), style,
               report->clean() ? ExitCode::success : ExitCode::refused);
}

}  // namespace

ExitCode lint_command(std::span<const std::string> arguments) {
  LintCommandOptions options;
  CLI::App app(std::string(kDescription), "bedrock lint");
  app.add_option("file", options.file, "File with the request; - for standard input");
  app.add_option("-m,--model", options.lint.model, "Model id, for a request that names none");
  app.add_option("--api", options.api, "Which API carries the chat: auto, invoke or converse")
      ->check(CLI::IsMember({"auto", "invoke", "converse"}));
  app.add_option("--level", options.level, "off, refuse, or repair: print the repaired request too")
      ->check(CLI::IsMember({"off", "refuse", "repair"}));
  app.add_option("--off", options.lint.off, "Rule that does not count; may be repeated")
      ->allow_extra_args(false);
  app.add_flag("--stream", options.lint.streamed, "The answer is to be streamed");
  app.add_flag("--rules", options.rules, "List the rules, each with the service's own words");
  app.add_flag("--json", options.json, "Print one JSON object");
  if (const auto ended = parse(app, arguments)) return *ended;
  if (options.rules) {
    return options.json ? fail(llm::make_error(llm::ErrorCode::configuration_error,
                                               "--rules has no JSON form; leave out --json."),
                               Style::json)
                        : print(rules_as_text(), Style::text);
  }
  if (options.file.empty()) {
    return fail(llm::make_error(llm::ErrorCode::configuration_error,
                                "No file to look at. See `bedrock lint --help`."),
                options.json ? Style::json : Style::text);
  }
  if (options.api == "invoke") options.lint.api = bedrock::Api::invoke;
  if (options.api == "converse") options.lint.api = bedrock::Api::converse;
  return lint_file(options);
}

}  // namespace cli
