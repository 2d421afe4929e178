#include "local/formats/converse/guardrail.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kNova = "amazon.nova-lite-v1:0";

std::string guarded(std::string_view config) {
  return R"({"messages":[{"role":"user","content":[{"text":"Hello"}]}],"guardrailConfig":)" +
         std::string(config) + "}";
}

Reply converse(std::string_view body) {
  return test::handle(test::open_service(), test::model_request(kNova, "converse", body));
}

TEST(Guardrail, leaves_a_trace_when_asked) {
  const std::string body =
      guarded(R"({"guardrailIdentifier":"abc","guardrailVersion":"DRAFT","trace":"enabled"})");

  const test::Document buffered(converse(body).body);
  const std::vector<test::Event> events = test::events_of(
      test::handle(test::open_service(), test::model_request(kNova, "converse-stream", body)));

  const json::Value trace = buffered["trace"]["guardrail"];
  EXPECT_EQ(trace["actionReason"].string(), "No action.");
  EXPECT_EQ(trace["inputAssessment"]["abc"]["invocationMetrics"]["guardrailCoverage"].to_text(),
            R"({"textCharacters":{"guarded":5,"total":5}})");
  EXPECT_TRUE(test::element(trace["outputAssessments"]["abc"], 0)["invocationMetrics"].is_object());
  EXPECT_EQ(trace["modelOutput"].to_text(), "[]");
  ASSERT_FALSE(events.empty());
  const test::Document metadata(events.back().payload);
  EXPECT_EQ(metadata["trace"].to_text(), buffered["trace"].to_text());
}

TEST(Guardrail, leaves_none_otherwise) {
  const test::Document reply(
      converse(guarded(R"({"guardrailIdentifier":"abc","guardrailVersion":"1"})")).body);

  EXPECT_EQ(reply["stopReason"].string(), "end_turn");
  EXPECT_FALSE(reply["trace"].exists());
}

TEST(Guardrail, is_named_by_id_and_version_together) {
  const std::vector<std::pair<std::string_view, std::string>> cases{
      {R"({"guardrailIdentifier":"abc"})",
       "guardrailConfig.guardrailIdentifier and guardrailConfig.guardrailVersion must be provided "
       "together."},
      {R"({"guardrailIdentifier":"A-C","guardrailVersion":"1"})",
       "1 validation error detected: Value 'A-C' at 'guardrailConfig.guardrailIdentifier' failed "
       "to satisfy constraint: Member must satisfy regular expression pattern: "
       "(|([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+))"},
      {R"({"guardrailIdentifier":"abc","guardrailVersion":"latest"})",
       "1 validation error detected: Value 'latest' at 'guardrailConfig.guardrailVersion' failed "
       "to satisfy constraint: Member must satisfy regular expression pattern: "
       "(|([1-9][0-9]{0,7})|(DRAFT))"},
  };
  for (const auto& [config, message] : cases) {
    EXPECT_EQ(test::message_of(converse(guarded(config))), message);
  }
}

}  // namespace
}  // namespace llm::local
