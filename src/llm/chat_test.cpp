#include <llm/chat.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/reader.hpp"

namespace llm {
namespace {

using testing::HasSubstr;

TEST(ChatResponse, has_the_text_of_its_first_choice) {
  ChatResponse response;
  EXPECT_EQ(response.text(), "");

  response.choices = {{.message = Message::assistant("first")},
                      {.message = Message::assistant("second")}};

  EXPECT_EQ(response.text(), "first");
}

TEST(ChatResponse, prints_what_was_not_reported_as_null) {
  const std::string printed = to_json(ChatResponse{.model = "m"});

  EXPECT_THAT(printed, HasSubstr(R"("usage":{"prompt_tokens":null,"completion_tokens":null,)"
                                 R"("total_tokens":null,"cache_read_tokens":null,)"
                                 R"("cache_write_tokens":null,"cache_write_tokens_by_ttl":{}})"));
  EXPECT_THAT(printed, HasSubstr(R"("id":null)"));
  EXPECT_THAT(printed, HasSubstr(R"("model_latency_ms":null)"));
}

TEST(ChatResponse, prints_valid_json_on_one_line_whatever_the_model_writes) {
  const ChatResponse response{
      .choices = {{.message = Message::assistant("line\none \"two\" \\ \xFF \x01"),
                   .stop_sequence = "\n\n"}}};

  const std::string printed = to_json(response);

  json::Parser parser;
  EXPECT_TRUE(parser.parse(printed));
  EXPECT_EQ(printed.find('\n'), std::string::npos);
}

TEST(FinishReason, has_the_documented_names) {
  EXPECT_EQ(to_string(FinishReason::stop), "stop");
  EXPECT_EQ(to_string(FinishReason::length), "length");
  EXPECT_EQ(to_string(FinishReason::tool_calls), "tool_calls");
  EXPECT_EQ(to_string(FinishReason::content_filter), "content_filter");
  EXPECT_EQ(to_string(FinishReason::pause), "pause");
  EXPECT_EQ(to_string(FinishReason::unknown), "unknown");
}

TEST(ErrorJson, fills_in_the_type_of_an_error_without_one) {
  const Error error{.code = ErrorCode::timeout_error, .message = "No response."};

  EXPECT_THAT(to_json(error), HasSubstr(R"("code":"timeout_error","type":"connection")"));
}

TEST(Usage, is_empty_when_no_count_was_reported) {
  EXPECT_TRUE(Usage{}.empty());
  EXPECT_FALSE(Usage{.completion_tokens = 0}.empty());
}

}  // namespace
}  // namespace llm
