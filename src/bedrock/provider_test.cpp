#include "bedrock/provider.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <llm/testing.hpp>

#include "bedrock/config/provider_config.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {
namespace {

const std::string kLlama = "meta.llama3-3-70b-instruct-v1:0";
const std::string kLlamaResponse =
    R"({"generation":"Because.","prompt_token_count":5,"generation_token_count":2,"stop_reason":"stop"})";

constexpr auto kConverseResponse =
    R"({"output":{"message":{"role":"assistant","content":[{"text":"x"}]}},)"
    R"("stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1,)"
    R"("totalTokens":2},"metrics":{"latencyMs":3}})";

class ProviderTest : public ::testing::Test {
 protected:
  ProviderTest() {
    options_ = {.model = kLlama,
                .region = "us-east-1",
                .credentials = aws::static_credentials(
                    {.access_key_id = "A", .secret_access_key = Secret("s"), .source = "test"}),
                .environment_use = EnvironmentUse::ignore,
                .transport = transport_};
  }

  std::shared_ptr<const BedrockProvider> provider() {
    Result<ProviderConfig> config = resolve(options_, system_);
    EXPECT_TRUE(config);
    return std::make_shared<const BedrockProvider>(std::move(*config));
  }

  static ChatRequest question() { return {.messages = {Message::user("Why?")}}; }

  std::shared_ptr<testing::ScriptedTransport> transport_ =
      std::make_shared<testing::ScriptedTransport>();
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  Options options_;
};

TEST_F(ProviderTest, completes_with_everything_the_service_sent) {
  transport_->expect(
      {.headers = {{"x-amzn-requestid", "r-1"}, {"x-amzn-bedrock-invocation-latency", "321"}},
       .body = {kLlamaResponse}});

  const auto response = provider()->chat_completion(question(), {});

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->text(), "Because.");
  EXPECT_EQ(response->model, kLlama);
  EXPECT_EQ(response->usage.total_tokens, 7);
  EXPECT_EQ(response->details.request_id, "r-1");
  EXPECT_EQ(response->details.attempts, 1);
  ASSERT_TRUE(response->details.cost_usd);
  EXPECT_NEAR(*response->details.cost_usd, 7 * 0.72 / 1e6, 1e-12);
  EXPECT_EQ(transport_->requests().at(0).url,
            "https://bedrock-runtime.us-east-1.amazonaws.com/model/"
            "meta.llama3-3-70b-instruct-v1%3A0/invoke");
}

TEST_F(ProviderTest, lets_the_request_choose_another_model) {
  transport_->expect({.body = {kLlamaResponse}});
  ChatRequest request = question();
  request.model = "us.meta.llama3-1-8b-instruct-v1:0";

  ASSERT_TRUE(provider()->chat_completion(request, {}));

  EXPECT_THAT(transport_->requests().at(0).url,
              ::testing::HasSubstr("/model/us.meta.llama3-1-8b-instruct-v1%3A0/invoke"));
}

TEST_F(ProviderTest, calls_the_region_of_an_arn) {
  transport_->expect({.body = {kLlamaResponse}});
  ChatRequest request = question();
  request.model = "arn:aws:bedrock:eu-west-1::foundation-model/" + kLlama;

  ASSERT_TRUE(provider()->chat_completion(request, {}));

  EXPECT_THAT(
      transport_->requests().at(0).url,
      ::testing::StartsWith("https://bedrock-runtime.eu-west-1.amazonaws.com/model/arn%3Aaws"));
}

TEST_F(ProviderTest, uses_converse_when_set) {
  options_.api = Api::converse;
  transport_->expect({.body = {kConverseResponse}});

  const auto response = provider()->chat_completion(question(), {});

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_THAT(transport_->requests().at(0).url, ::testing::EndsWith("/converse"));
}

TEST_F(ProviderTest, refuses_invoke_for_a_model_without_a_native_format) {
  options_.api = Api::invoke;
  options_.model = "amazon.nova-lite-v1:0";

  const auto response = provider()->chat_completion(question(), {});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::unsupported_feature);
  EXPECT_EQ(response.error().message,
            "Model \"amazon.nova-lite-v1:0\" cannot be called with `api = invoke`: its native "
            "format is not supported.");
  EXPECT_EQ(response.error().advice, "Set `api` to `converse` or `auto`.");
}

