#include "base/uuid.hpp"

#include <gtest/gtest.h>

namespace llm::base {
namespace {

TEST(Uuid, sets_version_and_variant_and_keeps_the_other_bits) {
  std::array<std::byte, 16> ones;
  ones.fill(std::byte{0xff});

  EXPECT_EQ(uuid_v4(ones), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  EXPECT_EQ(uuid_v4({}), "00000000-0000-4000-8000-000000000000");
}

}  // namespace
}  // namespace llm::base
