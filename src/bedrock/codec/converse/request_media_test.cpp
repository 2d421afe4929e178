#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bedrock/codec/converse/test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::ask;
using testing::has_warning;
using ::testing::HasSubstr;

constexpr ModelFacts kTakesMedia{.base_id = "vendor.model", .vision = Support::yes};

const std::string kPng = "\x89PNG\r\n\x1A\n";

Result<WireRequest> encode(const ChatRequest& request) {
  return testing::encode(converse_codec(), request, testing::model_with(kTakesMedia),
                         Delivery::buffered);
}

TEST(ConverseMedia, derives_formats_from_bytes_types_and_names) {
  const S3Location in_s3{.uri = "s3://b/k.MP4"};
  const std::vector<std::pair<Content, std::string>> cases = {
      {ImageContent{.source = kPng}, R"("format":"png")"},
      {ImageContent{.source = S3Location{.uri = "s3://b/k.JPG"}}, R"("format":"jpeg")"},
      {ImageContent{.source = S3Location{.uri = "s3://b/k"}, .media_type = "image/gif"},
       R"("format":"gif")"},
      {DocumentContent{.source = "%PDF-1.4"}, R"("format":"pdf","name":"Document 1")"},
      {DocumentContent{.source = "a,b", .name = "t.csv"}, R"("format":"csv","name":"t.csv")"},
      {DocumentContent{.source = "a", .media_type = "text/markdown", .name = "n"},
       R"("format":"md","name":"n")"},
      {DocumentContent{.source = "{}", .media_type = "application/json", .name = "n"},
       R"("format":"txt")"},
      {VideoContent{.source = in_s3}, R"("format":"mp4")"},
      {AudioContent{.source = S3Location{.uri = "s3://b/k.m4a"}}, R"("format":"m4a")"}};
  for (const auto& [content, text] : cases) {
    ChatRequest request = ask("Hi");
    request.messages[0].content.push_back(content);

    const auto wire = encode(request);

    ASSERT_TRUE(wire) << text << ": " << wire.error().message;
    EXPECT_THAT(wire->body, HasSubstr(text));
    EXPECT_EQ(has_warning(wire->warnings, "document_as_text"), text.contains("txt")) << text;
  }
}

TEST(ConverseMedia, refuses_media_of_unknown_types) {
  const std::vector<std::pair<Content, ErrorCode>> cases = {
      {ImageContent{.source = "no image"}, ErrorCode::configuration_error},
      {ImageContent{.source = kPng, .media_type = "image/gif"}, ErrorCode::configuration_error},
      {ImageContent{.source = S3Location{.uri = "s3://b.png/k"}}, ErrorCode::configuration_error},
      {DocumentContent{.source = "a", .name = "n"}, ErrorCode::configuration_error},
      {DocumentContent{.source = "a", .media_type = "application/pdf"},
       ErrorCode::configuration_error},
      {DocumentContent{.source = "\xFF", .media_type = "text/plain"},
       ErrorCode::configuration_error},
      {DocumentContent{.source = "a", .media_type = "application/zip"},
       ErrorCode::unsupported_feature},
      {VideoContent{.source = "x"}, ErrorCode::configuration_error},
      {AudioContent{.source = S3Location{.uri = "s3://b/k.mp4"}}, ErrorCode::configuration_error},
      {CachePoint{"2h"}, ErrorCode::configuration_error}};
  for (const auto& [content, code] : cases) {
    ChatRequest request = ask("Hi");
    request.messages[0].content.push_back(content);

    const auto wire = encode(request);

    ASSERT_FALSE(wire) << wire->body;
    const Error& error = wire.error();
    EXPECT_EQ(error.code, code) << error.message;
    EXPECT_THAT(error.message, HasSubstr("messages[0].content[1]"));
  }
}

}  // namespace
}  // namespace llm::bedrock
