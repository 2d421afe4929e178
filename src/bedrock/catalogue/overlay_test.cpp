#include "bedrock/catalogue/overlay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llm::bedrock {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A catalogue of one model with the members given besides the required ones.
std::string with_model(const std::string& members) {
  return R"({"sources":{"a":"Source A","b":"Source B"},"models":[{"id":"acme.m","provider":"Acme",)"
         R"("mode":"chat","wire_format":"llama3")" +
         members + "}]}";
}

std::string message_of(const std::string& json) {
  const auto parsed = CatalogueOverlay::parse(json);
  if (parsed) return "accepted";
  EXPECT_EQ(parsed.error().code, ErrorCode::configuration_error);
  return parsed.error().message;
}

struct DefaultRow {
  std::string name;
  std::string members;  ///< Of the file, before its models.
  std::string region;
  std::string base_id;
};

class DefaultModelOfOverlay : public ::testing::TestWithParam<DefaultRow> {};

TEST_P(DefaultModelOfOverlay, comes_before_the_compiled_in_one) {
  const auto overlay = CatalogueOverlay::parse(
      "{" + GetParam().members +
      R"("models":[{"id":"acme.old","provider":"Acme","mode":"chat","wire_format":"none",)"
      R"("lifecycle":{"end_of_life":"2026-01-01","successor":"acme.new"}}]})");
  ASSERT_TRUE(overlay) << overlay.error().message;

  EXPECT_EQ(default_base_model(GetParam().region, "2026-11-30", &*overlay), GetParam().base_id);
}

INSTANTIATE_TEST_SUITE_P(
    Files, DefaultModelOfOverlay,
    ::testing::Values(DefaultRow{"of_the_region", R"("region_defaults":{"eu-":"acme.eu"},)",
                                 "eu-west-1", "acme.eu"},
                      DefaultRow{"of_the_region_before_the_file",
                                 R"("default_model":"acme.m","region_defaults":{"eu-":"acme.eu"},)",
                                 "eu-west-1", "acme.eu"},
                      DefaultRow{"of_the_file",
                                 R"("default_model":"acme.m","region_defaults":{"eu-":"acme.eu"},)",
                                 "us-gov-west-1", "acme.m"},
                      DefaultRow{"ended", R"("default_model":"acme.old",)", "us-east-1",
                                 "acme.new"},
                      DefaultRow{"none_for_the_region", R"("region_defaults":{"eu-":"acme.eu"},)",
                                 "us-gov-west-1", "anthropic.claude-haiku-5-5"}),
    [](const auto& row) { return row.param.name; });

