// What a model takes, told three times: by the lint rules, by the encoders, and by the strict local
// Bedrock, which has a table of its own. Each distinct set of capabilities is asked once; with
// BEDROCK_MATRIX=all every model is. A difference is a failure unless kDifferences names it.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <llm/bedrock/lint.hpp>
#include <llm/llm.hpp>
#include <llm/local/server.hpp>

#include "bedrock/catalogue/catalogue.hpp"
#include "tests/support/client_options.hpp"
#include "tests/support/source_directory.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm::bedrock {
namespace {

using Change = std::function<void(ChatRequest&, const ModelFacts&)>;

/// One kind of request, made from a plain question.
struct Case {
  std::string_view name;
  Change change;
};

Tool tool_of(std::string schema, std::optional<bool> strict = {}) {
  return {.name = "look", .parameters = Json::from_valid_text(std::move(schema)), .strict = strict};
}

constexpr std::string_view kOpen = R"({"type":"object"})";
constexpr std::string_view kClosed =
    R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"],)"
    R"("additionalProperties":false})";
constexpr std::string_view kLimited =
    R"({"type":"object","properties":{"a":{"type":"array","items":{"type":"string"},"maxItems":3}},)"
    R"("additionalProperties":false})";

void choose(ChatRequest& request, ToolChoice::Kind kind) {
  request.tools = {tool_of(std::string(kOpen))};
  request.tool_choice.kind = kind;
  if (kind == ToolChoice::Kind::one) request.tool_choice.name = "look";
}

void think(ChatRequest& request, const ModelFacts& facts) {
  request.max_tokens = 2000;
  request.reasoning = Reasoning{};
  if (facts.takes.thinking_adaptive == Support::no) request.reasoning->budget_tokens = 1024;
}

void add_result(ChatRequest& request, std::string id, std::vector<ToolResultPart> parts,
                ToolStatus status = ToolStatus::unspecified) {
  request.tools = {tool_of(std::string(kOpen))};
  request.messages.push_back({Role::assistant, {ToolCallContent{.id = id, .name = "look"}}});
  request.messages.push_back(
      {Role::tool,
       {ToolResultContent{.tool_call_id = id, .content = std::move(parts), .status = status}}});
}

void format(ChatRequest& request, std::string_view schema) {
  request.response_format = ResponseFormat{.schema = Json::from_valid_text(std::string(schema))};
}

std::string png() {
  return test_support::file_content(test_support::source_directory() / "tests/data/two_by_one.png");
}

Change effort(std::string word) {
  return [word](ChatRequest& request, const ModelFacts& facts) {
    think(request, facts);
    request.reasoning->effort = word;
  };
}

Change cached(std::string first, std::string second) {
  return [first, second](ChatRequest& request, const ModelFacts&) {
    request.messages = {{Role::user,
                         {TextContent{"a"}, CachePoint{first}, TextContent{"b"}, CachePoint{second},
                          TextContent{"c"}}}};
  };
}

std::vector<Case> cases() {
  using Kind = ToolChoice::Kind;
  const auto choice = [](Kind kind) {
    return [kind](ChatRequest& request, const ModelFacts&) { choose(request, kind); };
  };
  const auto parts = [](std::string id, ToolResultPart part, ToolStatus status) {
    return
        [=](ChatRequest& request, const ModelFacts&) { add_result(request, id, {part}, status); };
  };
  const auto schema = [](std::string_view text) {
    return [text](ChatRequest& request, const ModelFacts&) { format(request, text); };
  };
  const auto strict = [](std::string_view text) {
    return [text](ChatRequest& request, const ModelFacts&) {
      request.tools = {tool_of(std::string(text), true)};
    };
  };
  const TextContent text{"r"};
  const auto none = ToolStatus::unspecified;
  return {
      {"plain", [](ChatRequest&, const ModelFacts&) {}},
      {"thinking_off", [](ChatRequest& r, const ModelFacts&) { r.reasoning = {.enabled = false}; }},
      {"thinking_budget",
       [](ChatRequest& r, const ModelFacts&) {
         r.max_tokens = 2000;
         r.reasoning = {.budget_tokens = 1024};
       }},
      {"thinking", think},
      {"thinking_forced",
       [](ChatRequest& r, const ModelFacts& facts) {
         choose(r, Kind::any);
         think(r, facts);
       }},
      {"effort_low", effort("low")},
      {"effort_medium", effort("medium")},
      {"effort_high", effort("high")},
      {"effort_xhigh", effort("xhigh")},
      {"effort_max", effort("max")},
      {"choice_auto", choice(Kind::automatic)},
      {"choice_any", choice(Kind::any)},
      {"choice_tool", choice(Kind::one)},
      {"choice_none", choice(Kind::none)},
      {"strict", strict(kClosed)},
      {"strict_open", strict(kOpen)},
      {"strict_limited", strict(kLimited)},
      {"format", schema(kClosed)},
      {"format_open", schema(kOpen)},
      {"format_limited", schema(kLimited)},
      {"format_thinking",
       [](ChatRequest& r, const ModelFacts& facts) {
         think(r, facts);
         format(r, kClosed);
       }},
      {"two_users",
       [](ChatRequest& r, const ModelFacts&) { r.messages.push_back(Message::user("b")); }},
      {"prefill",
       [](ChatRequest& r, const ModelFacts&) { r.messages.push_back(Message::assistant("b")); }},
      {"result_text", parts("abcdef123", text, none)},
      {"result_error", parts("abcdef123", text, ToolStatus::error)},
      {"result_image", parts("abcdef123", ImageContent{.source = png()}, none)},
      {"result_object", parts("abcdef123", Json::from_valid_text("{\"a\":1}"), none)},
      {"result_array", parts("abcdef123", Json::from_valid_text("[1]"), none)},
      {"own_id", parts("tooluse_bpe71yCfRu2b5inKGDr5g", text, none)},
      {"short_id", parts("a", text, none)},
      {"underscore_id", parts("call_1", text, none)},
      {"cache_short_long", cached("5m", "1h")},
      {"cache_long_short", cached("1h", "5m")},
      {"temperature", [](ChatRequest& r, const ModelFacts&) { r.temperature = 0.5; }},
      {"top_p", [](ChatRequest& r, const ModelFacts&) { r.top_p = 0.5; }},
      {"top_k", [](ChatRequest& r, const ModelFacts&) { r.top_k = 5; }},
      {"temperature_and_top_p",
       [](ChatRequest& r, const ModelFacts&) {
         r.temperature = 0.5;
         r.top_p = 0.5;
       }},
  };
}

/// A difference that is known, and why it stays.
struct Difference {
  std::string_view test;    ///< Of a case; a prefix.
  std::string_view models;  ///< A prefix of base ids.
  std::string_view reason;
};

constexpr std::string_view kCatalogueUnsure =
    "the catalogue does not know whether it caches, the local Bedrock says that it does not";
constexpr std::string_view kLocalUnsure =
    "the catalogue says that it does not cache, the local Bedrock does not know";

constexpr std::string_view kStandIn =
    "the catalogue does not know whether it takes the parameter, the local Bedrock has GPT-5.6 Sol "
    "in its place, which does not";

constexpr auto kDifferences = std::to_array<Difference>({
    {"cache_long_short", "amazon.titan-", kCatalogueUnsure},
    {"cache_long_short", "anthropic.claude-instant-", kCatalogueUnsure},
    {"cache_long_short", "anthropic.claude-v", kCatalogueUnsure},
    {"cache_long_short", "deepseek.", kCatalogueUnsure},
    {"cache_long_short", "meta.llama3-", kCatalogueUnsure},
    {"cache_long_short", "mistral.mistral-", kCatalogueUnsure},
    {"cache_long_short", "mistral.mixtral-", kCatalogueUnsure},
    {"cache_long_short", "writer.", kCatalogueUnsure},
    {"cache_long_short", "moonshot", kLocalUnsure},
    {"cache_long_short", "zai.", kLocalUnsure},
    {"temperature", "openai.gpt-5.6-cyber", kStandIn},
    {"top_p", "openai.gpt-5.6-cyber", kStandIn},
});

bool is_named(std::string_view test, std::string_view id) {
  return std::ranges::any_of(kDifferences, [&](const Difference& row) {
    return test.starts_with(row.test) && id.starts_with(row.models);
  });
}

/// The first model of each distinct set of capabilities, or every model.
std::vector<const ModelFacts*> models() {
  const char* const all = std::getenv("BEDROCK_MATRIX");
  const bool is_all = all != nullptr && std::string_view(all) == "all";
  std::vector<const ModelFacts*> chosen;
  const auto key = [](const ModelFacts& facts) {
    return std::tuple(facts.wire_format, facts.tools, facts.vision, facts.reasoning,
                      facts.prompt_caching, facts.provider == "Anthropic", facts.quirks.no_system,
                      facts.mantle);
  };
  for (const ModelFacts& facts : all_models()) {
    const bool is_new = std::ranges::none_of(chosen, [&](const ModelFacts* other) {
      return other->takes == facts.takes && key(*other) == key(facts);
    });
    const bool is_served = facts.mode == "chat" && facts.provider != "TwelveLabs" &&
                           facts.base_id != "amazon.titan-tg1-large";
    if (is_served && (is_all || is_new)) chosen.push_back(&facts);
  }
  return chosen;
}

bool is_offered(const ModelFacts& facts, Api api) {
  if (api == Api::mantle) return facts.mantle != Mantle::unknown;
  if (facts.mantle == Mantle::only) return false;
  return api == Api::converse || facts.wire_format != WireFormat::none;
}

std::string id_to_call(const ModelFacts& facts, Api api) {
  if (api == Api::mantle) return std::string(facts.base_id);
  const std::string id = callable_id(facts, "us-east-1");
  return id.empty() ? std::string(facts.base_id) : id;
}

class Capabilities : public ::testing::TestWithParam<Api> {
 protected:
  void SetUp() override {
    auto server = local::Server::start();
    ASSERT_TRUE(server);
    server_.emplace(std::move(*server));
  }

