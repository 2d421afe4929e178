#include "bedrock/codec/unknown_deltas.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llm::bedrock {
namespace {

using ::testing::HasSubstr;

TEST(UnknownDeltas, names_each_kind_once) {
  UnknownDeltas deltas;
  std::vector<Warning> warnings;

  for (const std::string_view kind : {"a", "b", "a"}) deltas.note(kind, warnings);

  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0].id, "unknown_delta");
  EXPECT_THAT(warnings[0].message, HasSubstr("\"a\""));
  EXPECT_THAT(warnings[1].message, HasSubstr("\"b\""));
}

TEST(UnknownDeltas, reports_all_but_the_first_kinds_in_one_warning) {
  UnknownDeltas deltas;
  std::vector<Warning> warnings;

  for (int kind = 0; kind < 100'000; ++kind) deltas.note(std::to_string(kind), warnings);

  ASSERT_EQ(warnings.size(), 17U);
  EXPECT_THAT(warnings.back().message, HasSubstr("further unknown kinds"));
}

TEST(UnknownDeltas, does_not_name_a_kind_of_endless_name) {
  UnknownDeltas deltas;
  std::vector<Warning> warnings;

  deltas.note(std::string(65, 'x'), warnings);

  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0].message, HasSubstr("further unknown kinds"));
}

}  // namespace
}  // namespace llm::bedrock
