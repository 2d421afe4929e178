#include "bedrock/codec/invoke/request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "bedrock/codec/native_test_support.hpp"
#include "bedrock/codec/request_check.hpp"

namespace llm::bedrock {
namespace {

using testing::has_warning;
using ::testing::HasSubstr;

std::string header(const std::vector<HttpHeader>& headers, std::string_view name) {
  for (const HttpHeader& field : headers) {
    if (field.name == name) return field.value;
  }
  return "(none)";
}

TEST(InvokeHeaders, carry_the_options_of_the_request) {
  ChatRequest request = testing::ask("hi");
  request.guardrail = Guardrail{.id = "gr1", .version = "DRAFT", .trace = "enabled_full"};
  request.latency = "optimized";
  request.service_tier = "flex";
  request.metadata = {{"team", "a\"b"}, {"näme", "\xF0\x9F\x98\x80"}};

  const auto headers = invoke_headers(request, "team_1", Delivery::buffered);

  ASSERT_TRUE(headers);
  EXPECT_EQ(header(*headers, "Content-Type"), "application/json");
  EXPECT_EQ(header(*headers, "Accept"), "application/json");
  EXPECT_EQ(header(*headers, "X-Amzn-Bedrock-GuardrailIdentifier"), "gr1");
  EXPECT_EQ(header(*headers, "X-Amzn-Bedrock-GuardrailVersion"), "DRAFT");
  EXPECT_EQ(header(*headers, "X-Amzn-Bedrock-Trace"), "ENABLED_FULL");
  EXPECT_EQ(header(*headers, "X-Amzn-Bedrock-PerformanceConfig-Latency"), "optimized");
  EXPECT_EQ(header(*headers, "X-Amzn-Bedrock-Service-Tier"), "flex");
  EXPECT_EQ(header(*headers, "X-Amzn-Bedrock-ProjectIdentifier"), "team_1");
  EXPECT_EQ(header(*headers, "X-Amzn-Bedrock-Request-Metadata"),
            R"({"n\u00e4me":"\ud83d\ude00","team":"a\"b"})");
}

TEST(InvokeHeaders, ask_for_an_event_stream_when_streamed) {
  const auto headers = invoke_headers(testing::ask("hi"), "", Delivery::streaming);

  ASSERT_TRUE(headers);
  EXPECT_EQ(header(*headers, "Accept"), "application/vnd.amazon.eventstream");
  EXPECT_EQ(header(*headers, "X-Amzn-Bedrock-Accept"), "application/json");
}

TEST(InvokeHeaders, refuse_what_the_service_or_a_header_cannot_take) {
  ChatRequest tier = testing::ask("hi");
  tier.service_tier = "fast";
  ChatRequest latency = testing::ask("hi");
  latency.latency = "none\r\nX-Evil: 1";
  ChatRequest version = testing::ask("hi");
  version.guardrail = Guardrail{.id = "gr1"};
  ChatRequest injection = testing::ask("hi");
  injection.guardrail = Guardrail{.id = "gr1\r\nX-Evil: 1", .version = "1"};
  ChatRequest mode = testing::ask("hi");
  mode.guardrail = Guardrail{.id = "gr1", .version = "1", .stream_mode = "later"};
  ChatRequest metadata = testing::ask("hi");
  metadata.metadata = {{"key", std::string(8500, 'x')}};
  ChatRequest bytes = testing::ask("hi");
  bytes.metadata = {{"key", "\xff"}};

  ChatRequest project = testing::ask("hi");
  project.project = "x\r\nX-Evil: 1";

  for (const ChatRequest& request :
       {tier, latency, version, injection, mode, metadata, bytes, project}) {
    const auto checked = check_request(request, {}, Delivery::buffered);
    const auto headers = invoke_headers(request, "", Delivery::buffered);

    ASSERT_FALSE(checked && headers);
    EXPECT_EQ((checked ? headers.error() : checked.error()).code, ErrorCode::configuration_error);
  }
}

TEST(InvokeBody, merges_extra_fields_which_win_with_a_warning) {
  auto body = InvokeBody::create(Json::from_valid_text(R"({"top_k":5,"beta":["x"]})"));
  ASSERT_TRUE(body);

  body->member("temperature", std::optional(0.5));
  body->member("top_k", std::optional(1));
  const auto wire =
      std::move(*body).finish(testing::ask("hi"), testing::unknown_model(), Delivery::buffered);

  ASSERT_TRUE(wire);
  EXPECT_EQ(wire->body, R"({"temperature":0.5,"top_k":5,"beta":["x"]})");
  EXPECT_EQ(wire->operation, Operation::invoke_model);
  ASSERT_EQ(wire->warnings.size(), 1U);
  EXPECT_EQ(wire->warnings.front().id, "extra_field_replaces");
  EXPECT_THAT(wire->warnings.front().message, HasSubstr("\"top_k\""));
}

TEST(InvokeBody, refuses_extra_fields_that_are_not_an_object) {
  const auto body = InvokeBody::create(Json::from_valid_text("[1]"));

  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, ErrorCode::configuration_error);
}