  Options options_for(const ModelFacts& facts) {
    return test_support::options_at(
        server_->url(),
        {.model = id_to_call(facts, GetParam()), .api = GetParam(), .lint = Lint::off});
  }

  void expect_agreement(Client& client, const ModelFacts& facts, const Case& test) {
    ChatRequest request{.model = id_to_call(facts, GetParam()), .messages = {Message::user("a")}};
    test.change(request, facts);

    const auto report = lint(request, {.api = GetParam()});
    const auto sent = client.chat_completion(request);

    ASSERT_TRUE(report) << report.error().message;
    std::string found;
    for (const LintFinding& finding : report->findings) found += finding.rule + ' ';
    const bool is_expected = report->clean() == sent.has_value();
    if (is_expected || is_named(test.name, facts.base_id)) return;
    ADD_FAILURE() << facts.base_id << ", " << test.name << ": lint finds "
                  << (found.empty() ? "nothing" : found) << ", and the local Bedrock "
                  << (sent ? "accepts it" : "says: " + sent.error().message);
  }

 private:
  std::optional<local::Server> server_;
};

TEST_P(Capabilities, are_the_same_for_lint_encoder_and_local_bedrock) {
  const std::vector<Case> all = cases();
  for (const ModelFacts* facts : models()) {
    if (!is_offered(*facts, GetParam())) continue;
    auto client = create_client(options_for(*facts));
    ASSERT_TRUE(client) << client.error().message;
    for (const Case& test : all) expect_agreement(*client, *facts, test);
  }
}

INSTANTIATE_TEST_SUITE_P(Apis, Capabilities,
                         ::testing::Values(Api::invoke, Api::converse, Api::mantle),
                         [](const auto& row) {
                           if (row.param == Api::mantle) return "mantle";
                           return row.param == Api::invoke ? "invoke" : "converse";
                         });

TEST(CapabilityMatrix, has_few_sets_and_all_cases_apart) {
  EXPECT_LT(models().size(), all_models().size());
  std::map<std::string_view, int> names;
  for (const Case& test : cases()) EXPECT_EQ(++names[test.name], 1) << test.name;
}

}  // namespace
}  // namespace llm::bedrock
