#include "base/percent.hpp"

#include <gtest/gtest.h>

namespace llm::base {
namespace {

TEST(PercentEncode, keeps_unreserved_characters_alone) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode("a b/c:d+e=f%g"), "a%20b%2Fc%3Ad%2Be%3Df%25g");
  EXPECT_EQ(percent_encode("\xC3\xA9"), "%C3%A9");
  EXPECT_EQ(percent_encode(std::string_view("\0", 1)), "%00");
}

TEST(PercentDecode, undoes_the_encoding) {
  EXPECT_EQ(percent_decode(percent_encode("a b/c:d+e=f%g\xC3\xA9")), "a b/c:d+e=f%g\xC3\xA9");
  EXPECT_EQ(percent_decode("%3a%3A+"), "::+");
  EXPECT_EQ(percent_decode(""), "");
}

TEST(PercentDecode, refuses_a_sign_without_two_hex_digits) {
  for (const std::string_view text : {"%", "%4", "a%", "%G0", "%0G", "%%41", "%-1"}) {
    EXPECT_EQ(percent_decode(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace llm::base
