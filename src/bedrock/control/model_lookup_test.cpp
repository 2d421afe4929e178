#include "bedrock/control/model_lookup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <llm/testing.hpp>

#include "bedrock/config/provider_config.hpp"
#include "bedrock/provider.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kProfile =
    "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abcdef123456";
const std::string kLlamaResponse =
    R"({"generation":"Because.","prompt_token_count":5,"generation_token_count":2,"stop_reason":"stop"})";
const std::string kConverseResponse =
    R"({"output":{"message":{"role":"assistant","content":[{"text":"Because."}]}},)"
    R"("stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2},)"
    R"("metrics":{"latencyMs":3}})";

/// GetInferenceProfile's response for a profile of one model.
testing::ScriptedResponse profile_of(const std::string& base_id) {
  return {.body = {R"({"inferenceProfileName":"mine","inferenceProfileId":"abcdef123456",)"
                   R"("inferenceProfileArn":")" +
                   kProfile +
                   R"(","models":[{"modelArn":"arn:aws:bedrock:eu-west-1::foundation-model/)" +
                   base_id + R"("}],"status":"ACTIVE","type":"APPLICATION"})"}};
}

testing::ScriptedResponse denied() {
  return {.status = 403,
          .headers = {{"x-amzn-errortype", "AccessDeniedException"}},
          .body = {R"({"message":"User: u is not authorized to perform: )"
                   R"(bedrock:GetInferenceProfile on resource: r"})"}};
}

/// Takes five seconds for each response.
class SlowTransport final : public Transport {
 public:
  SlowTransport(std::shared_ptr<const Transport> inner,
                std::shared_ptr<port::ScriptedSystem> system)
      : inner_(std::move(inner)), system_(std::move(system)) {}
  [[nodiscard]] Result<std::unique_ptr<HttpExchange>> send(const HttpRequest& request,
                                                           std::stop_token stop) const override {
    system_->advance(std::chrono::seconds(5));
    return inner_->send(request, std::move(stop));
  }

 private:
  std::shared_ptr<const Transport> inner_;
  std::shared_ptr<port::ScriptedSystem> system_;
};

/// A provider whose model is an application profile, over scripted responses.
class ModelLookupTest : public ::testing::Test {
 protected:
  ModelLookupTest() {
    options_ = {.model = kProfile,
                .region = "us-east-1",
                .credentials = aws::static_credentials(
                    {.access_key_id = "A", .secret_access_key = Secret("s"), .source = "test"}),
                .max_retries = 0,
                .environment_use = EnvironmentUse::ignore,
                .transport = transport_};
  }

  const BedrockProvider& provider() {
    if (provider_ == nullptr) {
      Result<ProviderConfig> config = resolve(options_, system_);
      if (!config) throw std::runtime_error(config.error().message);
      provider_ = std::make_shared<const BedrockProvider>(std::move(*config));
    }
    return *provider_;
  }

  Result<ChatResponse> chat(const CallOptions& options = {}) {
    return provider().chat_completion({.messages = {Message::user("Why?")}}, options);
  }

  /// The URLs that were requested, in order.
  [[nodiscard]] std::vector<std::string> urls() const {
    std::vector<std::string> all;
    for (const HttpRequest& request : transport_->requests()) all.push_back(request.url);
    return all;
  }

  std::shared_ptr<testing::ScriptedTransport> transport_ =
      std::make_shared<testing::ScriptedTransport>();
  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  Options options_;
  std::shared_ptr<const BedrockProvider> provider_;
};

TEST_F(ModelLookupTest, looks_up_a_profile_once_and_uses_the_native_format_of_its_model) {
  transport_->expect(profile_of("meta.llama3-3-70b-instruct-v1:0"));
  transport_->expect({.body = {kLlamaResponse}});
  transport_->expect({.body = {kLlamaResponse}});

  const auto first = chat();
  const auto second = chat();

  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(first->model, kProfile);
  EXPECT_TRUE(first->warnings.empty());
  EXPECT_NEAR(first->details.cost_usd.value_or(0), 7 * 0.72 / 1e6, 1e-12);
  const std::string requested_id =
      "arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Aapplication-inference-profile%2F"
      "abcdef123456";
  const std::string invoke =
      "https://bedrock-runtime.eu-west-1.amazonaws.com/model/" + requested_id + "/invoke";
  EXPECT_THAT(urls(), ElementsAre("https://bedrock.eu-west-1.amazonaws.com/inference-profiles/" +
                                      requested_id,
                                  invoke, invoke));
  const HttpRequest lookup = transport_->requests().front();
  EXPECT_EQ(lookup.method, "GET");
  EXPECT_EQ(lookup.body, nullptr);
  const auto signature = std::ranges::find(lookup.headers, "authorization", &HttpHeader::name);
  ASSERT_NE(signature, lookup.headers.end());
  EXPECT_THAT(signature->value, HasSubstr("/eu-west-1/bedrock/aws4_request"));
}

TEST_F(ModelLookupTest, looks_up_when_a_stream_is_first_read) {
  transport_->expect(profile_of("meta.llama3-3-70b-instruct-v1:0"));
  transport_->expect({.failure = make_error(ErrorCode::connection_error, "gone")});

  ChatStream stream = provider().stream_chat_completion({.messages = {Message::user("Why?")}}, {});
  EXPECT_TRUE(urls().empty());
  const auto response = stream.collect();

  ASSERT_FALSE(response);
  ASSERT_EQ(urls().size(), 2U);
  EXPECT_THAT(urls()[1], HasSubstr("/invoke-with-response-stream"));
}

