#include "bedrock/provider.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <llm/testing.hpp>

#include "bedrock/config/provider_config.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {
namespace {

using ::testing::HasSubstr;

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

TEST_F(ProviderTest, calls_bedrock_mantle_with_its_paths_and_signing_name) {
  const struct {
    const char* model;
    const char* path;
    const char* response;
  } cases[] = {
      {"anthropic.claude-haiku-4-5-20251001-v1:0", "/anthropic/v1/messages",
       R"({"id":"m","content":[{"type":"text","text":"Because."}],"stop_reason":"end_turn"})"},
      // The catalogue does not have it, but others of its vendor.
      {"anthropic.claude-of-tomorrow", "/anthropic/v1/messages",
       R"({"id":"m","content":[{"type":"text","text":"Because."}],"stop_reason":"end_turn"})"},
      {"vendor.unlisted", "/v1/chat/completions",
       R"({"choices":[{"message":{"content":"Because."},"finish_reason":"stop"}]})"},
      {"xai.grok-4.7", "/openai/v1/chat/completions",
       R"({"choices":[{"message":{"content":"Because."},"finish_reason":"stop"}]})"},
  };
  options_.api = Api::mantle;
  for (const auto& row : cases) {
    transport_->expect({.headers = {{"content-type", "application/json"}}, .body = {row.response}});
    options_.model = row.model;
    ChatRequest request = question();
    request.max_tokens = 5;

    const auto response = provider()->chat_completion(request, {});

    ASSERT_TRUE(response) << row.model << response.error().message;
    EXPECT_EQ(response->text(), "Because.");
    const HttpRequest sent = transport_->requests().back();
    EXPECT_EQ(sent.url, "https://bedrock-mantle.us-east-1.api.aws" + std::string(row.path));
    const auto authorization = std::ranges::find(sent.headers, "authorization", &HttpHeader::name);
    ASSERT_NE(authorization, sent.headers.end());
    EXPECT_THAT(authorization->value, HasSubstr("/us-east-1/bedrock-mantle/aws4_request"));
  }
}

TEST_F(ProviderTest, streams_server_sent_events_of_bedrock_mantle) {
  options_.api = Api::mantle;
  options_.model = "vendor.unlisted";
  const std::vector<HttpHeader> headers = {{"content-type", "text/event-stream; charset=utf-8"}};
  const std::string text = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n";
  const std::string stop = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  transport_->expect({.headers = headers, .body = {text, stop + "data: [DO", "NE]\n\n"}});
  transport_->expect({.headers = headers, .body = {text, stop}});
  transport_->expect({.headers = headers, .body = {text, stop, "data: [DONE]\n"}});
  transport_->expect({.headers = {{"content-type", "application/vnd.amazon.eventstream"}}});
  const auto client = provider();

  const auto complete = client->stream_chat_completion(question(), {}).collect();
  ASSERT_TRUE(complete) << complete.error().message;
  EXPECT_EQ(complete->text(), "x");
  for (int i = 0; i < 3; ++i) {
    const auto cut = client->stream_chat_completion(question(), {}).collect();
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, ErrorCode::stream_error);
  }
}

TEST_F(ProviderTest, reads_the_errors_of_bedrock_mantle) {
  const struct {
    int status;
    const char* body;
    ErrorCode code;
  } cases[] = {
      // Seen: NousResearch/hermes-agent#87190, #52316.
      {401, R"({"error":{"code":"invalid_api_key","message":"Invalid bearer token"}})",
       ErrorCode::authentication_error},
      {400,
       R"({"error":{"code":"validation_error","message":"model `x` isn't supported on this route"}})",
       ErrorCode::invalid_request_error},
      {404, R"({"type":"error","error":{"type":"not_found_error","message":"model: x"}})",
       ErrorCode::model_not_found},
      {403, R"({"type":"error","error":{"type":"permission_error","message":"no"}})",
       ErrorCode::permission_error},
      {400,
       R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: )"
       R"(250000 tokens > 200000 maximum"}})",
       ErrorCode::context_length_exceeded},
      {429, R"({"error":{"code":null,"type":"rate_limit_error","message":"slow"}})",
       ErrorCode::rate_limit_error},
      {529, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})",
       ErrorCode::server_error},
  };
  options_.api = Api::mantle;
  options_.model = "vendor.unlisted";
  options_.max_retries = 0;
  for (const auto& row : cases) {
    transport_->expect({.status = row.status, .body = {row.body}});

    const auto response = provider()->chat_completion(question(), {});

    ASSERT_FALSE(response) << row.body;
    EXPECT_EQ(response.error().code, row.code) << response.error().message;
    EXPECT_EQ(response.error().status_code, row.status);
    EXPECT_EQ(response.error().retryable, row.status == 429 || row.status == 529);
  }
}

TEST_F(ProviderTest, does_not_count_tokens_through_bedrock_mantle) {
  options_.api = Api::mantle;

  const auto count = provider()->count_tokens(question(), {});

  ASSERT_FALSE(count);
  EXPECT_EQ(count.error().code, ErrorCode::unsupported_feature);
  EXPECT_TRUE(transport_->requests().empty());
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
