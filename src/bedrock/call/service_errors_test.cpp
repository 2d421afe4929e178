#include "bedrock/call/service_errors.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "tests/support/source_directory.hpp"

namespace llm::bedrock {
namespace {

/// The cells of the table rows of docs/errors.md below a heading, without back quotes.
std::vector<std::vector<std::string>> documented_rows(std::string_view heading) {
  std::ifstream file(test_support::source_directory() / "docs/errors.md");
  std::vector<std::vector<std::string>> rows;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) inside = line.substr(3) == heading;
    if (!inside || !line.starts_with("| ") || line.starts_with("| AWS")) continue;
    std::vector<std::string> cells;
    for (const std::string_view cell : base::split(std::string_view(line).substr(1), '|')) {
      std::string text(base::trim(cell));
      std::erase(text, '`');
      cells.push_back(text);
    }
    if (cells.size() >= 4) rows.push_back(cells);
  }
  return rows;
}

Error map(aws::ServiceError error, const ErrorContext& context = {.operation = "InvokeModel"}) {
  return to_error(error, context);
}

TEST(ErrorMap, gives_each_documented_aws_error_its_documented_code) {
  const auto rows = documented_rows("What each AWS error becomes");

  ASSERT_GT(rows.size(), 40U);
  for (const auto& row : rows) {
    const Error error = map({.status = 400, .code = row[0], .message = "x " + row[1] + " y"});
    EXPECT_EQ(to_string(error.code), row[2]) << row[0] << " / " << row[1];
  }
}

TEST(ErrorMap, gives_exceptions_inside_a_stream_the_same_code) {
  const auto code = [](std::string_view name) {
    return map(aws::read_stream_error(name, R"({"message":"x"})", "")).code;
  };

  EXPECT_EQ(code("throttlingException"), ErrorCode::rate_limit_error);
  EXPECT_EQ(code("modelStreamErrorException"), ErrorCode::model_error);
}

TEST(ErrorMap, takes_too_many_tokens_for_throttling_and_not_for_a_long_conversation) {
  const Error error = map({.status = 429,
                           .code = "ThrottlingException",
                           .message = "Too many tokens, please wait before trying again."});

  EXPECT_EQ(error.code, ErrorCode::rate_limit_error);
  EXPECT_TRUE(error.retryable);
}

