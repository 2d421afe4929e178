#include "local/runtime/apply_guardrail.hpp"

#include "json/reader.hpp"
#include "json/writer.hpp"
#include "local/formats/converse/guardrail.hpp"
#include "local/frontend/shapes.hpp"

namespace llm::local {
namespace {

using json::Value;

std::string write_echo(const Value& content) {
  GuardrailCoverage coverage;
  json::Writer writer;
  writer.begin_object().member("action", "NONE");
  writer.key("assessments").begin_array().begin_object().end_object().end_array();
  writer.key("outputs").begin_array();
  for (const Value block : content.elements()) {
    const auto text = block["text"]["text"].string();
    if (!text) {
      ++coverage.images;
      continue;
    }
    coverage.text_characters += static_cast<std::int64_t>(text->size());
    writer.begin_object().member("text", *text).end_object();
  }
  writer.end_array();
  write_guardrail_coverage(coverage, writer);
  write_guardrail_usage(writer);
  writer.end_object();
  return std::move(writer).take();
}

}  // namespace

Checked<Reply> apply_guardrail(const Request& request, std::string_view identifier,
                               std::string_view version) {
  auto checked =
      check_guardrail({.identifier = std::string(identifier), .version = std::string(version)});
  if (!checked) return std::unexpected(checked.error());
  json::Parser parser;
  const Result<Value> body = parser.parse(request.body);
  if (!body) return malformed("");
  if (checked = check_shape(*body, "ApplyGuardrailRequest"); !checked) {
    return std::unexpected(checked.error());
  }
  return json_reply(write_echo((*body)["content"]));
}

}  // namespace llm::local
