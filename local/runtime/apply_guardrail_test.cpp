#include "local/runtime/apply_guardrail.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kBody = R"({"source":"INPUT","content":[{"text":{"text":"one"}},)"
                                   R"({"image":{"format":"png","source":{"bytes":"AAAA"}}},)"
                                   R"({"text":{"text":"two!","qualifiers":["query"]}}]})";

Reply send(std::string_view target, std::string_view body) {
  return test::handle(test::open_service(),
                      {.method = "POST", .target = std::string(target), .body = std::string(body)});
}

TEST(ApplyGuardrail, gives_back_what_it_was_given) {
  const Reply reply = send("/guardrail/abc123/version/DRAFT/apply", kBody);

  const test::Document body(reply.body);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(body["action"].string(), "NONE");
  EXPECT_EQ(body["outputs"].to_text(), R"([{"text":"one"},{"text":"two!"}])");
  EXPECT_EQ(body["assessments"].to_text(), "[{}]");
  EXPECT_EQ(body["usage"]["topicPolicyUnits"].integer(), 0);
  EXPECT_EQ(body["guardrailCoverage"].to_text(),
            R"({"images":{"guarded":1,"total":1},"textCharacters":{"guarded":7,"total":7}})");
}

TEST(ApplyGuardrail, takes_an_arn) {
  const Reply reply = send(
      "/guardrail/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aguardrail%2Fabc/version/2/"
      "apply",
      kBody);

  EXPECT_EQ(reply.status, 200) << reply.body;
}

TEST(ApplyGuardrail, checks_the_request) {
  struct Case {
    std::string_view target;
    std::string_view body;
    std::string_view message;
  };
  constexpr std::string_view kTarget = "/guardrail/abc/version/1/apply";
  const std::vector<Case> cases{
      {"/guardrail/ABC/version/1/apply", kBody,
       "1 validation error detected: Value 'ABC' at 'guardrailIdentifier' failed to satisfy "
       "constraint: Member must satisfy regular expression pattern: "
       "(|([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+))"},
      {"/guardrail/abc/version/0/apply", kBody,
       "1 validation error detected: Value '0' at 'guardrailVersion' failed to satisfy constraint: "
       "Member must satisfy regular expression pattern: (|([1-9][0-9]{0,7})|(DRAFT))"},
      {kTarget, R"({"source":"BOTH","content":[]})",
       "1 validation error detected: Value 'BOTH' at 'source' failed to satisfy constraint: Member "
       "must satisfy enum value set: [INPUT, OUTPUT]"},
      {kTarget, R"({"source":"INPUT","content":[{"audio":{}}]})",
       "GuardrailContentBlock object at content.0 must set one of the following keys: text, "
       "image."},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(test::message_of(send(each.target, each.body)), each.message);
  }
}

}  // namespace
}  // namespace llm::local
