#include "local/runtime/apply_guardrail.hpp"

#include <vector>

#include "json/reader.hpp"
#include "json/writer.hpp"
#include "local/formats/converse/guardrail.hpp"
#include "local/frontend/shapes.hpp"

namespace llm::local {
namespace {

using json::Value;

/// The texts to check, and how much there is to check.
struct GuardedContent {
  std::vector<std::string> texts{};
  GuardrailCoverage coverage{};
};

GuardedContent read_content(const Value& content) {
  GuardedContent result;
  for (const Value block : content.elements()) {
    const auto text = block["text"]["text"].string();
    if (!text) {
      ++result.coverage.images;
      continue;
    }
    result.coverage.text_characters += count_characters(*text);
    result.texts.emplace_back(*text);
  }
  return result;
}

void write_output(std::string_view text, json::Writer& writer) {
  writer.begin_object().member("text", text).end_object();
}

/// The reply of a guardrail without policies.
std::string write_echo(const GuardedContent& content) {
  json::Writer writer;
  writer.begin_object().member("action", "NONE");
  writer.key("assessments").begin_array().begin_object().end_object().end_array();
  writer.key("outputs").begin_array();
  for (const std::string& text : content.texts) write_output(text, writer);
  writer.end_array();
  write_guardrail_coverage(content.coverage, writer);
  write_guardrail_usage({}, writer);
  writer.end_object();
  return std::move(writer).take();
}

std::string write_verdict(const Guardrail& guardrail, const GuardAssessment& assessment,
                          const GuardrailCoverage& coverage) {
  const GuardrailPolicies& policies = *guardrail.policies;
  json::Writer writer;
  writer.begin_object();
  writer.member("action", assessment.intervened() ? "GUARDRAIL_INTERVENED" : "NONE");
  writer.member("actionReason", assessment.reason());
  writer.key("assessments").begin_array();
  write_assessment(guardrail, assessment, coverage, writer);
  writer.end_array().key("outputs").begin_array();
  if (assessment.blocked) {
    write_output(
        assessment.source == GuardSource::input ? policies.blocked_input : policies.blocked_output,
        writer);
  } else if (assessment.masked) {
    for (const std::string& text : assessment.texts) write_output(text, writer);
  }
  writer.end_array();
  write_guardrail_coverage(coverage, writer);
  write_guardrail_usage(usage_of(policies, assessment.characters), writer);
  writer.end_object();
  return std::move(writer).take();
}

}  // namespace

Checked<Reply> apply_guardrail(const Request& request, std::string_view identifier,
                               std::string_view version, const FindGuardrail& find_guardrail) {
  auto checked =
      check_guardrail({.identifier = std::string(identifier), .version = std::string(version)});
  if (!checked) return std::unexpected(checked.error());
  json::Parser parser;
  const Result<Value> body = parser.parse(request.body);
  if (!body) return malformed("");
  if (checked = check_shape(*body, "ApplyGuardrailRequest"); !checked) {
    return std::unexpected(checked.error());
  }
  const Checked<GuardrailPtr> guardrail = find_guardrail(identifier, version);
  if (!guardrail) return std::unexpected(guardrail.error());
  const GuardedContent content = read_content((*body)["content"]);
  if (*guardrail == nullptr) return json_reply(write_echo(content));

  const GuardSource source =
      (*body)["source"].string() == "INPUT" ? GuardSource::input : GuardSource::output;
  const GuardScope scope =
      (*body)["outputScope"].string() == "FULL" ? GuardScope::full : GuardScope::interventions;
  const auto assessment = assess(*(*guardrail)->policies, source, content.texts, scope);
  if (!assessment) return std::unexpected(assessment.error());
  return json_reply(write_verdict(**guardrail, *assessment, content.coverage));
}

}  // namespace llm::local
