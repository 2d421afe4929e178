#include "bedrock/call/service_errors.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "bedrock/codec/service_wordings.hpp"
#include "tests/support/source_directory.hpp"

namespace llm::bedrock {
namespace {

std::string without_quotes(std::string_view cell) {
  const bool is_quoted = cell.size() >= 2 && cell.starts_with('`') && cell.ends_with('`');
  return std::string(is_quoted ? cell.substr(1, cell.size() - 2) : cell);
}

/// The cells of the table rows of docs/errors.md below a heading, without their quotes.
std::vector<std::vector<std::string>> documented_rows(std::string_view heading) {
  std::ifstream file(test_support::source_directory() / "docs/errors.md");
  std::vector<std::vector<std::string>> rows;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) inside = line.substr(3) == heading;
    if (!inside || !line.starts_with("| ") || line.starts_with("| AWS")) continue;
    std::vector<std::string> cells;
    for (const std::string_view cell : base::split(std::string_view(line).substr(1), '|')) {
      cells.push_back(without_quotes(base::trim(cell)));
    }
    if (cells.size() >= 6) rows.push_back(cells);
  }
  return rows;
}

Error map(aws::ServiceError error, const ErrorContext& context = {.operation = "InvokeModel"}) {
  return to_error(error, context);
}

TEST(ServiceErrors, become_what_the_page_says) {
  const auto rows = documented_rows("What each AWS error becomes");

  ASSERT_GT(rows.size(), 40U);
  for (const auto& row : rows) {
    const std::string text = "x " + row[1] + " y.";
    const Error error = map({.status = 400, .code = row[0], .message = text});
    const std::string what = row[0] + " / " + row[1];
    EXPECT_EQ(to_string(error.code), row[2]) << what;
    EXPECT_EQ(error.message, "InvokeModel: " + (row[0].empty() ? "" : row[0] + ": ") + text +
                                 (row[3].empty() ? "" : " " + row[3]))
        << what;
    EXPECT_EQ(error.advice, row[4]) << what;
  }
}

TEST(ServiceErrors, are_the_same_inside_a_stream) {
  const auto code = [](std::string_view name) {
    return map(aws::read_stream_error(name, R"({"message":"x"})", "")).code;
  };

  EXPECT_EQ(code("throttlingException"), ErrorCode::rate_limit_error);
  EXPECT_EQ(code("modelStreamErrorException"), ErrorCode::model_error);
}

TEST(ServiceErrors, take_too_many_tokens_for_throttling_not_for_a_long_conversation) {
  const Error error = map({.status = 429,
                           .code = "ThrottlingException",
                           .message = "Too many tokens, please wait before trying again."});

  EXPECT_EQ(error.code, ErrorCode::rate_limit_error);
  EXPECT_TRUE(error.retryable);
}

TEST(ServiceErrors, follow_the_status_when_there_is_no_name) {
  const std::vector<std::pair<int, ErrorCode>> cases = {
      {401, ErrorCode::authentication_error},    {403, ErrorCode::permission_error},
      {404, ErrorCode::configuration_error},     {408, ErrorCode::timeout_error},
      {413, ErrorCode::context_length_exceeded}, {424, ErrorCode::model_error},
      {429, ErrorCode::rate_limit_error},        {503, ErrorCode::server_error},
      {302, ErrorCode::configuration_error},     {418, ErrorCode::invalid_request_error}};
  for (const auto& [status, code] : cases) EXPECT_EQ(map({.status = status}).code, code) << status;
}

constexpr std::string_view kNotOnDemand =
    "Invocation of model ID x with on-demand throughput isn\xe2\x80\x99t supported. Retry your "
    "request with the ID or ARN of an inference profile that contains this model.";
constexpr std::string_view kEndOfLife =
    "This model version has reached the end of its life. Please refer to the AWS documentation for "
    "more details.";
constexpr std::string_view kLegacy =
    "Access denied. This Model is marked by provider as Legacy and you have not been actively "
    "using the model in the last 30 days. Please upgrade to an active model on Amazon Bedrock";
constexpr std::string_view kInvalidId = "The provided model identifier is invalid.";
constexpr std::string_view kNoForm =
    "Model use case details have not been submitted for this account. Fill out the form.";

TEST(ServiceErrors, advise_a_limit_where_a_throttled_chat_has_none) {
  const std::string open =
      "Wait and try again, or request a higher quota. Set max_tokens: without it, Bedrock reserves "
      "the model's maximum against the quota of tokens per minute.";
  const ErrorContext chat{.operation = "Converse", .is_length_open = true};
  for (const std::string text :
       {"Too many tokens, please wait before trying again.", "Slow down"}) {
    const aws::ServiceError throttled{
        .status = 429, .code = "ThrottlingException", .message = text};
    EXPECT_EQ(map(throttled, chat).advice, open) << text;
    EXPECT_EQ(map(throttled).advice, "Wait and try again, or request a higher quota.") << text;
  }
  EXPECT_EQ(map({.status = 500, .code = "InternalServerException", .message = "x"}, chat).advice,
            "Try again later.");
}

