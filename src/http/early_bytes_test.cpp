#include "http/early_bytes.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/exchange.hpp"

namespace llm::http {
namespace {

using test_support::CollectingSink;

std::string next_of(EarlyBytes& early) {
  CollectingSink sink;
  early.hand_out(sink);
  return sink.bytes();
}

TEST(EarlyBytes, are_handed_out_in_the_pieces_in_which_they_came) {
  EarlyBytes early;
  for (const char* piece : {"one", "", "two"}) early.add(piece);

  EXPECT_EQ(next_of(early), "one");
  EXPECT_EQ(next_of(early), "");
  EXPECT_FALSE(early.empty());
  EXPECT_EQ(next_of(early), "two");
  EXPECT_TRUE(early.empty());
}

TEST(EarlyBytes, keep_pieces_of_every_size) {
  EarlyBytes early;
  const std::string large(100'000, 'x');
  early.add("small");
  early.add(large);

  EXPECT_EQ(next_of(early), "small");
  EXPECT_TRUE(next_of(early) == large);
}

TEST(EarlyBytes, hand_no_piece_out_again_that_a_sink_has_thrown_at) {
  struct ThrowingSink final : ByteSink {
    void on_bytes(std::string_view) override { throw std::runtime_error("full"); }
  } throwing;
  EarlyBytes early;
  early.add("one");
  early.add("two");

  EXPECT_THROW(early.hand_out(throwing), std::runtime_error);
  EXPECT_EQ(next_of(early), "two");
}

TEST(EarlyBytes, are_gone_when_cleared) {
  EarlyBytes early;
  early.add("one");

  early.clear();

  EXPECT_TRUE(early.empty());
}

}  // namespace
}  // namespace llm::http
