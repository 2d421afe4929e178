// The public functions.
#include <algorithm>

#include <llm/bedrock/lint.hpp>

#include "bedrock/codec/codec.hpp"
#include "bedrock/lint/linter.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {
namespace {

struct Call {
  ModelId model;
  linter::Target target;
};

// Of a request that names no model nothing is known.
Result<Call> call_of(const ChatRequest& request, const LintOptions& options) {
  if (auto known = linter::check_rule_ids(options.lint_off); !known) {
    return std::unexpected(std::move(known.error()));
  }
  const std::string& id = request.model.empty() ? options.model : request.model;
  Call call;
  if (!id.empty()) {
    Result<ModelId> model = parse_model_id(id);
    if (!model) return std::unexpected(std::move(model.error()));
    call.model = std::move(*model);
  }
  const ModelFacts* facts = call.model.facts;
  call.target = {.facts = facts,
                 .by_converse = options.api == Api::converse || facts == nullptr ||
                                facts->wire_format == WireFormat::none,
                 .delivery = options.streaming ? Delivery::streaming : Delivery::buffered};
  return call;
}

void add_encoding(const ChatRequest& request, const Call& call, const LintOptions& options,
                  std::vector<LintFinding>& findings) {
  if (std::ranges::find(options.lint_off, linter::kCannotEncode) != options.lint_off.end()) return;
  const Codec& codec =
      call.target.by_converse ? converse_codec() : codec_for(call.model.facts->wire_format);
  const auto wire = codec.encode(request, call.model, call.target.delivery);
  if (wire) return;
  findings.push_back({.rule = std::string(linter::kCannotEncode),
                      .position = "request",
                      .message = "cannot be written: " + wire.error().message});
}

LintReport report_on(const ChatRequest& request, const Call& call, const LintOptions& options) {
  LintReport report{.model = call.model.requested_id, .known = call.model.facts != nullptr};
  report.findings = linter::check(request, call.target, options.lint_off);
  add_encoding(request, call, options, report.findings);
  return report;
}

void write_findings(std::span<const LintFinding> findings, json::Writer& writer) {
  writer.begin_array();
  for (const LintFinding& finding : findings) {
    writer.begin_object().member("rule", finding.rule);
    writer.member("severity", to_string(finding.severity)).member("position", finding.position);
    writer.member("message", finding.message);
    writer.key("repairable").boolean(finding.repairable).end_object();
  }
  writer.end_array();
}

}  // namespace

std::string_view to_string(LintSeverity severity) {
  return severity == LintSeverity::refused ? "refused" : "note";
}

bool LintReport::clean() const {
  return std::ranges::none_of(findings, [](const LintFinding& finding) {
    return finding.severity == LintSeverity::refused;
  });
}

Result<LintReport> lint(const ChatRequest& request, const LintOptions& options) {
  const Result<Call> call = call_of(request, options);
  if (!call) return std::unexpected(call.error());
  return report_on(request, *call, options);
}

Result<LintReport> repair(ChatRequest& request, const LintOptions& options) {
  const Result<Call> call = call_of(request, options);
  if (!call) return std::unexpected(call.error());
  std::vector<LintFinding> changes = linter::mend(request, call->target, options.lint_off);
  LintReport report = report_on(request, *call, options);
  report.changes = std::move(changes);
  return report;
}

std::string to_json(const LintReport& report) {
  json::Writer writer;
  writer.begin_object().key("model");
  if (report.model.empty()) {
    writer.null();
  } else {
    writer.string(report.model);
  }
  writer.key("known").boolean(report.known).key("clean").boolean(report.clean());
  write_findings(report.findings, writer.key("findings"));
  write_findings(report.changes, writer.key("changes"));
  writer.end_object();
  return std::move(writer).take();
}

}  // namespace llm::bedrock