/// A refusal of a model in a region.
struct Refusal {
  std::string test_name;
  std::string_view name;
  std::string_view text;
  std::string_view model;
  std::string_view region;
  ErrorCode code;
  std::string_view explanation;  ///< End of the message; empty: the service's words are.
  std::string_view advice;
};

class ModelRefusal : public ::testing::TestWithParam<Refusal> {};

TEST_P(ModelRefusal, explains_and_advises_by_model_and_region) {
  const Refusal& row = GetParam();
  const Result<ModelId> model = parse_model_id(row.model);
  ASSERT_TRUE(model);

  const Error error =
      map({.status = 400, .code = std::string(row.name), .message = std::string(row.text)},
          {.operation = "Converse", .region = std::string(row.region), .model = &*model});

  EXPECT_EQ(error.code, row.code);
  EXPECT_TRUE(error.message.ends_with(row.explanation)) << error.message;
  EXPECT_EQ(error.advice, row.advice);
}

constexpr std::string_view kUnknownProfile =
    "Call one of the profiles that `bedrock models --online` lists.";
constexpr std::string_view kCheckModel =
    "Check the model id and the region. `bedrock models` lists the models of a region.";
constexpr std::string_view kShorten = "Shorten the conversation or its attachments.";

// Sources of the texts: docs/errors.md. What is to be called follows from data/models.json.
INSTANTIATE_TEST_SUITE_P(
    ServiceErrors, ModelRefusal,
    ::testing::ValuesIn(std::vector<Refusal>{
        {"needs_the_profile_of_europe", "ValidationException", kNotOnDemand,
         "anthropic.claude-haiku-4-5-20251001-v1:0", "eu-west-1", ErrorCode::model_not_found,
         "only through an inference profile.",
         "In eu-west-1, call \"eu.anthropic.claude-haiku-4-5-20251001-v1:0\"."},
        {"needs_the_global_profile", "ValidationException", kNotOnDemand,
         "anthropic.claude-haiku-4-5-20251001-v1:0", "sa-east-1", ErrorCode::model_not_found, "",
         "In sa-east-1, call \"global.anthropic.claude-haiku-4-5-20251001-v1:0\"."},
        {"has_no_profile_here", "ValidationException",
         "The provided model doesn't support on-demand throughput.",
         "anthropic.claude-haiku-4-5-20251001-v1:0", "cn-north-1", ErrorCode::model_not_found,
         "No inference profile of the model is known to serve cn-north-1.", kUnknownProfile},
        {"is_on_demand_elsewhere_only", "ValidationException", kNotOnDemand,
         "amazon.nova-lite-v1:0", "eu-central-1", ErrorCode::model_not_found, "",
         "In eu-central-1, call \"eu.amazon.nova-lite-v1:0\"."},
        {"unknown_model_needs_a_profile", "ValidationException", kNotOnDemand, "acme.tomorrow-v1:0",
         "us-east-1", ErrorCode::model_not_found, "", kUnknownProfile},
        {"end_of_life", "ResourceNotFoundException", kEndOfLife,
         "anthropic.claude-3-haiku-20240307-v1:0", "us-west-2", ErrorCode::model_not_found, "",
         "Use \"us.anthropic.claude-haiku-4-5-20251001-v1:0\" instead."},
        {"end_of_life_with_on_demand_successor", "ResourceNotFoundException", kEndOfLife,
         "amazon.titan-text-express-v1", "us-east-1", ErrorCode::model_not_found, "",
         "Use \"amazon.nova-lite-v1:0\" instead."},
        {"legacy", "ResourceNotFoundException", kLegacy,
         "us.anthropic.claude-3-5-sonnet-20241022-v2:0", "eu-west-1", ErrorCode::model_not_found,
         "", "Use \"eu.anthropic.claude-sonnet-4-6\" instead."},
        {"invalid_id_of_a_dead_model", "ValidationException", kInvalidId, "anthropic.claude-v2:1",
         "us-east-1", ErrorCode::model_not_found, "The model has reached its end of life.",
         "Use \"us.anthropic.claude-sonnet-4-6\" instead."},
        {"invalid_id_of_another_geography", "ValidationException", kInvalidId,
         "us.anthropic.claude-haiku-4-5-20251001-v1:0", "eu-west-1", ErrorCode::model_not_found, "",
         "In eu-west-1, call \"eu.anthropic.claude-haiku-4-5-20251001-v1:0\"."},
        {"invalid_id_in_an_unlikely_region", "ValidationException", kInvalidId,
         "amazon.nova-lite-v1:0", "me-south-1", ErrorCode::model_not_found,
         "The model may not be served in me-south-1.", kCheckModel},
        {"invalid_id_of_an_unknown_model", "ValidationException", kInvalidId, "acme.tomorrow-v1:0",
         "us-east-1", ErrorCode::model_not_found, "", kCheckModel},
        {"not_found_under_a_profile", "ResourceNotFoundException", "Model not found.",
         "us.amazon.nova-lite-v1:0", "eu-west-1", ErrorCode::model_not_found, "",
         "In eu-west-1, call \"eu.amazon.nova-lite-v1:0\"."},
        {"no_access", "AccessDeniedException",
         "You don't have access to the model with the specified model ID.", "amazon.nova-lite-v1:0",
         "us-east-1", ErrorCode::model_not_found, "",
         "Request access to the model in the Bedrock console of this region, or use another "
         "model."},
        {"no_form", "ResourceNotFoundException", kNoForm, "anthropic.claude-sonnet-4-6",
         "us-east-1", ErrorCode::model_not_found, "",
         "Submit the provider's use-case form in the Bedrock console, then wait a few minutes."},
        {"not_ready", "ModelNotReadyException",
         "Model is not ready for inference. Please wait and try again.", "amazon.nova-lite-v1:0",
         "us-east-1", ErrorCode::model_not_ready, "The model is being loaded.",
         "Try again in a few minutes."},
        {"throttled", "ThrottlingException", "Too many tokens, please wait before trying again.",
         "amazon.nova-lite-v1:0", "us-east-1", ErrorCode::rate_limit_error, "",
         "Wait and try again, or request a higher quota."},
        {"daily_quota", "ThrottlingException",
         "Too many tokens per day, please wait before trying again.", "amazon.nova-lite-v1:0",
         "us-east-1", ErrorCode::quota_exceeded_error, "The daily token quota is used up.",
         "Wait until tomorrow, use a profile of another region, or request a higher quota."},
        {"prompt_too_long", "ValidationException",
         "The model returned the following errors: prompt is too long: 200049 tokens > 200000 "
         "maximum",
         "amazon.nova-lite-v1:0", "us-east-1", ErrorCode::context_length_exceeded, "", kShorten},
        {"no_payment", "AccessDeniedException",
         "Model access is denied due to INVALID_PAYMENT_INSTRUMENT:A valid payment instrument must "
         "be provided. Your AWS Marketplace subscription for this model cannot be completed.",
         "amazon.nova-lite-v1:0", "us-east-1", ErrorCode::permission_error,
         "The account has no valid means of payment for the AWS Marketplace.",
         "Add one in the AWS billing console, then wait a few minutes."},
        {"no_form_under_another_name", "ValidationException",
         "You have not filled out the required use-case form for this model.",
         "anthropic.claude-sonnet-4-6", "us-east-1", ErrorCode::model_not_found, "",
         "Submit the provider's use-case form in the Bedrock console, then wait a few minutes."},
        {"too_much_to_write", "ValidationException",
         "The maximum tokens you requested exceed the model limit of 4096.",
         "amazon.nova-lite-v1:0", "us-east-1", ErrorCode::invalid_request_error, "",
         "Set a lower max_tokens."},
        {"input_too_long", "ValidationException", "Input is too long for requested model.",
         "amazon.nova-lite-v1:0", "us-east-1", ErrorCode::context_length_exceeded, "", kShorten},
    }),
    [](const auto& test) { return test.param.test_name; });