TEST(CatalogueOverlay, reads_every_member) {
  const auto overlay = CatalogueOverlay::parse(with_model(
      R"(,"name":"M","context_window":1000,"max_output_tokens":100,"tools":true,"vision":false,)"
      R"("streaming":true,"reasoning":false,"prompt_caching":true,"cache_min_tokens":10,)"
      R"("input":["text","image"],"profiles":["us","us-gov"],"price":{"input":0.5,"output":2,)"
      R"("cache_write_1h":1,"above":{"input_tokens":200000,"input":1,"output":4},)"
      R"("flex":{"input":0.25,"output":1},"priority":{"input":0.75}},)"
      R"("profile_prices":{"us":{"input":0.6,"cache_read":0.1,"cache_write":0.7,"flex":{"output":9}}},)"
      R"("lifecycle":{"status":"legacy","end_of_life":"2027-01","successor":"acme.n"},)"
      R"("quirks":["no_system","needs_profile"],"sources":["b","a"])"));

  ASSERT_TRUE(overlay) << overlay.error().message;
  const ModelFacts* facts = overlay->find("acme.m");
  ASSERT_NE(facts, nullptr);
  EXPECT_EQ(facts->provider, "Acme");
  EXPECT_EQ(facts->name, "M");
  EXPECT_EQ(facts->mode, "chat");
  EXPECT_EQ(facts->wire_format, WireFormat::llama3);
  EXPECT_EQ(facts->context_window, 1000);
  EXPECT_EQ(facts->max_output_tokens, 100);
  EXPECT_EQ(facts->tools, Support::yes);
  EXPECT_EQ(facts->vision, Support::no);
  EXPECT_EQ(facts->streaming, Support::yes);
  EXPECT_EQ(facts->reasoning, Support::no);
  EXPECT_EQ(facts->prompt_caching, Support::yes);
  EXPECT_EQ(facts->cache_min_tokens, 10U);
  EXPECT_EQ(facts->input_modalities, "text,image");
  EXPECT_EQ(facts->profile_prefixes, "us,us-gov");
  EXPECT_EQ(facts->price, (Price{.input = 0.5, .output = 2.0, .cache_write_1h = 1}));
  EXPECT_EQ(facts->other_prices, (OtherPrices{.above_tokens = 200'000,
                                              .above = {.input = 1, .output = 4},
                                              .flex = {.input = 0.25, .output = 1},
                                              .priority = {.input = 0.75}}));
  ASSERT_EQ(facts->profile_prices.size(), 1U);
  EXPECT_EQ(facts->profile_prices[0].prefix, "us");
  EXPECT_EQ(facts->profile_prices[0].price,
            (Price{.input = 0.6, .cache_read = 0.1, .cache_write = 0.7}));
  EXPECT_EQ(facts->profile_prices[0].other, (OtherPrices{.flex = {.output = 9}}));
  EXPECT_EQ(facts->lifecycle, Lifecycle::legacy);
  EXPECT_EQ(facts->end_of_life, "2027-01");
  EXPECT_EQ(facts->successor, "acme.n");
  EXPECT_TRUE(facts->quirks.no_system && facts->quirks.needs_profile);
  EXPECT_FALSE(facts->quirks.no_stream_tools);
  EXPECT_THAT(facts->sources, ElementsAre("Source B", "Source A"));
}

TEST(CatalogueOverlay, reads_each_quirk_as_itself_alone) {
  const std::pair<std::string, bool Quirks::*> quirks[] = {
      {"no_stream_tools", &Quirks::no_stream_tools},
      {"no_system", &Quirks::no_system},
      {"needs_profile", &Quirks::needs_profile},
      {"openai_path", &Quirks::openai_path},
  };
  EXPECT_EQ(quirk_names().size(), std::size(quirks));
  for (const auto& [name, member] : quirks) {
    const auto overlay = CatalogueOverlay::parse(with_model(R"(,"quirks":[")" + name + "\"]"));

    ASSERT_TRUE(overlay) << overlay.error().message;
    for (const auto& [other_name, other] : quirks) {
      EXPECT_EQ(overlay->find("acme.m")->quirks.*other, other == member) << name << other_name;
    }
  }
}

TEST(CatalogueOverlay, reads_null_and_absence_as_unknown) {
  const auto overlay =
      CatalogueOverlay::parse(with_model(R"(,"tools":null,"context_window":null,"price":null)"));

  ASSERT_TRUE(overlay) << overlay.error().message;
  const ModelFacts* facts = overlay->find("acme.m");
  EXPECT_EQ(facts->tools, Support::unknown);
  EXPECT_EQ(facts->context_window, 0);
  EXPECT_EQ(facts->price, Price{});
  EXPECT_EQ(facts->lifecycle, Lifecycle::unknown);
}

TEST(CatalogueOverlay, leaves_its_facts_in_place_when_moved) {
  auto overlay = CatalogueOverlay::parse(with_model(R"(,"name":"M")"));
  ASSERT_TRUE(overlay);
  const ModelFacts* before = overlay->find("acme.m");

  const CatalogueOverlay moved = *std::move(overlay);

  EXPECT_EQ(moved.find("acme.m"), before);
  EXPECT_EQ(before->name, "M");
}

