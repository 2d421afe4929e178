// What the service says of usage, and what it caches, with and without a script.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "local/service.hpp"
#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using test::serve;
using test::service_with;
using ::testing::HasSubstr;

constexpr std::string_view kTitan = "amazon.titan-text-lite-v1";
constexpr std::string_view kWhy = R"({"inputText":"Why?"})";

Request why() { return test::model_request(kTitan, "invoke", kWhy); }

Request greeting() {
  return test::model_request(test::kHaiku, "converse",
                             R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}]})");
}

TEST(ServiceUsage, reports_usage_latency_and_trace) {
  const Service service =
      service_with({{.completion = ScriptedCompletion{
                         .text = "a",
                         .stop_reason = StopReason::guardrail_intervened,
                         .usage = ScriptedUsage{.input_tokens = 7,
                                                .output_tokens = 8,
                                                .cache_read_tokens = 30,
                                                .cache_write_tokens = 40},
                         .latency = std::chrono::milliseconds(1234),
                         .trace = Json::from_valid_text(R"({"guardrail":{"x":1}})")}}});

  const std::string mapped = serve(service, greeting()).reply.body;
  const HandledRequest native = serve(service, why());

  EXPECT_THAT(mapped, HasSubstr(R"("latencyMs":1234)"));
  EXPECT_THAT(mapped, HasSubstr(R"("trace":{"guardrail":{"x":1}})"));
  EXPECT_THAT(mapped, HasSubstr(R"("cacheReadInputTokens":30)"));
  EXPECT_THAT(mapped, HasSubstr(R"("cacheWriteInputTokens":40)"));
  EXPECT_THAT(mapped, HasSubstr(R"("inputTokens":7,"outputTokens":8,"totalTokens":85})"));
  EXPECT_THAT(native.reply.body, HasSubstr(R"("amazon-bedrock-guardrailAction":"INTERVENED")"));
  EXPECT_THAT(native.reply.body, HasSubstr(R"("amazon-bedrock-trace":{"guardrail":{"x":1}})"));
  EXPECT_EQ(test::header(native.reply, "X-Amzn-Bedrock-Invocation-Latency"), "1234");
}

/// A format whose streams count the tokens so far in each chunk.
struct CountRow {
  std::string name{};
  std::string model{};
  std::string body{};
  std::string count{};

  friend void PrintTo(const CountRow& row, std::ostream* out) { *out << row.name; }
};

class ScriptedTokenCount : public ::testing::TestWithParam<CountRow> {};

TEST_P(ScriptedTokenCount, is_the_last_of_a_stream) {
  const CountRow& row = GetParam();
  const Service service = service_with(
      {{.completion = ScriptedCompletion{.text = "The sky is blue.",
                                         .usage = ScriptedUsage{.output_tokens = 99}}}});
  const Request request = test::model_request(row.model, "invoke-with-response-stream", row.body);

  const std::vector<std::string> natives = test::natives_of(serve(service, request).reply);

  ASSERT_FALSE(natives.empty());
  const Document last(natives.back());
  EXPECT_EQ(last[row.count].integer(), 99);
  EXPECT_EQ(last["amazon-bedrock-invocationMetrics"]["outputTokenCount"].integer(), 99);
}

INSTANTIATE_TEST_SUITE_P(, ScriptedTokenCount,
                         ::testing::Values(CountRow{"titan", std::string(kTitan), std::string(kWhy),
                                                    "totalOutputTextTokenCount"},
                                           CountRow{"llama", "meta.llama3-8b-instruct-v1:0",
                                                    R"({"prompt":"Why?"})",
                                                    "generation_token_count"}),
                         test::RowName{});

/// A prompt for Claude with a cache point.
Request cached(std::string_view operation = "converse") {
  std::string text;
  for (int i = 0; i < 1500; ++i) text += "wordy ";
  return test::model_request("us.anthropic.claude-sonnet-4-5-20250929-v1:0", operation,
                             R"({"messages":[{"role":"user","content":[{"text":")" + text +
                                 R"("},{"cachePoint":{"type":"default"}},{"text":"Hi"}]}]})");
}

std::int64_t number(const Document& body, std::string_view name) {
  return body["usage"][name].integer().value_or(-1);
}

TEST(ServiceUsage, reports_scripted_numbers_unchanged_and_counts_the_others) {
  const auto reply = [](const ScriptedUsage& usage) {
    const Service service =
        service_with({{.completion = ScriptedCompletion{.text = "a", .usage = usage}}});
    return serve(service, cached()).reply.body;
  };

  const Document input(reply({.input_tokens = 7}));
  const Document read(reply({.cache_read_tokens = 30}));
  const Document written(reply({.cache_write_tokens = 40}));

  EXPECT_EQ(number(input, "inputTokens"), 7);
  EXPECT_GE(number(input, "cacheWriteInputTokens"), 1500);
  EXPECT_EQ(number(read, "cacheReadInputTokens"), 30);
  EXPECT_GE(number(read, "cacheWriteInputTokens"), 1500);
  EXPECT_EQ(number(written, "cacheReadInputTokens"), 0);
  EXPECT_EQ(number(written, "cacheWriteInputTokens"), 40);
  EXPECT_LT(number(written, "inputTokens"), 100);
}

/// A fault, and whether a request with it caches its prompt.
struct CachingRow {
  std::string name{};
  Fault fault{};
  bool caches = false;

  friend void PrintTo(const CachingRow& row, std::ostream* out) { *out << row.name; }
};

class FaultyRequest : public ::testing::TestWithParam<CachingRow> {};

TEST_P(FaultyRequest, caches_its_prompt_if_it_succeeds) {
  const Service service = service_with({{.fault = GetParam().fault, .times = 1}});

  (void)serve(service, cached());
  const Document second(serve(service, cached()).reply.body);

  EXPECT_EQ(number(second, "cacheReadInputTokens") > 0, GetParam().caches);
}

INSTANTIATE_TEST_SUITE_P(
    All, FaultyRequest,
    ::testing::Values(CachingRow{"slow", fault::SlowFirstByte{}, true},
                      CachingRow{"stalled", fault::Stall{.duration = std::chrono::milliseconds(1)},
                                 true},
                      CachingRow{"stalled_forever", fault::Stall{}, false},
                      CachingRow{"reset", fault::Reset{}, false}),
    test::RowName{});

TEST(ServiceUsage, separates_the_caches_of_access_keys) {
  ServerOptions options;
  options.credentials = {{.access_key_id = "ONE"}, {.access_key_id = "OTHER"}};
  const Service service(std::move(options));
  const auto read = [&](std::string access_key_id) {
    Request request = cached();
    test::sign(request, {.access_key_id = std::move(access_key_id)});
    return number(Document(serve(service, request).reply.body), "cacheReadInputTokens");
  };

  EXPECT_EQ(read("ONE"), 0);
  EXPECT_EQ(read("OTHER"), 0);
  EXPECT_GT(read("ONE"), 0);
}

}  // namespace
}  // namespace llm::local
