// Anthropic Messages on bedrock-mantle: the body is that of InvokeModel but for a few members.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "bedrock/codec/native_test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::ask;
using ::testing::HasSubstr;

constexpr ModelFacts kClaude{
    .base_id = "anthropic.claude-x",
    .wire_format = WireFormat::claude_messages,
    .max_output_tokens = 8192,
    .reasoning = Support::yes,
    .takes = {.thinking_off = Support::yes, .effort = Support::yes, .effort_beta = "effort-1"}};

Result<WireRequest> encode_messages(const ChatRequest& request,
                                    Delivery delivery = Delivery::buffered) {
  return testing::encode(claude_mantle_codec(), request, testing::model_with(kClaude), delivery);
}

std::string header(const WireRequest& wire, std::string_view name) {
  for (const HttpHeader& field : wire.headers) {
    if (field.name == name) return field.value;
  }
  return "(none)";
}

const std::string kHi =
    R"("max_tokens":8192,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}])";

TEST(ClaudeMantle, names_model_and_stream_in_the_body_and_the_version_in_a_header) {
  const auto buffered = encode_messages(ask("Hi"));
  const auto streaming = encode_messages(ask("Hi"), Delivery::streaming);

  ASSERT_TRUE(buffered && streaming);
  EXPECT_EQ(buffered->body, R"({"model":"anthropic.claude-x",)" + kHi + "}");
  EXPECT_EQ(streaming->body, R"({"model":"anthropic.claude-x","stream":true,)" + kHi + "}");
  EXPECT_EQ(buffered->operation, Operation::messages);
  EXPECT_EQ(streaming->operation, Operation::messages);
  EXPECT_EQ(header(*buffered, "anthropic-version"), "2023-06-01");
  EXPECT_EQ(header(*buffered, "anthropic-beta"), "(none)");
  EXPECT_EQ(header(*buffered, "Accept"), "application/json");
  EXPECT_EQ(header(*streaming, "Accept"), "text/event-stream");
}

TEST(ClaudeMantle, moves_version_and_beta_flags_of_extra_fields_into_headers) {
  ChatRequest request = ask("Hi");
  request.reasoning = Reasoning{.effort = "low"};
  request.extra_fields = Json::from_valid_text(
      R"({"anthropic_version":"2024-01-01","anthropic_beta":["a-1","b-2"],"container":"c"})");

  const auto wire = encode_messages(request);

  ASSERT_TRUE(wire) << wire.error().message;
  EXPECT_EQ(header(*wire, "anthropic-version"), "2024-01-01");
  EXPECT_EQ(header(*wire, "anthropic-beta"), "a-1,b-2,effort-1");
  EXPECT_THAT(wire->body, HasSubstr(R"("container":"c")"));
  EXPECT_THAT(wire->body, ::testing::Not(HasSubstr("anthropic_")));
}

TEST(ClaudeMantle, names_the_project_as_a_workspace_and_the_tier_in_the_body) {
  ChatRequest request = ask("Hi");
  request.project = "proj_1";
  request.service_tier = "priority";

  const auto wire = encode_messages(request);

  ASSERT_TRUE(wire) << wire.error().message;
  EXPECT_EQ(header(*wire, "anthropic-workspace-id"), "proj_1");
  EXPECT_THAT(wire->body, HasSubstr(R"("service_tier":"priority")"));
}

TEST(ClaudeMantle, refuses_what_bedrock_mantle_has_no_member_for) {
  ChatRequest guardrail = ask("Hi");
  guardrail.guardrail = Guardrail{.id = "g", .version = "1"};
  ChatRequest metadata = ask("Hi");
  metadata.metadata = {{"a", "b"}};
  ChatRequest beta = ask("Hi");
  beta.extra_fields = Json::from_valid_text(R"({"anthropic_beta":["a\r\nx: 1"]})");

  for (const ChatRequest& request : {guardrail, metadata, beta}) {
    const auto wire = encode_messages(request);

    ASSERT_FALSE(wire);
    EXPECT_THAT(wire.error().message, HasSubstr("bedrock-mantle"));
  }
}

}  // namespace
}  // namespace llm::bedrock