TEST_F(ProviderTest, refuses_before_the_network_what_bedrock_would_refuse) {
  options_.model = "amazon.nova-lite-v1:0";

  const auto response = provider()->chat_completion({.messages = {Message::user(" ")}}, {});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::invalid_request_error);
  EXPECT_THAT(response.error().message, ::testing::HasSubstr("messages[0].content[0]"));
  EXPECT_THAT(response.error().message, ::testing::HasSubstr("blank_text"));
  EXPECT_THAT(response.error().advice, ::testing::HasSubstr("lint_off"));
  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(ProviderTest, repairs_when_set_and_reports_what_it_changed) {
  options_.model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
  options_.api = Api::converse;
  options_.lint = Lint::repair;
  transport_->expect({.body = {kConverseResponse}});
  ChatRequest request = question();
  request.temperature = 0.5;
  request.top_p = 0.9;

  const auto response = provider()->chat_completion(request, {});

  ASSERT_TRUE(response) << response.error().message;
  ASSERT_FALSE(response->warnings.empty());
  EXPECT_EQ(response->warnings[0].id, "temperature_or_top_p");
  EXPECT_THAT(response->warnings[0].message,
              ::testing::StartsWith("top_p: The top_p was left out"));
  EXPECT_THAT(*transport_->requests().at(0).body, ::testing::Not(::testing::HasSubstr("topP")));
}

TEST_F(ProviderTest, sends_the_request_as_it_is_when_a_rule_is_off_or_the_model_unknown) {
  options_.model = "amazon.nova-lite-v1:0";
  options_.lint_off = {"blank_text"};
  const ChatRequest blank{.messages = {Message::user(" ")}};
  for (int count = 0; count < 3; ++count) transport_->expect({.body = {kConverseResponse}});

  EXPECT_TRUE(provider()->chat_completion(blank, {}));
  options_.lint_off = {};
  options_.lint = Lint::off;
  EXPECT_TRUE(provider()->chat_completion(blank, {}));
  options_.lint = Lint::refuse;
  options_.model = "acme.model-of-tomorrow-v1";
  EXPECT_TRUE(provider()->chat_completion(blank, {}));
}

TEST_F(ProviderTest, names_a_lint_rule_that_does_not_exist) {
  options_.lint_off = {"blank_texts"};

  const auto config = resolve(options_, system_);

  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(config.error().message, ::testing::HasSubstr("\"blank_texts\""));
  EXPECT_THAT(config.error().advice, ::testing::HasSubstr("blank_text,"));
}

TEST_F(ProviderTest, reports_a_response_that_it_cannot_decode) {
  transport_->expect({.headers = {{"x-amzn-requestid", "r-2"}}, .body = {"<html>"}});

  const auto response = provider()->chat_completion(question(), {});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::model_error);
  EXPECT_EQ(response.error().request_id, "r-2");
  EXPECT_EQ(response.error().attempts, 1);
}

TEST_F(ProviderTest, reports_a_refusal_as_the_only_event_of_a_stream) {
  ChatRequest request = question();
  request.model = "..";

  ChatStream stream = provider()->stream_chat_completion(request, {});
  std::vector<StreamEvent> events;
  for (const StreamEvent& event : stream) events.push_back(event);

  ASSERT_EQ(events.size(), 1U);
  ASSERT_TRUE(events[0].is_error());
  EXPECT_EQ(events[0].error().code, ErrorCode::configuration_error);
  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(ProviderTest, streams_may_outlive_their_provider) {
  auto short_lived = provider();
  ChatStream stream = short_lived->stream_chat_completion(question(), {});
  short_lived.reset();
  transport_->expect({.failure = make_error(ErrorCode::connection_error, "gone")});

  const auto response = stream.collect();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::connection_error);
}

TEST_F(ProviderTest, knows_models_offline) {
  const auto info = provider()->model_info("");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->id, kLlama);
  EXPECT_EQ(info->wire_format, "llama3");

  const auto unknown = provider()->model_info("acme.model-of-tomorrow-v1");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::model_not_found);
}

testing::ScriptedResponse refusal(int status, const std::string& name, const std::string& message) {
  return {.status = status,
          .headers = {{"x-amzn-errortype", name}, {"date", "Fri, 02 Jan 2026 03:04:05 GMT"}},
          .body = {"{\"message\":\"" + message + "\"}"}};
}

TEST_F(ProviderTest, caches_its_health_for_five_minutes) {
  const auto well = refusal(400, "ValidationException", "Malformed input request");
  const auto client = provider();
  transport_->expect(well);
  EXPECT_FALSE(client->health({}).cached);
  EXPECT_TRUE(client->health({}).cached);

  system_->advance(std::chrono::minutes(4));
  EXPECT_TRUE(client->health({}).cached);
  system_->advance(std::chrono::minutes(2));
  transport_->expect(well);
  EXPECT_FALSE(client->health({}).cached);

  transport_->expect(well);
  EXPECT_FALSE(client->health({.freshness = HealthOptions::Freshness::fresh}).cached);
  EXPECT_EQ(transport_->remaining(), 0U);
}

TEST_F(ProviderTest, sends_no_health_request_without_credentials) {
  options_.credentials = aws::chain({});

  const HealthReport report = provider()->health({});

  EXPECT_FALSE(report.healthy());
  EXPECT_EQ(report.checks.at(1).status, HealthStatus::fail);
  EXPECT_TRUE(transport_->requests().empty());
}

}  // namespace
}  // namespace llm::bedrock
