#include "bedrock/error_map.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace llm::bedrock {
namespace {

/// The cells of the table rows of docs/errors.md below a heading, without back quotes.
std::vector<std::vector<std::string>> documented_rows(std::string_view heading) {
  std::ifstream file(BEDROCK_SOURCE_DIR "/docs/errors.md");
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

TEST(ErrorMap, names_the_profile_to_call_when_on_demand_is_not_supported) {
  const Result<ModelId> model = parse_model_id("anthropic.claude-haiku-4-5-20251001-v1:0");
  ASSERT_TRUE(model);

  const Error error =
      map({.status = 400,
           .code = "ValidationException",
           .message = "Invocation of model ID x with on-demand throughput isn’t supported."},
          {.operation = "Converse", .region = "eu-west-1", .model = &*model});

  EXPECT_EQ(error.code, ErrorCode::model_not_found);
  EXPECT_NE(error.message.find("\"eu.anthropic.claude-haiku-4-5-20251001-v1:0\""),
            std::string::npos)
      << error.message;
}

TEST(ErrorMap, names_a_successor_for_a_model_past_its_end_of_life) {
  const Result<ModelId> model = parse_model_id("anthropic.claude-3-haiku-20240307-v1:0");
  ASSERT_TRUE(model);

  const Error error = map({.status = 404,
                           .code = "ResourceNotFoundException",
                           .message = "This model version has reached the end of its life."},
                          {.operation = "Converse", .region = "us-east-1", .model = &*model});

  EXPECT_EQ(error.code, ErrorCode::model_not_found);
  EXPECT_NE(error.message.find(model->facts->successor), std::string::npos) << error.message;
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