TEST(ServiceErrors, know_every_wording_in_any_case_and_under_any_name) {
  for (const ServiceWording& wording : service_wordings()) {
    std::string upper(wording.text);
    for (char& c : upper) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    const ErrorCode expected = map({.message = std::string(wording.text)}).code;
    for (const std::string name :
         {"ValidationException", "ModelErrorException", "modelStreamErrorException",
          "AccessDeniedException", "THROTTLINGEXCEPTION", ""}) {
      EXPECT_EQ(map({.status = 400, .code = name, .message = "The " + upper + "!"}).code, expected)
          << name << ": " << wording.text;
    }
    EXPECT_EQ(
        map({.code = "ModelStreamErrorException", .message = "m", .original_message = upper}).code,
        expected)
        << wording.text;
    EXPECT_FALSE(wording.source.empty()) << wording.text;
  }
}

TEST(ServiceErrors, retry_what_is_throttled_under_another_name) {
  const Error error = map({.status = 400,
                           .code = "ValidationException",
                           .message = "Too many requests, please wait before trying again."});

  EXPECT_EQ(error.code, ErrorCode::rate_limit_error);
  EXPECT_TRUE(error.retryable);
}

struct Repeated {
  std::string name;
  std::string_view model;
  std::string_view refusal;
};

class RepeatedAdvice : public ::testing::TestWithParam<Repeated> {};

