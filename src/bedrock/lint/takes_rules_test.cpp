// What models take by the catalogue's facts: reasoning, tool choices, strict tools, schemas,
// results.
#include "bedrock/lint/lint_test_support.hpp"
#include "bedrock/lint/schema.hpp"

namespace llm::bedrock::testing {
namespace {

constexpr ModelFacts kAlwaysThinks{
    .base_id = "vendor.thinker",
    .takes = {.thinking_off = Support::no, .efforts = "low,medium,high"}};
constexpr ModelFacts kNoEffort{.base_id = "vendor.no-effort", .takes = {.effort = Support::no}};
constexpr ModelFacts kFree{.base_id = "vendor.free",
                           .takes = {.choice_any = Support::no,
                                     .choice_tool = Support::no,
                                     .choice_none = Support::no,
                                     .strict_invoke = Support::no,
                                     .strict_converse = Support::no}};
constexpr ModelFacts kEnforces{.base_id = "vendor.enforces",
                               .takes = {.schema_invoke = Support::yes,
                                         .schema_converse = Support::yes,
                                         .schema_open = Support::no,
                                         .schema_refuses = "maxItems,minItems,minimum"}};
constexpr ModelFacts kMistral{.base_id = "vendor.mistral", .takes = {.tool_call_id = "mistral"}};
constexpr ModelFacts kPlainResults{
    .base_id = "vendor.plain-results",
    .takes = {
        .result_json = Support::no, .result_image = Support::no, .result_error = Support::no}};
constexpr ModelFacts kFiveMinutes{.base_id = "vendor.five", .takes = {.cache_ttls = "5m"}};
constexpr ModelFacts kNoDocuments{
    .base_id = "vendor.no-documents",
    .takes = {.documents_invoke = Support::yes, .documents_converse = Support::no}};
constexpr ModelFacts kEnded{.base_id = "vendor.ended",
                            .lifecycle = Lifecycle::legacy,
                            .end_of_life = "2026-11-26",
                            .successor = "vendor.next"};

ChatRequest reasoning(Reasoning options) {
  ChatRequest request = asking({TextContent{"a"}});
  request.reasoning = std::move(options);
  return request;
}

ChatRequest choosing(ToolChoice::Kind kind, std::optional<bool> strict = {}) {
  ChatRequest request = asking({TextContent{"a"}});
  request.tools = {{.name = "f", .strict = strict}};
  request.tool_choice = {.kind = kind, .name = kind == ToolChoice::Kind::one ? "f" : ""};
  return request;
}

ChatRequest formatted(std::string schema) {
  ChatRequest request = asking({TextContent{"a"}});
  request.response_format = ResponseFormat{.schema = Json::from_valid_text(std::move(schema))};
  return request;
}

ChatRequest answered(std::string id, ToolResultContent result = {}) {
  ChatRequest request = asking({TextContent{"a"}});
  request.messages.push_back({Role::assistant, {ToolCallContent{.id = id, .name = "f"}}});
  result.tool_call_id = id;
  if (result.content.empty()) result.content = {TextContent{"r"}};
  request.messages.push_back({Role::tool, {std::move(result)}});
  return request;
}

TEST(ThinkingOff, is_refused_by_models_that_always_think) {
  expect_rule("thinking_off", "\"thinking.type.disabled\" is not supported for this model.",
              {{.what = "off",
                .request = reasoning({.enabled = false}),
                .positions = {"reasoning"},
                .repaired = R"("effort":"low")",
                .target = {.facts = &kAlwaysThinks}},
               {.what = "on", .request = reasoning({}), .target = {.facts = &kAlwaysThinks}},
               {.what = "unknown", .request = reasoning({.enabled = false}), .target = kToOther}});
}

TEST(Effort, is_one_that_the_model_takes) {
  expect_rule("effort", "output_config.effort: Input should be N",
              {{.what = "listed",
                .request = reasoning({.effort = "high"}),
                .target = {.facts = &kAlwaysThinks}},
               {.what = "not listed",
                .request = reasoning({.effort = "max"}),
                .positions = {"reasoning.effort"},
                .repaired = R"("reasoning":{)",
                .target = {.facts = &kAlwaysThinks}},
               {.what = "none taken",
                .request = reasoning({.effort = "low"}),
                .positions = {"reasoning.effort"},
                .repaired = R"("reasoning":{)",
                .target = {.facts = &kNoEffort}},
               {.what = "unknown", .request = reasoning({.effort = "max"}), .target = kToOther}});
}

TEST(ToolChoiceKind, is_one_that_the_model_takes) {
  using Kind = ToolChoice::Kind;
  expect_rule(
      "tool_choice_kind",
      "tool_choice: type \"tool\" and \"any\" are not supported for this model.",
      {{.what = "any",
        .request = choosing(Kind::any),
        .positions = {"tool_choice"},
        .repaired = "\"tools\"",
        .target = {.facts = &kFree}},
       {.what = "one",
        .request = choosing(Kind::one),
        .positions = {"tool_choice"},
        .repaired = "\"tools\"",
        .target = {.facts = &kFree}},
       {.what = "automatic", .request = choosing(Kind::automatic), .target = {.facts = &kFree}},
       {.what = "none by Converse", .request = choosing(Kind::none), .target = {.facts = &kFree}},
       {.what = "none natively",
        .request = choosing(Kind::none),
        .positions = {"tool_choice"},
        .target = {.facts = &kFree, .by_converse = false}},
       {.what = "unknown", .request = choosing(Kind::any), .target = kToOther}});
}

TEST(StrictTools, go_to_models_that_take_them) {
  const ChatRequest strict = choosing(ToolChoice::Kind::unspecified, true);
  expect_rule("strict_tools", "tools.N.custom.strict: Extra inputs are not permitted",
              {{.what = "Converse",
                .request = strict,
                .positions = {"tools[0]"},
                .repaired = "\"tools\"",
                .target = {.facts = &kFree}},
               {.what = "native",
                .request = strict,
                .positions = {"tools[0]"},
                .repaired = "\"tools\"",
                .target = {.facts = &kFree, .by_converse = false}},
               {.what = "unknown", .request = strict, .target = kToOther}});
}

TEST(SchemaKeywords, are_moved_into_descriptions) {
  const std::string closed = R"(,"additionalProperties":false})";
  expect_rule(
      "schema_keywords", "For 'N' type, property 'N' is not supported",
      {{.what = "nested",
        .request = formatted(
            R"({"type":"object","properties":{"a":{"type":"array","maxItems":3}})" + closed),
        .positions = {"response_format"},
        .repaired = R"x("a":{"type":"array","description":"(maxItems: 3)"})x",
        .target = {.facts = &kEnforces}},
       {.what = "a property of that name",
        .request =
            formatted(R"({"type":"object","properties":{"minimum":{"type":"integer"}})" + closed),
        .target = {.facts = &kEnforces}},
       {.what = "at least one element",
        .request = formatted(
            R"({"type":"object","properties":{"a":{"type":"array","minItems":1}})" + closed),
        .target = {.facts = &kEnforces}},
       {.what = "not enforced",
        .request = formatted(R"({"type":"array","maxItems":3})"),
        .target = kToOther}});
}

TEST(SchemaOpen, closes_objects_that_say_nothing) {
  expect_rule(
      "schema_open", "For 'object' type, 'additionalProperties' must be explicitly set to false",
      {{.what = "two objects",
        .request = formatted(
            R"({"type":"object","properties":{"home":{"type":"object","properties":{}}}})"),
        .positions = {"response_format"},
        .repaired = R"("home":{"type":"object","properties":{},"additionalProperties":false}},)"
                    R"("additionalProperties":false})",
        .target = {.facts = &kEnforces}},
       {.what = "explicitly open",
        .request = formatted(R"({"type":"object","additionalProperties":true})"),
        .positions = {"response_format"},
        .target = {.facts = &kEnforces}},
       {.what = "closed",
        .request = formatted(R"({"type":"object","additionalProperties":false})"),
        .target = {.facts = &kEnforces}}});
}

TEST(SchemaFaults, have_the_path_in_the_schema) {
  const Json schema = Json::from_valid_text(
      R"({"type":"object","properties":{"a":{"items":{"minimum":0}}},"$defs":{"b":{"type":"object"}},)"
      R"("anyOf":[{"minimum":1}],"default":{"minimum":2}})");

  const auto faults = linter::faults_of(schema, {.refuses = "minimum", .must_close = true});

  EXPECT_EQ(faults.keywords,
            (std::vector<std::string>{"properties.a.items.minimum", "anyOf.0.minimum"}));
  EXPECT_EQ(faults.open_objects, (std::vector<std::string>{"$defs.b", "schema"}));
}

TEST(SchemaFaults, are_found_in_every_schema_below) {
  for (const std::string keyword :
       {"items", "not", "additionalProperties", "contains", "propertyNames", "if", "then", "else",
        "unevaluatedProperties", "unevaluatedItems", "contentSchema"}) {
    const Json schema = Json::from_valid_text("{\"" + keyword + R"(":{"minimum":1}})");
    EXPECT_EQ(linter::faults_of(schema, {.refuses = "minimum"}).keywords,
              std::vector<std::string>{keyword + ".minimum"});
  }
  const Json schema = Json::from_valid_text(R"({"dependentSchemas":{"a":{"minimum":1}}})");
  EXPECT_EQ(linter::faults_of(schema, {.refuses = "minimum"}).keywords,
            std::vector<std::string>{"dependentSchemas.a.minimum"});
}

TEST(SchemaWithinLimits, keeps_descriptions_that_need_no_change) {
  const Json schema = Json::from_valid_text(
      R"({"description":"","properties":{"description":{"description":"d","type":"string"}},)"
      R"("then":{"description":"t","minimum":1}})");

  EXPECT_EQ(linter::within_limits(schema, {.refuses = "minimum"}).text(),
            R"({"description":"","properties":{"description":{"description":"d","type":"string"}},)"
            R"x("then":{"description":"t (minimum: 1)"}})x");
}

TEST(ToolCallIdOfMistral, has_nine_letters_and_digits) {
  const linter::Target to_mistral{.facts = &kMistral};
  const std::string refusal =
      "messages.N.content.N.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'";
  expect_rule("tool_call_id", refusal,
              {{.what = "nine", .request = answered("abcDEF123"), .target = to_mistral},
               {.what = "Bedrock's own",
                .request = answered("tooluse_bpe71yCfRu2b5inKGDr5g"),
                .target = to_mistral},
               {.what = "short",
                .request = answered("a"),
                .positions = {"messages[1].content[0]"},
                .repaired = R"("id":"a00000000")",
                .target = to_mistral},
               {.what = "another character",
                .request = answered("call_12345678"),
                .positions = {"messages[1].content[0]"},
                .repaired = R"("id":"l12345678")",
                .target = to_mistral}});
}

TEST(ToolResultParts, are_what_the_model_takes) {
  const linter::Target target{.facts = &kPlainResults};
  expect_rule("tool_result_parts", "This model doesn't support the toolResult.content.N field.",
              {{.what = "text", .request = answered("t"), .target = target},
               {.what = "error",
                .request = answered("t", {.status = ToolStatus::error}),
                .positions = {"messages[2].content[0]"},
                .repaired = R"("tool_call_id":"t")",
                .target = target},
               {.what = "image",
                .request = answered("t", {.content = {ImageContent{.source = "x"}}}),
                .positions = {"messages[2].content[0].content[0]"},
                .target = target},
               {.what = "JSON",
                .request = answered("t", {.content = {Json::from_valid_text("{\"a\":1}")}}),
                .positions = {"messages[2].content[0].content[0]"},
                .repaired = R"("text":"{\"a\":1}")",
                .target = target}});
}

TEST(CacheTtl, is_one_that_the_model_takes) {
  const ChatRequest hour = asking({TextContent{"a"}, CachePoint{"1h"}, TextContent{"b"}});
  expect_rule("cache_ttl", "ttl: Input should be N",
              {{.what = "an hour",
                .request = hour,
                .positions = {"messages[0].content[1]"},
                .repaired = R"("type":"cache_point")",
                .target = {.facts = &kFiveMinutes}},
               {.what = "unknown", .request = hour, .target = kToOther}});
}

TEST(DocumentSupport, is_by_api) {
  const ChatRequest request = asking({TextContent{"a"}, DocumentContent{.source = "x"}});
  expect_rule("document_support",
              "This model doesn't support the document content block that you provided.",
              {{.what = "Converse",
                .request = request,
                .positions = {"messages[0].content[1]"},
                .target = {.facts = &kNoDocuments}},
               {.what = "native",
                .request = request,
                .target = {.facts = &kNoDocuments, .by_converse = false}}});
}

TEST(EndOfLifeRule, is_a_note_once_the_date_has_come) {
  const ChatRequest request = asking({TextContent{"a"}});
  linter::Target target{.facts = &kEnded, .today = "2026-11-25"};
  EXPECT_TRUE(linter::check(request, arrange(request), target, {}).empty());

  target.today = "2026-11-30";
  const auto findings = linter::check(request, arrange(request), target, {});

  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings.front().rule, "end_of_life");
  EXPECT_EQ(findings.front().severity, LintSeverity::note);
  EXPECT_EQ(findings.front().advice, "Use vendor.next.");
}

}  // namespace
}  // namespace llm::bedrock::testing
