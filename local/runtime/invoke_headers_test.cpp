#include "local/runtime/invoke_headers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

using ::testing::EndsWith;

constexpr std::string_view kTitan = "amazon.titan-text-lite-v1";
constexpr std::string_view kBody = R"({"inputText":"Why?"})";

Reply invoke(const std::vector<HttpHeader>& headers, std::string_view operation = "invoke",
             std::string_view body = kBody) {
  Request request = test::model_request(kTitan, operation, body);
  request.headers.insert(request.headers.end(), headers.begin(), headers.end());
  return test::handle(test::open_service(), request);
}

TEST(InvokeHeaders, name_a_guardrail_that_does_nothing) {
  const std::vector<HttpHeader> headers{{"x-amzn-bedrock-guardrailidentifier", "abc"},
                                        {"x-amzn-bedrock-guardrailversion", "DRAFT"}};

  const Reply buffered = invoke(headers);
  const std::vector<std::string> natives =
      test::natives_of(invoke(headers, "invoke-with-response-stream"));

  EXPECT_THAT(buffered.body, EndsWith(R"(,"amazon-bedrock-guardrailAction":"NONE"})"));
  ASSERT_FALSE(natives.empty());
  EXPECT_THAT(natives.back(), EndsWith(R"(,"amazon-bedrock-guardrailAction":"NONE"})"));
}

TEST(InvokeHeaders, are_repeated_where_the_service_does) {
  const Reply reply = invoke({{"X-Amzn-Bedrock-PerformanceConfig-Latency", "optimized"},
                              {"X-Amzn-Bedrock-Service-Tier", "flex"}});

  EXPECT_EQ(test::header(reply, "X-Amzn-Bedrock-PerformanceConfig-Latency"), "optimized");
  EXPECT_EQ(test::header(reply, "X-Amzn-Bedrock-Service-Tier"), "flex");
}

TEST(InvokeHeaders, are_refused_when_invalid) {
  const std::vector<std::pair<HttpHeader, std::string>> cases{
      {{"X-Amzn-Bedrock-Trace", "enabled"},
       "1 validation error detected: Value 'enabled' at 'trace' failed to satisfy constraint: "
       "Member must satisfy enum value set: [ENABLED, DISABLED, ENABLED_FULL]"},
      {{"X-Amzn-Bedrock-Service-Tier", "best"},
       "1 validation error detected: Value 'best' at 'serviceTier' failed to satisfy constraint: "
       "Member must satisfy enum value set: [priority, default, flex, reserved]"},
      {{"X-Amzn-Bedrock-GuardrailIdentifier", "abc"},
       "guardrailIdentifier and guardrailVersion must be provided together."},
  };
  for (const auto& [header, message] : cases) {
    EXPECT_EQ(test::message_of(invoke({header})), message);
  }
  EXPECT_EQ(
      test::message_of(invoke(
          {}, "invoke", R"({"inputText":"a","amazon-bedrock-guardrailConfig":{"tagSuffix":"x"}})")),
      "guardrailIdentifier must be provided with amazon-bedrock-guardrailConfig.");
}

}  // namespace
}  // namespace llm::local
