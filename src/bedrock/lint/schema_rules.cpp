// Schemas that the service enforces: of a response format and of strict tools.
// Source: Anthropic, "Structured outputs".
#include <array>
#include <string>
#include <utility>

#include "bedrock/codec/structured_output.hpp"
#include "bedrock/lint/rule.hpp"
#include "bedrock/lint/schema.hpp"

namespace llm::bedrock::linter {
namespace {

/// Finds the schema that a rule repairs.
using Locate = Json& (*)(ChatRequest& request, std::size_t index);

struct EnforcedSchema {
  const Json& schema;
  std::string position;
  Locate locate;
  std::size_t index = 0;
};

Json& format_schema(ChatRequest& request, std::size_t /*index*/) {
  return request.response_format->schema;
}

Json& tool_schema(ChatRequest& request, std::size_t index) {
  return request.tools[index].parameters;
}

std::vector<EnforcedSchema> enforced_schemas(const RequestView& view) {
  std::vector<EnforcedSchema> schemas;
  const ChatApi api = view.by_converse ? ChatApi::converse : ChatApi::invoke;
  if (view.request.response_format && enforces_schema(view.facts, api) == Support::yes) {
    schemas.push_back({view.request.response_format->schema, "response_format", format_schema});
  }
  const Takes& takes = view.facts.takes;
  if (by_api(view, takes.strict_converse, takes.strict_invoke) == Support::no) return schemas;
  for (std::size_t index = 0; index < view.request.tools.size(); ++index) {
    const Tool& tool = view.request.tools[index];
    if (!tool.strict.value_or(false)) continue;
    schemas.push_back(
        {tool.parameters, "tools[" + std::to_string(index) + "]", tool_schema, index});
  }
  return schemas;
}

std::string listed_paths(const std::vector<std::string>& paths) {
  std::string list;
  for (const std::string& path : paths) list += (list.empty() ? "" : ", ") + path;
  return list;
}

Repair repair_of(const EnforcedSchema& enforced, SchemaLimits limits, std::string change) {
  Repair repair{.change = std::move(change)};
  repair.fix = [locate = enforced.locate, index = enforced.index, limits](RequestEditor& editor) {
    Json& schema = locate(editor.request(), index);
    schema = within_limits(schema, limits);
  };
  return repair;
}

void check_keywords(const RequestView& view, Report& report) {
  const SchemaLimits limits{.refuses = view.facts.takes.schema_refuses};
  if (limits.refuses.empty()) return;
  for (const EnforcedSchema& enforced : enforced_schemas(view)) {
    const SchemaFaults faults = faults_of(enforced.schema, limits);
    if (faults.keywords.empty()) continue;
    report.add(
        enforced.position,
        "The schema has keywords that are not accepted: " + listed_paths(faults.keywords) + ".",
        "Remove them, and describe the limits in \"description\".",
        repair_of(enforced, limits,
                  "Keywords of the schema that are not accepted were moved into descriptions: " +
                      listed_paths(faults.keywords) + "."));
  }
}

void check_open_objects(const RequestView& view, Report& report) {
  if (view.facts.takes.schema_open != Support::no) return;
  const SchemaLimits limits{.must_close = true};
  for (const EnforcedSchema& enforced : enforced_schemas(view)) {
    const SchemaFaults faults = faults_of(enforced.schema, limits);
    if (!faults.open_objects.empty()) {
      report.add(enforced.position,
                 "Objects of the schema do not exclude other properties: " +
                     listed_paths(faults.open_objects) + ".",
                 "Add \"additionalProperties\": false to each object.",
                 repair_of(enforced, limits,
                           "Objects of the schema were given \"additionalProperties\": false: " +
                               listed_paths(faults.open_objects) + "."));
    }
    if (!faults.explicitly_open.empty()) {
      report.add(enforced.position,
                 "Objects of the schema allow other properties: " +
                     listed_paths(faults.explicitly_open) + ".",
                 "Name all properties, and set \"additionalProperties\" to false.");
    }
  }
}

constexpr auto kSchemaRules = std::to_array<Rule>({
    {{.id = "schema_keywords",
      .summary = "An enforced schema for Claude does not limit numbers, lengths or counts.",
      .refusal = "For 'N' type, property 'N' is not supported",
      .source = "vercel/ai#17597; Anthropic, \"Structured outputs\"",
      .repair = "moves them into descriptions"},
     check_keywords},
    {{.id = "schema_open",
      .summary = "Each object of an enforced schema for Claude excludes other properties.",
      .refusal = "For 'object' type, 'additionalProperties' must be explicitly set to false",
      .source = "future-agi/future-agi#412; Anthropic, \"Structured outputs\"",
      .repair = "adds \"additionalProperties\": false where it is missing"},
     check_open_objects},
});

}  // namespace

std::span<const Rule> schema_rules() { return kSchemaRules; }

}  // namespace llm::bedrock::linter