TEST(CatalogueOverlay, names_the_model_and_member_that_are_wrong) {
  const std::pair<std::string, std::string> cases[] = {
      {R"(,"tool":true)", "unknown member \"tool\""},
      {R"(,"tools":true,"tools":true)", "member \"tools\" twice"},
      {R"(,"tools":"yes")", "\"tools\" that is not true, false or null"},
      {R"(,"name":"")", "\"name\" that is not"},
      {R"(,"context_window":0)", "\"context_window\" that is not"},
      {R"(,"context_window":1.5)", "\"context_window\" that is not"},
      {R"(,"cache_min_tokens":4294967296)", "\"cache_min_tokens\" that is not"},
      {R"(,"input":["smell"])", "\"input\" that is not"},
      {R"(,"input":["text","text"])", "\"input\" that is not"},
      {R"(,"profiles":["US"])", "\"profiles\" that is not"},
      {R"(,"profiles":["us,eu"])", "\"profiles\" that is not"},
      {R"(,"price":{"input":-1})", "\"input\" that is not"},
      {R"(,"price":{"batch":1})", "unknown member \"batch\""},
      {R"(,"price":7)", "\"price\" that is not"},
      {R"(,"profile_prices":{"us":{"out":1}})", "unknown member \"out\""},
      {R"(,"lifecycle":{"status":"retired"})", "\"status\" that is not"},
      {R"(,"quirks":["shy"])", "\"quirks\" that is not"},
      {R"(,"quirks":["no_system","no_system"])", "\"quirks\" that is not"},
      {R"(,"sources":["c"])", "\"sources\" that is not"},
  };
  for (const auto& [members, expected] : cases) {
    const std::string message = message_of(with_model(members));

    EXPECT_THAT(message, HasSubstr("Model \"acme.m\"")) << members;
    EXPECT_THAT(message, HasSubstr(expected)) << members;
  }
}

TEST(CatalogueOverlay, refuses_a_malformed_file) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "The file cannot be parsed"},
      {"[]", "is not a JSON object"},
      {"{}", "has no member \"models\""},
      {R"({"models":null})", "has no member \"models\""},
      {R"({"models":{}})", "\"models\" that is not"},
      {R"({"format":2,"models":[]})", "\"format\" that is not 1"},
      {R"({"more":1,"models":[]})", "unknown member \"more\""},
      {R"({"models":[1]})", "Model 1 is not an object"},
      {R"({"models":[{"provider":"A","mode":"chat","wire_format":"none"}]})", "member \"id\""},
      {R"({"models":[{"id":"a.b","mode":"chat","wire_format":"none"}]})", "member \"provider\""},
      {R"({"models":[{"id":"a.b","provider":"A","wire_format":"none"}]})", "member \"mode\""},
      {R"({"models":[{"id":"a.b","provider":"A","mode":"chat"}]})", "member \"wire_format\""},
      {R"({"models":[{"id":"a.b","provider":"A","mode":"paint","wire_format":"none"}]})",
       "\"mode\" that is not"},
      {R"({"models":[{"id":"a.b","provider":"A","mode":"chat","wire_format":"llama5"}]})",
       "\"wire_format\" that is not"},
  };
  for (const auto& [json, expected] : cases) {
    EXPECT_THAT(message_of(json), HasSubstr(expected)) << json;
  }
}

struct TakesRowCase {
  std::string name;
  std::string row;
  std::string expected;
};

class CatalogueTakesRows : public ::testing::TestWithParam<TakesRowCase> {};

std::string with_takes(const std::string& rows) {
  return R"({"sources":{"a":"Source A"},"takes":[)" + rows +
         R"(],"models":[{"id":"acme.m","provider":"Acme","mode":"chat","wire_format":"none"}]})";
}