TEST_F(ModelLookupTest, uses_converse_with_a_warning_each_time_when_the_lookup_is_denied) {
  transport_->expect(denied());
  transport_->expect({.body = {kConverseResponse}});
  transport_->expect({.body = {kConverseResponse}});

  const auto first = chat();
  const auto second = chat();

  ASSERT_TRUE(first && second);
  EXPECT_EQ(urls().size(), 3U) << "a refusal is cached";
  EXPECT_THAT(urls()[1], HasSubstr("/converse"));
  for (const auto* response : {&first, &second}) {
    ASSERT_FALSE((*response)->warnings.empty());
    const Warning& warning = (*response)->warnings.front();
    EXPECT_EQ(warning.id, "base_model");
    EXPECT_THAT(warning.message, HasSubstr("bedrock:GetInferenceProfile"));
    EXPECT_THAT(warning.message, HasSubstr(kProfile));
    EXPECT_THAT(warning.message, HasSubstr("base_model"));
  }
  EXPECT_EQ((*first).details.cost_usd, std::nullopt);
}

TEST_F(ModelLookupTest, looks_up_again_after_a_failure_that_may_pass) {
  transport_->expect({.failure = make_error(ErrorCode::connection_error, "no route")});
  transport_->expect({.body = {kConverseResponse}});
  transport_->expect(profile_of("meta.llama3-3-70b-instruct-v1:0"));
  transport_->expect({.body = {kLlamaResponse}});

  const auto first = chat();
  const auto second = chat();

  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->warnings.front().id, "base_model");
  EXPECT_TRUE(second->warnings.empty());
}

TEST_F(ModelLookupTest, caches_nothing_that_a_call_with_its_own_key_found) {
  transport_->expect(denied());
  transport_->expect({.body = {kConverseResponse}});
  transport_->expect(profile_of("meta.llama3-3-70b-instruct-v1:0"));
  transport_->expect({.body = {kLlamaResponse}});

  ASSERT_TRUE(chat({.api_key = Secret("another-key")}));
  const auto response = chat();

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_TRUE(response->warnings.empty());
}

TEST_F(ModelLookupTest, refuses_invoke_when_the_family_is_unknown) {
  options_.api = Api::invoke;
  transport_->expect(denied());

  const auto response = chat();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::unsupported_feature);
  EXPECT_THAT(response.error().message, HasSubstr("bedrock:GetInferenceProfile"));
  EXPECT_THAT(response.error().message, HasSubstr("api = invoke"));
  EXPECT_EQ(urls().size(), 1U);
}

TEST_F(ModelLookupTest, does_not_look_up_when_the_base_model_is_set) {
  options_.base_model = "meta.llama3-3-70b-instruct-v1:0";
  transport_->expect({.body = {kLlamaResponse}});

  const auto response = chat();

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_THAT(urls(), ElementsAre(HasSubstr("/invoke")));
  EXPECT_EQ(provider().model_info("")->wire_format, "llama3");
}

TEST_F(ModelLookupTest, does_not_look_up_throughput_and_custom_models) {
  for (const std::string kind : {"provisioned-model", "imported-model", "prompt-router"}) {
    transport_->expect({.body = {kConverseResponse}});
    const ChatRequest request{
        .model = "arn:aws:bedrock:eu-west-1:123456789012:" + kind + "/abcdef123456",
        .messages = {Message::user("Why?")}};

    const auto response = provider().chat_completion(request, {});

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->warnings.front().id, "unknown_model") << kind;
  }
  EXPECT_EQ(urls().size(), 3U);
}

TEST_F(ModelLookupTest, uses_the_configured_base_model_for_its_model_alone) {
  options_.base_model = "meta.llama3-3-70b-instruct-v1:0";
  transport_->expect({.body = {kConverseResponse}});
  const ChatRequest request{
      .model = "arn:aws:bedrock:eu-west-1:123456789012:provisioned-model/other1234567",
      .messages = {Message::user("Why?")}};

  ASSERT_TRUE(provider().chat_completion(request, {}));

  EXPECT_THAT(urls(), ElementsAre(HasSubstr("/converse")));
}

TEST_F(ModelLookupTest, counts_the_time_of_the_lookup_as_the_calls) {
  options_.timeouts.total = std::chrono::seconds(60);
  options_.transport = std::make_shared<const SlowTransport>(transport_, system_);
  transport_->expect(profile_of("meta.llama3-3-70b-instruct-v1:0"));
  transport_->expect({.body = {kLlamaResponse}});

  ASSERT_TRUE(chat());

  const auto requests = transport_->requests();
  EXPECT_EQ(requests[0].limits.total, std::chrono::seconds(10)) << "a chat waits for it";
  EXPECT_EQ(requests[1].limits.total, std::chrono::seconds(55));
}

TEST_F(ModelLookupTest, asks_a_local_bedrock_of_which_only_the_runtime_endpoint_is_set) {
  options_.runtime_endpoint = "http://127.0.0.1:8080";
  transport_->expect(profile_of("meta.llama3-3-70b-instruct-v1:0"));
  transport_->expect({.body = {kLlamaResponse}});

  ASSERT_TRUE(chat());

  EXPECT_THAT(urls(), ElementsAre(StartsWith("http://127.0.0.1:8080/inference-profiles/"),
                                  StartsWith("http://127.0.0.1:8080/model/")));
}

}  // namespace
}  // namespace llm::bedrock
