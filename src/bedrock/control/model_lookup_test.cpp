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
const std::string kLlamaAnswer =
    R"({"generation":"Because.","prompt_token_count":5,"generation_token_count":2,"stop_reason":"stop"})";
const std::string kConverseAnswer =
    R"({"output":{"message":{"role":"assistant","content":[{"text":"Because."}]}},)"
    R"("stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2},)"
    R"("metrics":{"latencyMs":3}})";

/// GetInferenceProfile's answer for a profile over one model.
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

/// Takes five seconds for each answer.
class SlowTransport final : public Transport {
 public:
  SlowTransport(std::shared_ptr<const Transport> answers,
                std::shared_ptr<port::ScriptedSystem> system)
      : answers_(std::move(answers)), system_(std::move(system)) {}
  [[nodiscard]] Result<std::unique_ptr<HttpExchange>> send(const HttpRequest& request,
                                                           std::stop_token stop) const override {
    system_->advance(std::chrono::seconds(5));
    return answers_->send(request, std::move(stop));
  }

 private:
  std::shared_ptr<const Transport> answers_;
  std::shared_ptr<port::ScriptedSystem> system_;
};

/// A provider whose model is an application profile, over scripted answers.
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

  Result<ChatResponse> ask(const CallOptions& options = {}) {
    return provider().chat_completion({.messages = {Message::user("Why?")}}, options);
  }

  /// The paths that were asked for, in order.
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

TEST_F(ModelLookupTest, asks_once_for_the_family_of_a_profile_and_uses_its_native_form) {
  transport_->expect(profile_of("meta.llama3-3-70b-instruct-v1:0"));
  transport_->expect({.body = {kLlamaAnswer}});
  transport_->expect({.body = {kLlamaAnswer}});

  const auto first = ask();
  const auto second = ask();

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
  const HttpRequest asked = transport_->requests().front();
  EXPECT_EQ(asked.method, "GET");
  EXPECT_EQ(asked.body, nullptr);
  const auto signature = std::ranges::find(asked.headers, "authorization", &HttpHeader::name);
  ASSERT_NE(signature, asked.headers.end());
  EXPECT_THAT(signature->value, HasSubstr("/eu-west-1/bedrock/aws4_request"));
}

TEST_F(ModelLookupTest, asks_for_a_stream_when_it_is_first_read) {
  transport_->expect(profile_of("meta.llama3-3-70b-instruct-v1:0"));
  transport_->expect({.failure = make_error(ErrorCode::connection_error, "gone")});

  ChatStream stream = provider().stream_chat_completion({.messages = {Message::user("Why?")}}, {});
  EXPECT_TRUE(urls().empty());
  const auto response = stream.collect();

  ASSERT_FALSE(response);
  ASSERT_EQ(urls().size(), 2U);
  EXPECT_THAT(urls()[1], HasSubstr("/invoke-with-response-stream"));
}

TEST_F(ModelLookupTest, goes_on_through_converse_when_it_may_not_ask_and_says_why_each_time) {
  transport_->expect(denied());
  transport_->expect({.body = {kConverseAnswer}});
  transport_->expect({.body = {kConverseAnswer}});

  const auto first = ask();
  const auto second = ask();

  ASSERT_TRUE(first && second);
  EXPECT_EQ(urls().size(), 3U) << "a refusal is kept";
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

TEST_F(ModelLookupTest, asks_again_after_a_failure_that_may_pass) {
  transport_->expect({.failure = make_error(ErrorCode::connection_error, "no route")});
  transport_->expect({.body = {kConverseAnswer}});
  transport_->expect(profile_of("meta.llama3-3-70b-instruct-v1:0"));
  transport_->expect({.body = {kLlamaAnswer}});

  const auto first = ask();
  const auto second = ask();

  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->warnings.front().id, "base_model");
  EXPECT_TRUE(second->warnings.empty());
}

TEST_F(ModelLookupTest, keeps_nothing_that_the_key_of_one_call_was_told) {
  transport_->expect(denied());
  transport_->expect({.body = {kConverseAnswer}});
  transport_->expect(profile_of("meta.llama3-3-70b-instruct-v1:0"));
  transport_->expect({.body = {kLlamaAnswer}});

  ASSERT_TRUE(ask({.api_key = Secret("another-key")}));
  const auto response = ask();

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_TRUE(response->warnings.empty());
}

TEST_F(ModelLookupTest, refuses_invoke_when_the_family_stays_unknown) {
  options_.api = Api::invoke;
  transport_->expect(denied());

  const auto response = ask();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::unsupported_feature);
  EXPECT_THAT(response.error().message, HasSubstr("bedrock:GetInferenceProfile"));
  EXPECT_THAT(response.error().message, HasSubstr("api = invoke"));
  EXPECT_EQ(urls().size(), 1U);
}

TEST_F(ModelLookupTest, asks_nothing_when_the_user_names_the_base_model) {
  options_.base_model = "meta.llama3-3-70b-instruct-v1:0";
  transport_->expect({.body = {kLlamaAnswer}});

  const auto response = ask();

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_THAT(urls(), ElementsAre(HasSubstr("/invoke")));
  EXPECT_EQ(provider().model_info("")->wire_format, "llama3");
}

TEST_F(ModelLookupTest, asks_nothing_about_throughput_and_models_of_ones_own) {
  for (const std::string kind : {"provisioned-model", "imported-model", "prompt-router"}) {
    transport_->expect({.body = {kConverseAnswer}});
    const ChatRequest request{
        .model = "arn:aws:bedrock:eu-west-1:123456789012:" + kind + "/abcdef123456",
        .messages = {Message::user("Why?")}};

    const auto response = provider().chat_completion(request, {});

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->warnings.front().id, "unknown_model") << kind;
  }
  EXPECT_EQ(urls().size(), 3U);
}

TEST_F(ModelLookupTest, keeps_the_word_of_the_user_to_the_model_it_is_about) {
  options_.base_model = "meta.llama3-3-70b-instruct-v1:0";
  transport_->expect({.body = {kConverseAnswer}});
  const ChatRequest request{
      .model = "arn:aws:bedrock:eu-west-1:123456789012:provisioned-model/other1234567",
      .messages = {Message::user("Why?")}};

  ASSERT_TRUE(provider().chat_completion(request, {}));

  EXPECT_THAT(urls(), ElementsAre(HasSubstr("/converse")));
}

TEST_F(ModelLookupTest, counts_the_time_it_takes_as_the_calls) {
  options_.timeouts.total = std::chrono::seconds(60);
  options_.transport = std::make_shared<const SlowTransport>(transport_, system_);
  transport_->expect(profile_of("meta.llama3-3-70b-instruct-v1:0"));
  transport_->expect({.body = {kLlamaAnswer}});

  ASSERT_TRUE(ask());

  const auto requests = transport_->requests();
  EXPECT_EQ(requests[0].limits.total, std::chrono::seconds(10)) << "a chat waits for it";
  EXPECT_EQ(requests[1].limits.total, std::chrono::seconds(55));
}

TEST_F(ModelLookupTest, asks_a_local_bedrock_for_which_only_the_runtime_is_given) {
  options_.runtime_endpoint = "http://127.0.0.1:8080";
  transport_->expect(profile_of("meta.llama3-3-70b-instruct-v1:0"));
  transport_->expect({.body = {kLlamaAnswer}});

  ASSERT_TRUE(ask());

  EXPECT_THAT(urls(), ElementsAre(StartsWith("http://127.0.0.1:8080/inference-profiles/"),
                                  StartsWith("http://127.0.0.1:8080/model/")));
}

}  // namespace
}  // namespace llm::bedrock