TEST_P(CatalogueTakesRows, are_refused_by_number) {
  EXPECT_THAT(message_of(with_takes(GetParam().row)), HasSubstr(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(
    Faults, CatalogueTakesRows,
    ::testing::Values(
        TakesRowCase{"not_an_object", "1", "Row 1 of \"takes\" is not an object"},
        TakesRowCase{"unknown_member", R"({"fact":"prefill","is":true,"model":[],"sources":["a"]})",
                     "Row 1 of \"takes\" is not an object"},
        TakesRowCase{"unknown_fact", R"({"fact":"shy","is":true,"models":[],"sources":["a"]})",
                     "unknown fact \"shy\""},
        TakesRowCase{"wrong_value", R"({"fact":"prefill","is":1,"models":[],"sources":["a"]})",
                     "that is not true or false"},
        TakesRowCase{"no_words", R"({"fact":"efforts","is":[],"models":[],"sources":["a"]})",
                     "that is not an array of words"},
        TakesRowCase{"unknown_model",
                     R"({"fact":"prefill","is":true,"models":["acme.n"],"sources":["a"]})",
                     "names the model \"acme.n\""},
        TakesRowCase{"unknown_source",
                     R"({"fact":"prefill","is":true,"models":["acme.m"],"sources":["b"]})",
                     "has the source \"b\""},
        TakesRowCase{"no_source",
                     R"({"fact":"prefill","is":true,"models":["acme.m"],"sources":[]})",
                     "has no source"},
        TakesRowCase{"twice",
                     R"({"fact":"prefill","is":true,"models":["acme.m","acme.m"],)"
                     R"("sources":["acme/tools#7"]})",
                     "gives \"acme.m\" the fact \"prefill\" again"}),
    [](const auto& row) { return row.param.name; });

TEST(CatalogueOverlay, reads_what_a_model_takes) {
  std::string rows;
  for (const SupportFact& fact : support_facts()) {
    rows += R"({"fact":")" + std::string(fact.name) +
            R"(","is":false,"models":["acme.m"],"sources":["a"]},)";
  }
  rows += R"({"fact":"efforts","is":["low","high"],"models":["acme.m"],"sources":["x/y#1"]})";

  const auto overlay = CatalogueOverlay::parse(with_takes(rows));

  ASSERT_TRUE(overlay) << overlay.error().message;
  const Takes& takes = overlay->find("acme.m")->takes;
  for (const SupportFact& fact : support_facts()) EXPECT_EQ(takes.*fact.member, Support::no);
  EXPECT_EQ(takes.efforts, "low,high");
  EXPECT_TRUE(takes.cache_ttls.empty());
}

/// Checks a catalogue of these ids, each with its successor (empty: none).
Result<void> checked(const std::vector<std::pair<std::string, std::string>>& models,
                     const std::string& default_model) {
  std::string json = R"({"default_model":")" + default_model + R"(","models":[)";
  for (const auto& [id, successor] : models) {
    if (json.back() == '}') json += ',';
    json += R"({"id":")" + id + R"(","provider":"A","mode":"chat","wire_format":"none")";
    if (!successor.empty()) json += R"(,"lifecycle":{"successor":")" + successor + R"("})";
    json += '}';
  }
  const auto catalogue = CatalogueOverlay::parse(json + "]}");
  if (!catalogue) return std::unexpected(catalogue.error());
  return check_complete(*catalogue);
}

TEST(CompleteCatalogue, is_sorted_and_closed) {
  EXPECT_TRUE(checked({{"a.a", "b.b"}, {"b.b", ""}}, "a.a"));
  EXPECT_THAT(checked({{"b.b", ""}, {"a.a", ""}}, "a.a").error().message,
              HasSubstr("\"a.a\" is out of order"));
  EXPECT_THAT(checked({{"a.a", "c.c"}}, "a.a").error().message, HasSubstr("successor \"c.c\""));
  EXPECT_THAT(checked({{"a.a", ""}}, "c.c").error().message,
              HasSubstr("The default model \"c.c\""));
  EXPECT_THAT(checked({{"a.a", ""}, {"a.a", ""}}, "a.a").error().message, HasSubstr("twice"));
}

}  // namespace
}  // namespace llm::bedrock