TEST(InvokeBody, sends_the_guardrails_stream_mode_in_the_body_of_a_stream) {
  ChatRequest request = testing::ask("hi");
  request.guardrail = Guardrail{.id = "gr1", .version = "1", .stream_mode = "async"};
  auto streaming = InvokeBody::create({});
  auto buffered = InvokeBody::create({});
  ASSERT_TRUE(streaming && buffered);

  const auto stream_wire =
      std::move(*streaming).finish(request, testing::unknown_model(), Delivery::streaming);
  const auto buffered_wire =
      std::move(*buffered).finish(request, testing::unknown_model(), Delivery::buffered);

  ASSERT_TRUE(stream_wire && buffered_wire);
  EXPECT_EQ(stream_wire->operation, Operation::invoke_model_with_response_stream);
  EXPECT_EQ(stream_wire->body,
            R"({"amazon-bedrock-guardrailConfig":{"streamProcessingMode":"ASYNCHRONOUS"}})");
  EXPECT_EQ(buffered_wire->body, "{}");
}

TEST(InvokeBody, refuses_a_body_over_the_services_limit) {
  auto body = InvokeBody::create({});
  ASSERT_TRUE(body);

  body->member("stop", std::vector<std::string>{std::string(kMaxInvokeBodyBytes, 'x')});
  const auto wire =
      std::move(*body).finish(testing::ask("hi"), testing::unknown_model(), Delivery::buffered);

  ASSERT_FALSE(wire);
  EXPECT_EQ(wire.error().code, ErrorCode::invalid_request_error);
  EXPECT_THAT(wire.error().message, HasSubstr("25000000"));
}

TEST(CheckInvoke, refuses_what_no_native_format_carries) {
  const ModelFacts facts{.base_id = "a.b-v1", .streaming = Support::no};
  const ModelId model = testing::model_with(facts);
  ChatRequest pointers = testing::ask("hi");
  pointers.extra_response_fields = {"/stop_sequence"};
  ChatRequest variables = testing::ask("hi");
  variables.prompt_variables = {{"a", "b"}};

  for (const ChatRequest& request : {pointers, variables}) {
    const auto checked = check_invoke(request, model, Delivery::buffered);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ErrorCode::unsupported_feature);
    EXPECT_THAT(checked.error().message, HasSubstr("a.b-v1"));
  }
  EXPECT_FALSE(check_invoke(testing::ask("hi"), model, Delivery::streaming));
  EXPECT_TRUE(check_invoke(testing::ask("hi"), model, Delivery::buffered));
}

TEST(CheckInvoke, refuses_options_that_cannot_be_written) {
  ChatRequest number = testing::ask("hi");
  number.temperature = std::numeric_limits<double>::quiet_NaN();
  ChatRequest choice = testing::ask("hi");
  choice.tool_choice.kind = ToolChoice::Kind::any;
  ChatRequest stop = testing::ask("hi");
  stop.stop_sequences = {"\xff"};
  ChatRequest tool = testing::ask("hi");
  tool.tools = {{.name = "f", .description = "\xff"}};

  for (const ChatRequest& request : {number, choice, stop, tool}) {
    const auto checked = check_invoke(request, testing::unknown_model(), Delivery::buffered);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ErrorCode::configuration_error);
  }
}

TEST(MaxTokens, are_the_requests_then_the_models_then_asked_for) {
  const ModelFacts facts{.base_id = "a.b-v1", .max_output_tokens = 4096};
  ChatRequest request = testing::ask("hi");

  EXPECT_EQ(max_tokens_to_send(request, testing::model_with(facts)), 4096);
  const auto unknown = max_tokens_to_send(request, testing::unknown_model());
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(unknown.error().message, HasSubstr("vendor.unlisted-v1"));
  request.max_tokens = 7;
  EXPECT_EQ(max_tokens_to_send(request, testing::unknown_model()), 7);
  request.max_tokens = 0;
  EXPECT_FALSE(max_tokens_to_send(request, testing::model_with(facts)));
}

}  // namespace
}  // namespace llm::bedrock
