#include <array>
#include <ctime>
#include <string>
#include <utility>

#include <llm/bedrock/lint.hpp>
#include <llm/request_json.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "input_file.hpp"
#include "layout.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

namespace bedrock = llm::bedrock;

constexpr std::size_t kFindingColumn = 10;

/// `2026-11-30`, in UTC.
std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 16> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts)};
}

struct LintCommandOptions {
  std::string file;
  bedrock::LintOptions lint;
  std::string mode;
  bool json = false;
  bool rules = false;
};

LintCommandOptions read_lint_options(const Given& given) {
  LintCommandOptions options{.file = given.text(kRequestFile),
                             .lint = {},
                             .mode = given.text(kLintMode),
                             .json = given.has(kJsonObject),
                             .rules = given.has(kRules)};
  options.lint.model = given.text(kLintModel);
  options.lint.lint_off = given.texts(kLintOff);
  options.lint.streaming = given.has(kStream);
  const std::string api = given.text(kApi);
  if (api == "invoke") options.lint.api = bedrock::Api::invoke;
  if (api == "converse") options.lint.api = bedrock::Api::converse;
  if (api == "mantle") options.lint.api = bedrock::Api::mantle;
  return options;
}

std::string rules_as_text() {
  std::string text;
  for (const bedrock::LintRule& rule : bedrock::lint_rules()) {
    text.append(rule.id).append("\n    ").append(rule.summary).append("\n    \"");
    text.append(rule.refusal).append("\"\n    (").append(rule.source).append(")\n");
    if (!rule.repair.empty()) text.append("    Repair: ").append(rule.repair).append(".\n");
  }
  return text;
}

std::string as_text(const bedrock::LintReport& report) {
  std::string text;
  for (const bedrock::LintFinding& change : report.changes) {
    text.append("repaired  ").append(change.position).append(": ").append(change.message);
    text.append(" (").append(change.rule).append(")\n");
  }
  for (const bedrock::LintFinding& finding : report.findings) {
    text += left(to_string(finding.severity), kFindingColumn);
    text.append(finding.position).append(": ").append(finding.message);
    text.append(" (").append(finding.rule);
    text += finding.repairable ? ", repairable)\n" : ")\n";
    if (!finding.advice.empty()) text += left({}, kFindingColumn) + finding.advice + '\n';
  }
  if (!report.known) {
    text += report.model.empty()
                ? "note      No model was named, so its own rules were not checked. Set --model.\n"
                : "note      Nothing is known about the model " + report.model + ".\n";
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
  options.lint.today = today();
  const auto report = options.mode == "repair" ? bedrock::repair(*request, options.lint)
                                               : bedrock::lint(*request, options.lint);
  if (!report) return fail(report.error(), style);
  return print(printed(*report, *request, options), style,
               report->clean() ? ExitCode::success : ExitCode::refused);
}

}  // namespace

ExitCode lint_command(Arguments arguments) {
  const auto given = parse(kLintCommand, arguments);
  if (!given) return given.error();
  LintCommandOptions options = read_lint_options(*given);
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
  return lint_file(std::move(options));
}

}  // namespace cli
