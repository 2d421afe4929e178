#include <llm/json.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llm {
namespace {

TEST(Json, is_null_by_default) {
  EXPECT_TRUE(Json().is_null());
  EXPECT_FALSE(Json().is_object());
  EXPECT_EQ(Json::empty_object().text(), "{}");
}

TEST(Json, keeps_the_text_without_its_outer_white_space) {
  const auto json = Json::parse(" \n{ \"b\" : 1.50 }\t ");

  ASSERT_TRUE(json);
  EXPECT_EQ(json->text(), "{ \"b\" : 1.50 }");
  EXPECT_TRUE(json->is_object());
}

TEST(Json, refuses_what_is_not_json) {
  for (const std::string_view text : {"", "{", "tru!e", "{} {}", "[1e400]", "'a'"}) {
    const auto json = Json::parse(text);

    ASSERT_FALSE(json) << text;
    EXPECT_EQ(json.error().code, ErrorCode::configuration_error);
    EXPECT_THAT(json.error().message, testing::StartsWith("The text cannot be parsed. "));
  }
}

TEST(Json, compares_by_text) {
  EXPECT_EQ(Json::from_valid_text("[1]"), Json::parse("[1] "));
  EXPECT_NE(Json::from_valid_text("[1]"), Json::from_valid_text("[ 1 ]"));
}

}  // namespace
}  // namespace llm
