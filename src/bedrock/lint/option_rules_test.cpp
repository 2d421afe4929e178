// Cache points, sampling parameters, limits and options.
#include "bedrock/lint/lint_test_support.hpp"

namespace llm::bedrock::testing {
namespace {

constexpr ModelFacts kUncached{.base_id = "vendor.uncached", .prompt_caching = Support::no};
constexpr ModelFacts kEither{.base_id = "vendor.either",
                             .takes = {.temperature_and_top_p = Support::no}};
constexpr ModelFacts kNone{
    .base_id = "vendor.none",
    .takes = {.temperature = Support::no, .top_p = Support::no, .top_k = Support::no}};

const TextContent kText{"a"};
const CachePoint kPoint{};

template <typename Value>
ChatRequest with(Value ChatRequest::* member, Value value) {
  ChatRequest request = asking({kText});
  request.*member = std::move(value);
  return request;
}

TEST(CacheSupport, is_asked_of_the_catalogue) {
  const ChatRequest request = asking({kText, kPoint});

  expect_rule("cache_support",
              "You invoked an unsupported model or your request did not allow prompt caching.",
              {{.what = "caches", .request = request},
               {.what = "nobody knows", .request = request, .target = kToOther},
               {.what = "does not",
                .request = request,
                .positions = {"messages[0].content[1]"},
                .repaired = R"("content":[{"type":"text","text":"a"}])",
                .target = {.facts = &kUncached}}});
}

TEST(CachePoints, are_at_most_four) {
  const std::vector<Content> four{kText, kPoint, kText, kPoint, kText, kPoint, kText, kPoint};
  std::vector<Content> five = four;
  five.emplace_back(kText);
  five.emplace_back(CachePoint{"5m"});
  ChatRequest in_system = asking(four);
  in_system.messages.insert(in_system.messages.begin(), {Role::system, {kText, kPoint}});

  expect_rule(
      "cache_points", "A maximum of 4 blocks with cache_control may be provided. Found N.",
      {{.what = "four", .request = asking(four)},
       {.what = "five",
        .request = asking(five),
        .positions = {"messages[0].content[1]"},
        .repaired =
            R"([{"type":"text","text":"a"},{"type":"text","text":"a"},{"type":"cache_point)"},
       {.what = "one of them in the system text",
        .request = in_system,
        .positions = {"messages[0].content[1]"},
        .repaired = R"({"role":"system","content":[{"type":"text","text":"a"}])"},
       {.what = "natively too",
        .request = asking(five),
        .positions = {"messages[0].content[1]"},
        .repaired = R"("ttl":"5m")",
        .target = kToClaude}});
}

TEST(CacheTtlOrder, puts_the_longer_first) {
  const ChatRequest wrong = asking({kText, kPoint, kText, CachePoint{"1h"}});
  const ChatRequest right = asking({kText, CachePoint{"1h"}, kText, CachePoint{"5m"}});

  expect_rule("cache_ttl_order",
              "messages.N.content.N.cache_control.ttl: a ttl='1h' cache_control block must not "
              "come after a ttl='5m' cache_control block.",
              {{.what = "wrong",
                .request = wrong,
                .positions = {"messages[0].content[3]"},
                .repaired = R"({"type":"cache_point","ttl":null}],"tool_calls")"},
               {.what = "right", .request = right}});
}

TEST(CacheAfterReasoning, is_refused_by_claude) {
  const ChatRequest request{
      .messages = {Message::user("a"),
                   {Role::assistant, {kText, ReasoningContent{"x", "s"}, kPoint}}}};

  expect_rule("cache_after_reasoning",
              "Cache point cannot be inserted after reasoning block. Please remove the invalid "
              "cache point and try again.",
              {{.what = "after it",
                .request = request,
                .positions = {"messages[1].content[2]"},
                .repaired = R"("signature":"s"}])"},
               {.what = "another model", .request = request, .target = kToOther}});
}

TEST(CacheAfterDocument, is_refused_by_claude_except_after_a_pdf) {
  const DocumentContent text{.source = "a", .media_type = "text/csv", .name = "n"};
  const DocumentContent pdf{.source = "%PDF-1.4", .name = "n"};

  expect_rule("cache_after_document",
              "The model returned the following errors: messages.N.content.N.type: Field required",
              {{.what = "text",
                .request = asking({kText, text, kPoint}),
                .positions = {"messages[0].content[2]"},
                .repaired = R"("data":"YQ=="}],"tool_calls")"},
               {.what = "pdf", .request = asking({kText, pdf, kPoint})},
               {.what = "text between", .request = asking({text, kText, kPoint})}});
}

TEST(TemperatureRange, is_zero_to_one) {
  const auto at = [](double value) {
    return with(&ChatRequest::temperature, std::optional(value));
  };

  expect_rule("temperature_range",
              "Value at 'inferenceConfig.temperature' failed to satisfy constraint: Member must "
              "have value less than or equal to 1",
              {{.what = "one", .request = at(1)},
               {.what = "more",
                .request = at(1.5),
                .positions = {"temperature"},
                .repaired = R"("temperature":1,)"},
               {.what = "less",
                .request = at(-0.1),
                .positions = {"temperature"},
                .repaired = R"("temperature":0,)"}});
}

TEST(TopPRange, is_zero_to_one) {
  expect_rule("top_p_range",
              "Value at 'inferenceConfig.topP' failed to satisfy constraint: Member must have "
              "value less than or equal to 1",
              {{.what = "one", .request = with(&ChatRequest::top_p, std::optional(1.0))},
               {.what = "more",
                .request = with(&ChatRequest::top_p, std::optional(1.1)),
                .positions = {"top_p"},
                .repaired = R"("top_p":1,)"}});
}

TEST(TemperatureOrTopP, is_one_of_them) {
  ChatRequest both = with(&ChatRequest::temperature, std::optional(0.5));
  both.top_p = 0.9;

  expect_rule("temperature_or_top_p",
              "The model returned the following errors: `temperature` and `top_p` cannot both be "
              "specified for this model. Please use only one.",
              {{.what = "a model that takes both", .request = both},
               {.what = "both",
                .request = both,
                .positions = {"top_p"},
                .repaired = R"("temperature":0.5,"top_p":null)",
                .target = {.facts = &kEither}},
               {.what = "one",
                .request = with(&ChatRequest::top_p, std::optional(0.9)),
                .target = {.facts = &kEither}}});
}

TEST(NoSampling, leaves_out_what_the_model_does_not_take) {
  ChatRequest all = with(&ChatRequest::temperature, std::optional(1.0));
  all.top_p = 0.9;
  all.top_k = 5;
  ChatRequest thinking = with(&ChatRequest::temperature, std::optional(1.0));
  thinking.reasoning = Reasoning{.effort = "high"};

  expect_rule("no_sampling",
              "The model returned the following errors: `temperature` is deprecated for this "
              "model.",
              {{.what = "a model that takes them", .request = all},
               {.what = "all",
                .request = all,
                .positions = {"temperature", "top_p", "top_k"},
                .repaired = R"("temperature":null,"top_p":null)",
                .target = {.facts = &kNone}},
               {.what = "1 beside thinking", .request = thinking, .target = {.facts = &kNone}}});
}

TEST(MaxTokensLimit, is_the_models_maximum) {
  ChatRequest beta = with(&ChatRequest::max_tokens, std::optional(8193));
  beta.extra_fields = Json::from_valid_text(R"({"anthropic_beta":["output-128k-2025-02-19"]})");

  expect_rule("max_tokens_limit",
              "The maximum tokens you requested exceeds the model limit of N. Try again with a "
              "maximum tokens value that is lower than N.",
              {{.what = "longest", .request = with(&ChatRequest::max_tokens, std::optional(8192))},
               {.what = "one more",
                .request = with(&ChatRequest::max_tokens, std::optional(8193)),
                .positions = {"max_tokens"},
                .repaired = R"("max_tokens":8192)"},
               {.what = "a beta feature allows more", .request = beta},
               {.what = "nobody knows",
                .request = with(&ChatRequest::max_tokens, std::optional(1'000'000)),
                .target = kToOther}});
}

TEST(StopSequences, are_not_empty_and_at_most_2500) {
  const std::vector<std::string> many(2501, "x");

  expect_rule(
      "stop_sequences",
      "Value at 'inferenceConfig.stopSequences' failed to satisfy constraint: Member must have "
      "length greater than or equal to 1",
      {{.what = "good", .request = with(&ChatRequest::stop_sequences, {"END"})},
       {.what = "empty",
        .request = with(&ChatRequest::stop_sequences, {"END", ""}),
        .positions = {"stop_sequences"},
        .repaired = R"("stop_sequences":["END"])"},
       {.what = "many",
        .request = with(&ChatRequest::stop_sequences, many),
        .positions = {"stop_sequences"}}});
}

TEST(StopSequenceBlank, is_refused_by_claude) {
  const ChatRequest request = with(&ChatRequest::stop_sequences, {"\n\n"});

  expect_rule("stop_sequence_blank",
              "stop_sequences: each stop sequence must contain non-whitespace",
              {{.what = "Claude", .request = request, .positions = {"stop_sequences"}},
               {.what = "another model", .request = request, .target = kToOther}});
}

TEST(Metadata, is_short_and_plain) {
  using Map = std::map<std::string, std::string>;
  Map many;
  for (int index = 0; index < 17; ++index) many["k" + std::to_string(index)] = "v";

  expect_rule(
      "metadata",
      "Value at 'requestMetadata' failed to satisfy constraint: Map keys must satisfy "
      "constraint: [Member must satisfy regular expression pattern: "
      "[a-zA-Z0-9\\s:_@$#=/+,-.]{1,256}]",
      {{.what = "good", .request = with(&ChatRequest::metadata, Map{{"team", "a b"}})},
       {.what = "many", .request = with(&ChatRequest::metadata, many), .positions = {"metadata"}},
       {.what = "character",
        .request = with(&ChatRequest::metadata, Map{{"k", "a;b"}}),
        .positions = {"metadata"}},
       {.what = "empty key",
        .request = with(&ChatRequest::metadata, Map{{"", "v"}}),
        .positions = {"metadata"}}});
}

TEST(ResponseFields, are_json_pointers) {
  const std::vector<std::string> eleven(11, "/a");

  expect_rule(
      "response_fields",
      "The additionalModelResponseFieldPaths field has an invalid JSON Pointer: N",
      {{.what = "good", .request = with(&ChatRequest::extra_response_fields, {"/a/0", "/x~1y"})},
       {.what = "no slash, bad escape, empty",
        .request = with(&ChatRequest::extra_response_fields, {"a", "/x~", ""}),
        .positions = {"extra_response_fields[0]", "extra_response_fields[1]",
                      "extra_response_fields[2]"}},
       {.what = "many",
        .request = with(&ChatRequest::extra_response_fields, eleven),
        .positions = {"extra_response_fields"}}});
}

}  // namespace
}  // namespace llm::bedrock::testing
