#include "bedrock/codec/block_table.hpp"

#include <gtest/gtest.h>

#include "bedrock/codec/native_test_support.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {
namespace {

using testing::malformed;

enum class Kind { text, tool };

TEST(BlockTable, finds_only_blocks_that_have_started) {
  BlockTable<Kind> blocks;

  const auto started = blocks.start(7, Kind::tool);

  ASSERT_TRUE(started);
  EXPECT_EQ((*started)->kind, Kind::tool);
  EXPECT_EQ(blocks.find(7), *started);
  EXPECT_EQ(blocks.find(0), nullptr);
}

TEST(BlockTable, refuses_to_start_a_block_twice) {
  BlockTable<Kind> blocks;
  ASSERT_TRUE(blocks.start(0, Kind::text));

  const auto again = blocks.start(0, Kind::text);

  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::stream_error);
  EXPECT_EQ(again.error().message, malformed("Block 0 starts twice."));
}

TEST(BlockTable, refuses_deltas_of_a_block_that_is_not_open) {
  BlockTable<Kind> blocks;
  (*blocks.start(0, Kind::text))->is_open = false;

  const auto stopped = blocks.open(0);
  const auto unknown = blocks.open(1);

  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().message, malformed("An event is for block 0, which is not open."));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, malformed("An event is for block 1, which is not open."));
}

TEST(BlockTable, gives_the_fast_path_only_open_blocks_of_its_kind) {
  BlockTable<Kind> blocks;
  ASSERT_TRUE(blocks.start(0, Kind::text));

  EXPECT_NE(blocks.find_open(0, Kind::text), nullptr);
  EXPECT_EQ(blocks.find_open(0, Kind::tool), nullptr);
  blocks.find(0)->is_open = false;
  EXPECT_EQ(blocks.find_open(0, Kind::text), nullptr);
}

TEST(BlockTable, knows_whether_a_block_is_open) {
  BlockTable<Kind> blocks;
  EXPECT_FALSE(blocks.any_open());

  ASSERT_TRUE(blocks.start(0, Kind::text));
  EXPECT_TRUE(blocks.any_open());

  blocks.find(0)->is_open = false;
  EXPECT_FALSE(blocks.any_open());
}

TEST(BlockTable, holds_at_most_10000_blocks) {
  BlockTable<Kind> blocks;
  for (int index = 0; index < 10'000; ++index) ASSERT_TRUE(blocks.start(index, Kind::text));

  const auto one_more = blocks.start(10'000, Kind::text);

  ASSERT_FALSE(one_more);
  EXPECT_EQ(one_more.error().message, malformed("It has more than 10000 content blocks."));
}

TEST(BlockIndex, is_an_integer_from_0_to_the_largest_int) {
  json::Parser parser;
  const auto numbers = parser.parse(R"([0,2147483647,-1,2147483648,1.5,"0",null])");
  ASSERT_TRUE(numbers);
  std::vector<bool> is_index;

  for (const json::Value number : numbers->elements()) {
    is_index.push_back(block_index(number).has_value());
  }

  EXPECT_EQ(is_index, (std::vector<bool>{true, true, false, false, false, false, false}));
}

}  // namespace
}  // namespace llm::bedrock
