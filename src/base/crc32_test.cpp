#include "base/crc32.hpp"

#include <gtest/gtest.h>

namespace llm::base {
namespace {

TEST(Crc32, gives_the_check_value_of_the_algorithm) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);  // catalogue of CRC algorithms, CRC-32/ISO-HDLC
}

TEST(Crc32, continues_from_its_seed) { EXPECT_EQ(crc32("56789", crc32("1234")), 0xCBF43926U); }

TEST(Crc32, keeps_its_seed_when_there_are_no_bytes) {
  EXPECT_EQ(crc32({}, 0xCBF43926U), 0xCBF43926U);
  EXPECT_EQ(crc32({}), 0U);
}

}  // namespace
}  // namespace llm::base
