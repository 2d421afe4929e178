#include "bedrock/codec/request_check.hpp"

#include <gtest/gtest.h>

#include "bedrock/codec/native_test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::has_warning;

constexpr ModelFacts kClaude{.base_id = "anthropic.claude-x",
                             .wire_format = WireFormat::claude_messages,
                             .max_output_tokens = 8192};
constexpr ModelFacts kLlama{
    .base_id = "meta.llama-x", .wire_format = WireFormat::llama3, .max_output_tokens = 2048};
constexpr ModelFacts kMute{
    .base_id = "vendor.mute", .max_output_tokens = 2048, .reasoning = Support::no};

// The warnings for the request in each kind of wire format.
std::vector<std::vector<Warning>> warnings_of(const ChatRequest& request, Delivery delivery) {
  const std::pair<const Codec&, const ModelFacts&> routes[] = {{claude_messages_codec(), kClaude},
                                                               {llama_codec(), kLlama},
                                                               {converse_codec(), kClaude},
                                                               {converse_codec(), kMute}};
  std::vector<std::vector<Warning>> warnings;
  for (const auto& [codec, facts] : routes) {
    const auto wire = testing::encode(codec, request, testing::model_with(facts), delivery);
    EXPECT_TRUE(wire) << wire.error().message;
    if (wire) warnings.push_back(wire->warnings);
  }
  return warnings;
}

TEST(RequestCheck, warns_of_a_budget_or_effort_when_reasoning_is_off) {
  ChatRequest request = testing::ask("hi");
  for (const Reasoning& reasoning : {Reasoning{.effort = "high", .enabled = false},
                                     Reasoning{.budget_tokens = 5000, .enabled = false}}) {
    request.reasoning = reasoning;

    for (const auto& warnings : warnings_of(request, Delivery::buffered)) {
      EXPECT_TRUE(has_warning(warnings, "reasoning_off"));
    }
  }
}

TEST(RequestCheck, warns_of_a_stream_mode_when_the_response_is_buffered) {
  ChatRequest request = testing::ask("hi");
  request.guardrail = Guardrail{.id = "g1", .version = "1", .stream_mode = "async"};

  for (const auto& warnings : warnings_of(request, Delivery::buffered)) {
    EXPECT_TRUE(has_warning(warnings, "stream_mode_not_sent"));
  }
}

TEST(RequestCheck, does_not_warn_of_options_that_are_sent) {
  ChatRequest request = testing::ask("hi");
  request.reasoning = Reasoning{.enabled = false};
  request.guardrail = Guardrail{.id = "g1", .version = "1", .stream_mode = "async"};

  for (const auto& warnings : warnings_of(request, Delivery::streaming)) {
    EXPECT_TRUE(warnings.empty());
  }
}

}  // namespace
}  // namespace llm::bedrock
