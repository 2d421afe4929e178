#include "local/frontend/router.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace llm::local {
namespace {

struct Case {
  std::string_view method;
  std::string_view target;
  Operation operation;
  std::string_view resource;
};

TEST(Router, finds_the_operation_of_a_raw_path) {
  const std::vector<Case> cases{
      {"POST", "/model/anthropic.claude-v2%3A1/invoke", Operation::invoke_model,
       "anthropic.claude-v2:1"},
      {"POST", "/model/anthropic.claude-v2:1/invoke", Operation::invoke_model,
       "anthropic.claude-v2:1"},
      {"POST", "/model/amazon.titan-text-lite-v1/invoke-with-response-stream",
       Operation::invoke_model_with_response_stream, "amazon.titan-text-lite-v1"},
      {"POST", "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.x/invoke",
       Operation::invoke_model, "arn:aws:bedrock:us-east-1:1:inference-profile/us.x"},
      {"POST", "/model/us.amazon.nova-lite-v1%3A0/converse", Operation::converse,
       "us.amazon.nova-lite-v1:0"},
      {"POST", "/model/us.amazon.nova-lite-v1:0/converse-stream", Operation::converse_stream,
       "us.amazon.nova-lite-v1:0"},
      {"POST", "/anthropic/v1/messages?beta=true", Operation::messages, ""},
      {"POST", "/v1/chat/completions", Operation::chat_completions, ""},
      {"POST", "/openai/v1/chat/completions", Operation::chat_completions, ""},
      {"GET", "/v1/models", Operation::list_models, ""},
      {"GET", "/foundation-models", Operation::list_foundation_models, ""},
      {"GET", "/foundation-models?byProvider=Meta", Operation::list_foundation_models, ""},
      {"GET", "/foundation-models/anthropic.claude-v2", Operation::get_foundation_model,
       "anthropic.claude-v2"},
      {"GET", "/foundation-model-availability/anthropic.claude-v2",
       Operation::get_foundation_model_availability, "anthropic.claude-v2"},
      {"GET", "/inference-profiles?type=SYSTEM_DEFINED", Operation::list_inference_profiles, ""},
      {"GET", "/inference-profiles/us.amazon.nova-lite-v1%3A0", Operation::get_inference_profile,
       "us.amazon.nova-lite-v1:0"},
      {"POST", "/model/amazon.nova-lite-v1%3A0/count-tokens", Operation::count_tokens,
       "amazon.nova-lite-v1:0"},
      {"POST", "/guardrail/abc/version/DRAFT/apply", Operation::apply_guardrail, "abc"},
      {"POST", "/guardrail-checks/invoke", Operation::invoke_guardrail_checks, ""},
      {"POST", "/guardrails", Operation::create_guardrail, ""},
      {"GET", "/guardrails/abc", Operation::get_guardrail, "abc"},
      {"PUT", "/guardrails/abc", Operation::update_guardrail, "abc"},
      {"DELETE", "/guardrails/abc?guardrailVersion=1", Operation::delete_guardrail, "abc"},
      {"POST", "/guardrails/abc", Operation::create_guardrail_version, "abc"},
  };
  for (const Case& each : cases) {
    const Route found = route(each.method, each.target);

    EXPECT_EQ(found.operation, each.operation) << each.target;
    EXPECT_EQ(found.resource, each.resource) << each.target;
  }
}

TEST(Router, finds_the_version_of_a_guardrail) {
  EXPECT_EQ(route("POST", "/guardrail/abc/version/12/apply").version, "12");
}

TEST(Router, keeps_the_query_as_it_is) {
  EXPECT_EQ(route("GET", "/foundation-models?byProvider=A%20B").query, "byProvider=A%20B");
}

TEST(Router, knows_no_other_path) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases{
      {"GET", "/model/x/invoke"},
      {"POST", "/foundation-models"},
      {"POST", "/model//invoke"},
      {"POST", "/model/a/b/invoke"},
      {"POST", "/model/x/invoke/"},
      {"POST", "/model/x"},
      {"POST", "/model/x/converse2"},
      {"GET", "/"},
      {"GET", ""},
      {"POST", "/model/%zz/invoke"},
      {"POST", "/guardrail/abc/version//apply"},
      {"GET", "/model/x/count-tokens"},
  };
  for (const auto& [method, target] : cases) {
    EXPECT_EQ(route(method, target).operation, Operation::unknown) << method << ' ' << target;
  }
}

}  // namespace
}  // namespace llm::local