TEST_P(RepeatedAdvice, never_names_the_id_that_was_refused) {
  const auto model = parse_model_id(GetParam().model);
  ASSERT_TRUE(model);

  const Error error = map(
      {.status = 400, .code = "ValidationException", .message = std::string(GetParam().refusal)},
      {.operation = "Converse", .region = "us-east-1", .model = &*model});

  EXPECT_EQ(error.code, ErrorCode::model_not_found);
  EXPECT_FALSE(error.advice.contains("us.anthropic.claude-haiku-4-5")) << error.advice;
}

INSTANTIATE_TEST_SUITE_P(
    ServiceErrors, RepeatedAdvice,
    ::testing::Values(
        Repeated{"profile", "us.anthropic.claude-haiku-4-5-20251001-v1:0", kNotOnDemand},
        Repeated{"profile_as_arn",
                 "arn:aws:bedrock:us-east-1:123456789012:inference-profile/"
                 "us.anthropic.claude-haiku-4-5-20251001-v1:0",
                 kNotOnDemand},
        Repeated{"invalid_profile", "us.anthropic.claude-haiku-4-5-20251001-v1:0", kInvalidId},
        Repeated{"invalid_profile_as_arn",
                 "arn:aws:bedrock:us-east-1:123456789012:inference-profile/"
                 "us.anthropic.claude-haiku-4-5-20251001-v1:0",
                 kInvalidId}),
    [](const auto& test) { return test.param.name; });

TEST(ServiceErrors, match_the_generic_names_without_exception) {
  const std::vector<std::pair<std::string, ErrorCode>> cases = {
      {"AccessDenied", ErrorCode::permission_error},
      {"ResourceNotFound", ErrorCode::model_not_found},
      {"ExpiredToken", ErrorCode::authentication_error},
      {"Access", ErrorCode::invalid_request_error}};
  for (const auto& [name, code] : cases)
    EXPECT_EQ(map({.status = 400, .code = name}).code, code) << name;
}

TEST(ServiceErrors, name_the_refused_action_and_what_the_operation_needs) {
  const auto advice_for = [](std::string operation, const std::string& refused) {
    return map({.status = 403,
                .code = "AccessDeniedException",
                .message = "User: x is not authorized to perform" + refused},
               {.operation = std::move(operation)})
        .advice;
  };

  EXPECT_EQ(advice_for("ListFoundationModels", ": bedrock:ListFoundationModels on resource: *"),
            "Allow bedrock:ListFoundationModels in IAM.");
  EXPECT_EQ(advice_for("ConverseStream", ": bedrock:InvokeModelWithResponseStream on resource: *"),
            "Allow bedrock:InvokeModelWithResponseStream in IAM. ConverseStream needs "
            "bedrock:InvokeModelWithResponseStream.");
  EXPECT_EQ(advice_for("InvokeModel", " this."), "Allow bedrock:InvokeModel in IAM.");
}

TEST(ServiceErrors, say_where_an_error_of_the_model_came_from) {
  const auto message_of = [](std::string_view name, std::string_view document) {
    return map(aws::read_stream_error(name, document, "")).message;
  };

  EXPECT_TRUE(
      message_of("modelStreamErrorException",
                 R"({"message":"m","originalStatusCode":529,"originalMessage":"Overloaded"})")
          .contains("m (original status 529, original message: Overloaded). The model"));
  EXPECT_TRUE(message_of("modelErrorException", R"({"resourceName":"arn:x"})")
                  .contains("without a readable message (resource arn:x). The model"));
}

TEST(ServiceErrors, advise_to_check_the_api_key_when_the_call_carried_one) {
  const Error error = map({.status = 403, .code = "UnrecognizedClientException", .message = "No."},
                          {.operation = "Converse", .bearer = true});

  EXPECT_EQ(error.message, "Converse: UnrecognizedClientException: No.");
  EXPECT_EQ(error.advice, "Check the Bedrock API key (AWS_BEARER_TOKEN_BEDROCK).");
}

TEST(ServiceErrors, carry_what_the_service_sent) {
  const Error error = map({.status = 403,
                           .code = "ExpiredTokenException",
                           .message = "The security token included in the request is expired",
                           .request_id = "r-1"});

  EXPECT_EQ(error.service_code, "ExpiredTokenException");
  EXPECT_EQ(error.request_id, "r-1");
  EXPECT_EQ(error.status_code, 403);
  EXPECT_EQ(error.type, "authentication");
  EXPECT_FALSE(error.retryable);
}

}  // namespace
}  // namespace llm::bedrock
