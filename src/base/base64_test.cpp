#include "base/base64.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace llm::base {
namespace {

std::string encoded(std::string_view bytes) {
  std::string text;
  append_base64(bytes, text);
  return text;
}

std::string bytes_up_to(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes.push_back(static_cast<char>(i * 37 + 11));
  return bytes;
}

// RFC 4648, section 10.
const std::vector<std::pair<std::string, std::string>> kVectors = {{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"}};

TEST(Base64, encodes_the_vectors_of_rfc_4648) {
  for (const auto& [bytes, text] : kVectors) {
    EXPECT_EQ(encoded(bytes), text);
    EXPECT_EQ(base64_size(bytes.size()), text.size());
  }
}

TEST(Base64, decodes_the_vectors_of_rfc_4648) {
  for (const auto& [bytes, text] : kVectors) {
    std::string decoded;

    EXPECT_TRUE(append_base64_decoded(text, decoded)) << text;
    EXPECT_EQ(decoded, bytes);
  }
}

TEST(Base64, gives_back_every_byte_at_every_length) {
  for (std::size_t length = 0; length < 600; ++length) {
    const std::string bytes = bytes_up_to(length);

    std::string decoded;
    ASSERT_TRUE(append_base64_decoded(encoded(bytes), decoded)) << length;
    ASSERT_EQ(decoded, bytes) << length;
  }
}

TEST(Base64, uses_the_whole_alphabet_in_order) {
  std::string bytes;
  for (unsigned value = 0; value < 64; value += 4) {
    const unsigned bits = value << 18 | (value + 1) << 12 | (value + 2) << 6 | (value + 3);
    bytes += {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8), static_cast<char>(bits)};
  }

  EXPECT_EQ(encoded(bytes), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
}

TEST(Base64, appends_to_what_is_there) {
  std::string text = "data:";
  append_base64("foo", text);

  std::string bytes = "bytes:";
  EXPECT_TRUE(append_base64_decoded("Zm9v", bytes));

  EXPECT_EQ(text, "data:Zm9v");
  EXPECT_EQ(bytes, "bytes:foo");
}

TEST(Base64, refuses_what_is_not_strictly_base64) {
  const std::vector<std::string> refused = {
      "Z",     "Zg",      "Zg=",      "Zm9v\n",       "Zm9v Zm9v", "Zm9-", "Zm9_",
      "====",  "Z===",    "=Zg=",     "Zg==Zg==",     "Zh==",      "Zm9=", std::string("Zm\0v", 4),
      "Zm9vY", "Zm9\xC3", "Zm9vZm=v", "Zm9vZm9vZ*==", "Zg=a"};
  for (const std::string& text : refused) {
    std::string out = "kept";

    EXPECT_FALSE(append_base64_decoded(text, out)) << text;
    EXPECT_EQ(out, "kept") << text;
  }
}

TEST(Base64Url, has_its_own_alphabet_and_no_padding) {
  EXPECT_EQ(base64url("\xFB\xFF\xFE"), "-__-");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("fo"), "Zm8");
  EXPECT_EQ(base64url(""), "");
}

}  // namespace
}  // namespace llm::base
