#include <llm/error.hpp>

#include <gtest/gtest.h>

namespace llm {
namespace {

TEST(Error, has_the_documented_name_of_its_code) {
  EXPECT_EQ(to_string(ErrorCode::rate_limit_error), "rate_limit_error");
  EXPECT_EQ(to_string(ErrorCode::model_not_found), "model_not_found");
  EXPECT_EQ(to_string(ErrorCode::cancelled), "cancelled");
}

TEST(Error, derives_its_type_from_its_code) {
  const Error error = make_error(ErrorCode::quota_exceeded_error, "too much");

  EXPECT_EQ(error.type, "rate_limit");
  EXPECT_EQ(error.message, "too much");
}

}  // namespace
}  // namespace llm
