#include "base/sha256.hpp"

#include <gtest/gtest.h>

namespace llm::base {
namespace {

Sha256Digest hmac_of(std::string_view key, std::string_view text) {
  return Sha256().hmac(HmacKey(key), text);
}

// FIPS 180-4 examples.
TEST(Sha256, gives_the_published_digests) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// RFC 4231, test cases 2 and 6.
TEST(HmacSha256, gives_the_vectors_of_rfc_4231) {
  EXPECT_EQ(hex(hmac_of("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_of(std::string(131, '\xAA'),
                        "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, accepts_an_empty_key) {
  EXPECT_EQ(hex(hmac_of({}, "")),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(HmacKey, can_be_reused_and_derives_other_keys) {
  const HmacKey key("Jefe");
  Sha256 sha256;

  const Sha256Digest first = sha256.hmac(key, "what do ya want for nothing?");
  const Sha256Digest between = sha256.digest("abc");
  const Sha256Digest second = sha256.hmac(key, "what do ya want for nothing?");
  const Sha256Digest derived = sha256.hmac(key.derive("a"), "b");

  EXPECT_EQ(first, hmac_of("Jefe", "what do ya want for nothing?"));
  EXPECT_EQ(between, base::sha256("abc"));
  EXPECT_EQ(second, first);
  const Sha256Digest raw = hmac_of("Jefe", "a");
  const std::string raw_key(raw.begin(), raw.end());
  EXPECT_EQ(derived, hmac_of(raw_key, "b"));
}

TEST(Sha1, gives_the_published_digest) {
  EXPECT_EQ(sha1_hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(Hex, writes_every_bit_in_lower_case) {
  EXPECT_EQ(hex(std::string_view("\x00\x0F\xA5\xFF", 4)), "000fa5ff");
}

}  // namespace
}  // namespace llm::base
