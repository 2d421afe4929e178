// The public functions.
#include <algorithm>
#include <utility>

#include <llm/bedrock/lint.hpp>

#include "bedrock/codec/codec.hpp"
#include "bedrock/codec/formats.hpp"
#include "bedrock/lint/linter.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {
namespace {

struct Destination {
  ModelId model;
  linter::Target target;
  const Codec* codec = nullptr;
};

/// The codec of a chat with the model, as the client chooses it.
const Codec& codec_of(const ModelFacts* facts, Api api) {
  const WireFormat format = facts == nullptr ? WireFormat::none : facts->wire_format;
  const bool is_only_there = facts != nullptr && facts->mantle == Mantle::only;
  if (api == Api::mantle || (api == Api::automatic && is_only_there)) {
    return format == WireFormat::claude_messages ? claude_mantle_codec() : chat_completions_codec();
  }
  return api == Api::converse ? converse_codec() : codec_for(format);
}

// Nothing is known about the model of a request that names none.
Result<Destination> destination_of(const ChatRequest& request, const LintOptions& options) {
  if (auto known = linter::check_rule_ids(options.lint_off); !known) {
    return std::unexpected(std::move(known.error()));
  }
  const std::string& id = request.model.empty() ? options.model : request.model;
  Destination destination;
  if (!id.empty()) {
    Result<ModelId> model = parse_model_id(id);
    if (!model) return std::unexpected(std::move(model.error()));
    destination.model = std::move(*model);
  }
  const ModelFacts* facts = destination.model.facts;
  destination.codec = &codec_of(facts, options.api);
  destination.target = {.facts = facts,
                        .by_converse = destination.codec == &converse_codec(),
                        .delivery = options.streaming ? Delivery::streaming : Delivery::buffered,
                        .today = options.today};
  return destination;
}

void add_encoding(const ChatRequest& request, Conversation&& conversation,
                  const Destination& destination, const LintOptions& options,
                  std::vector<LintFinding>& findings) {
  if (std::ranges::find(options.lint_off, linter::kCannotEncode) != options.lint_off.end()) return;
  const auto wire = destination.codec->encode(request, std::move(conversation), destination.model,
                                              destination.target.delivery);
  if (wire) return;
  findings.push_back({.rule = std::string(linter::kCannotEncode),
                      .position = "request",
                      .message = wire.error().message,
                      .advice = wire.error().advice});
}

LintReport report_on(const ChatRequest& request, const Destination& destination,
                     const LintOptions& options) {
  LintReport report{.model = destination.model.requested_id,
                    .known = destination.model.facts != nullptr};
  Conversation conversation = arrange(request);
  report.findings = linter::check(request, conversation, destination.target, options.lint_off);
  add_encoding(request, std::move(conversation), destination, options, report.findings);
  return report;
}

void write_findings(std::span<const LintFinding> findings, json::Writer& writer) {
  writer.begin_array();
  for (const LintFinding& finding : findings) {
    writer.begin_object().member("rule", finding.rule);
    writer.member("severity", to_string(finding.severity)).member("position", finding.position);
    writer.member("message", finding.message).key("advice");
    if (finding.advice.empty()) {
      writer.null();
    } else {
      writer.string(finding.advice);
    }
    writer.key("repairable").boolean(finding.repairable).end_object();
  }
  writer.end_array();
}

}  // namespace

std::string_view to_string(LintSeverity severity) {
  return severity == LintSeverity::refused ? "refused" : "note";
}

std::span<const LintRule> lint_rules() {
  static const std::vector<LintRule> rules = linter::describe_rules();
  return rules;
}

bool LintReport::clean() const {
  return std::ranges::none_of(findings, [](const LintFinding& finding) {
    return finding.severity == LintSeverity::refused;
  });
}

Result<LintReport> lint(const ChatRequest& request, const LintOptions& options) {
  const Result<Destination> destination = destination_of(request, options);
  if (!destination) return std::unexpected(destination.error());
  return report_on(request, *destination, options);
}

Result<LintReport> repair(ChatRequest& request, const LintOptions& options) {
  const Result<Destination> destination = destination_of(request, options);
  if (!destination) return std::unexpected(destination.error());
  std::vector<LintFinding> changes = linter::repair(request, destination->target, options.lint_off);
  LintReport report = report_on(request, *destination, options);
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