TEST(ErrorMap, lets_the_status_decide_when_there_is_no_name) {
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

/// What the service says of a model in a region, and what the message tells to do.
struct Said {
  std::string_view name;
  std::string_view text;
  std::string_view model;
  std::string_view region;
  ErrorCode code;
  std::string_view advice;
};

// Sources of the texts: docs/errors.md. What is to be called follows from data/models.json.
constexpr auto kSaid = std::to_array<Said>({
    {"ValidationException", kNotOnDemand, "anthropic.claude-haiku-4-5-20251001-v1:0", "eu-west-1",
     ErrorCode::model_not_found, "Call \"eu.anthropic.claude-haiku-4-5-20251001-v1:0\"."},
    {"ValidationException", kNotOnDemand, "anthropic.claude-haiku-4-5-20251001-v1:0", "sa-east-1",
     ErrorCode::model_not_found, "Call \"global.anthropic.claude-haiku-4-5-20251001-v1:0\"."},
    {"ValidationException", "The provided model doesn't support on-demand throughput.",
     "anthropic.claude-haiku-4-5-20251001-v1:0", "cn-north-1", ErrorCode::model_not_found,
     "No profile of it is known to serve cn-north-1."},
    // Sold on demand in some regions, by profile alone in others.
    {"ValidationException", kNotOnDemand, "amazon.nova-lite-v1:0", "eu-central-1",
     ErrorCode::model_not_found, "Call \"eu.amazon.nova-lite-v1:0\"."},
    {"ValidationException", kNotOnDemand, "acme.tomorrow-v1:0", "us-east-1",
     ErrorCode::model_not_found, "`bedrock models --online` lists the profiles"},
    {"ResourceNotFoundException", kEndOfLife, "anthropic.claude-3-haiku-20240307-v1:0", "us-west-2",
     ErrorCode::model_not_found, "Use \"us.anthropic.claude-haiku-4-5-20251001-v1:0\" instead."},
    {"ResourceNotFoundException", kEndOfLife, "amazon.titan-text-express-v1", "us-east-1",
     ErrorCode::model_not_found, "Use \"amazon.nova-lite-v1:0\" instead."},
    {"ResourceNotFoundException", kLegacy, "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
     "eu-west-1", ErrorCode::model_not_found, "Use \"eu.anthropic.claude-sonnet-4-6\" instead."},
    {"ValidationException", kInvalidId, "anthropic.claude-v2:1", "us-east-1",
     ErrorCode::model_not_found, "Use \"us.anthropic.claude-sonnet-4-6\" instead."},
    {"ValidationException", kInvalidId, "us.anthropic.claude-haiku-4-5-20251001-v1:0", "eu-west-1",
     ErrorCode::model_not_found,
     "From eu-west-1 call \"eu.anthropic.claude-haiku-4-5-20251001-v1:0\"."},
    {"ValidationException", kInvalidId, "amazon.nova-lite-v1:0", "me-south-1",
     ErrorCode::model_not_found, "It may not be served in me-south-1."},
    {"ValidationException", kInvalidId, "acme.tomorrow-v1:0", "us-east-1",
     ErrorCode::model_not_found, "`bedrock models` lists what can be called"},
    {"ResourceNotFoundException", "Model not found.", "us.amazon.nova-lite-v1:0", "eu-west-1",
     ErrorCode::model_not_found, "From eu-west-1 call \"amazon.nova-lite-v1:0\"."},
    {"AccessDeniedException", "You don't have access to the model with the specified model ID.",
     "amazon.nova-lite-v1:0", "us-east-1", ErrorCode::model_not_found, "Request access"},
    {"ResourceNotFoundException", kNoForm, "anthropic.claude-sonnet-4-6", "us-east-1",
     ErrorCode::model_not_found, "Fill in the provider's use-case form"},
    {"ModelNotReadyException", "Model is not ready for inference. Please wait and try again.",
     "amazon.nova-lite-v1:0", "us-east-1", ErrorCode::model_not_ready, "try again in some minutes"},
    {"ThrottlingException", "Too many tokens, please wait before trying again.",
     "amazon.nova-lite-v1:0", "us-east-1", ErrorCode::rate_limit_error, "Wait and try again"},
    {"ThrottlingException", "Too many tokens per day, please wait before trying again.",
     "amazon.nova-lite-v1:0", "us-east-1", ErrorCode::quota_exceeded_error, "daily token quota"},
    {"ValidationException",
     "The model returned the following errors: prompt is too long: 200049 tokens > 200000 maximum",
     "amazon.nova-lite-v1:0", "us-east-1", ErrorCode::context_length_exceeded, "Shorten"},
    {"ValidationException", "Input is too long for requested model.", "amazon.nova-lite-v1:0",
     "us-east-1", ErrorCode::context_length_exceeded, "Shorten"},
});

TEST(ErrorMap, says_what_to_do_about_a_model_in_a_region) {
  for (const Said& said : kSaid) {
    const Result<ModelId> model = parse_model_id(said.model);
    ASSERT_TRUE(model) << said.model;

    const Error error =
        map({.status = 400, .code = std::string(said.name), .message = std::string(said.text)},
            {.operation = "Converse", .region = std::string(said.region), .model = &*model});

    EXPECT_EQ(error.code, said.code) << error.message;
    EXPECT_NE(error.message.find(said.advice), std::string::npos)
        << "should say: " << said.advice << "\nsays: " << error.message;
  }
}

TEST(ErrorMap, knows_the_generic_names_without_their_ending) {
  const std::vector<std::pair<std::string, ErrorCode>> cases = {
      {"AccessDenied", ErrorCode::permission_error},
      {"ResourceNotFound", ErrorCode::model_not_found},
      {"ExpiredToken", ErrorCode::authentication_error},
      {"Access", ErrorCode::invalid_request_error}};
  for (const auto& [name, code] : cases) EXPECT_EQ(map({.code = name}).code, code) << name;
}

TEST(ErrorMap, names_the_refused_action_and_those_of_inference_only_there) {
  const auto told = [](std::string operation, const std::string& action) {
    return map({.status = 403,
                .code = "AccessDeniedException",
                .message = "User: x is not authorized to perform: " + action + " on resource: *"},
               {.operation = std::move(operation)})
        .message;
  };

  EXPECT_TRUE(told("ListFoundationModels", "bedrock:ListFoundationModels")
                  .ends_with(" Allow bedrock:ListFoundationModels in IAM."));
  EXPECT_TRUE(told("ConverseStream", "bedrock:InvokeModelWithResponseStream")
                  .contains("streams need bedrock:InvokeModelWithResponseStream."));
}

TEST(ErrorMap, tells_where_an_error_of_the_model_came_from) {
  const auto told = [](std::string_view name, std::string_view document) {
    return map(aws::read_stream_error(name, document, "")).message;
  };

  EXPECT_TRUE(told("modelStreamErrorException",
                   R"({"message":"m","originalStatusCode":529,"originalMessage":"Overloaded"})")
                  .contains("m (original status 529, original message: Overloaded). The model"));
  EXPECT_TRUE(told("modelErrorException", R"({"resourceName":"arn:x"})")
                  .contains("without a readable message (resource arn:x). The model"));
}

TEST(ErrorMap, carries_what_the_service_said) {
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
