#include "base/base64.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/base64_avx2.hpp"

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

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// RFC 4648 bit by bit.
std::string plainly_encoded(std::string_view bytes) {
  std::string text;
  unsigned bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    for (count += 8; count >= 6; count -= 6) text += kAlphabet[bits >> (count - 6) & 63];
  }
  if (count > 0) text += kAlphabet[bits << (6 - count) & 63];
  while (text.size() % 4 != 0) text += '=';
  return text;
}

// The same backwards; nullopt for what is not strictly base64.
std::optional<std::string> plainly_decoded(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char character : text) {
    const std::size_t value = kAlphabet.find(character);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<unsigned>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count);
    bits &= (1U << count) - 1;
  }
  return bits == 0 ? std::optional(bytes) : std::nullopt;
}

// One of the two implementations for complete groups, and the fewest groups it handles.
struct Path {
  std::string_view name;
  std::size_t least_groups = 0;
  std::size_t (*encode)(std::string_view bytes, char* out) = nullptr;
  bool (*decode)(std::string_view text, char* out) = nullptr;
};

// Those that this processor has.
std::vector<Path> paths() {
  std::vector<Path> all = {{"scalar", 0, encode_groups_scalar, decode_groups_scalar}};
  if (avx2::is_available()) {
    const auto decode = [](std::string_view text, char* out) {
      return avx2::decode_groups(text, out) == text.size();
    };
    all.push_back({"AVX2", avx2::kBlockBytes / 3, avx2::encode_groups, decode});
  }
  return all;
}

// Characters at the very end of a heap block, so that AddressSanitizer sees a step too far, at so
// many bytes from its start. The bytes before them must stay as they are.
class HeapText {
 public:
  HeapText(std::size_t offset, std::size_t size)
      : offset_(offset), size_(size), block_(new char[offset + size]) {
    std::fill_n(block_.get(), offset + size, kFill);
  }
  HeapText(std::size_t offset, std::string_view text) : HeapText(offset, text.size()) {
    std::ranges::copy(text, data());
  }

  [[nodiscard]] char* data() { return block_.get() + offset_; }
  [[nodiscard]] std::string_view view() { return {data(), size_}; }
  [[nodiscard]] bool is_untouched_before() const {
    return std::string_view(block_.get(), offset_) == std::string(offset_, kFill);
  }

 private:
  static constexpr char kFill = '\x5A';
  std::size_t offset_ = 0;
  std::size_t size_ = 0;
  std::unique_ptr<char[]> block_;
};

constexpr std::size_t kAlignments = 32;  // Those of an AVX2 register.

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

TEST(Base64, follows_rfc_4648_at_every_length_and_alignment) {
  for (std::size_t length = 0; length <= 200; ++length) {
    const std::string bytes = bytes_up_to(length);
    const std::string text = plainly_encoded(bytes);
    for (std::size_t offset = 0; offset < kAlignments; ++offset) {
      HeapText source(offset, bytes);
      HeapText encoded_source(offset, text);

      std::string decoded;
      ASSERT_EQ(encoded(source.view()), text) << length << " at " << offset;
      ASSERT_TRUE(append_base64_decoded(encoded_source.view(), decoded)) << length << " " << offset;
      ASSERT_EQ(decoded, bytes) << length << " at " << offset;
    }
  }
}

TEST(Base64, encodes_alike_on_every_path_and_writes_no_further) {
  for (const Path& path : paths()) {
    for (std::size_t length = path.least_groups * 3; length <= 200; ++length) {
      const std::size_t full = length / 3 * 3;
      const std::string bytes = bytes_up_to(length);
      for (std::size_t offset = 0; offset < kAlignments; ++offset) {
        HeapText source(offset, bytes);
        HeapText out(kAlignments - offset, full / 3 * 4);

        ASSERT_EQ(path.encode(source.view(), out.data()), full) << path.name << " " << length;
        ASSERT_EQ(out.view(), plainly_encoded(bytes.substr(0, full))) << path.name << " " << length;
        ASSERT_TRUE(out.is_untouched_before()) << path.name << " " << length;
      }
    }
  }
}

TEST(Base64, decodes_alike_on_every_path_and_writes_no_further) {
  for (const Path& path : paths()) {
    for (std::size_t groups = path.least_groups; groups <= 67; ++groups) {
      const std::string bytes = bytes_up_to(groups * 3);
      const std::string text = plainly_encoded(bytes);
      for (std::size_t offset = 0; offset < kAlignments; ++offset) {
        HeapText source(offset, text);
        HeapText out(kAlignments - offset, bytes.size());

        ASSERT_TRUE(path.decode(source.view(), out.data())) << path.name << " " << groups;
        ASSERT_EQ(out.view(), bytes) << path.name << " " << groups;
        ASSERT_TRUE(out.is_untouched_before()) << path.name << " " << groups;
      }
    }
  }
}

// 100 characters are three blocks and a group; then with one and with two characters of padding.
TEST(Base64, judges_every_byte_at_every_position_as_the_alphabet_does) {
  for (const std::size_t length : {75U, 74U, 73U}) {
    const std::string good = plainly_encoded(bytes_up_to(length));
    ASSERT_EQ(good.size(), 100U);
    for (std::size_t position = 0; position < good.size(); ++position) {
      for (int value = 0; value < 256; ++value) {
        std::string text = good;
        text[position] = static_cast<char>(value);
        const auto expected = plainly_decoded(text);

        std::string out = "before";
        ASSERT_EQ(append_base64_decoded(text, out), expected.has_value())
            << position << " " << value;
        ASSERT_EQ(out, "before" + expected.value_or("")) << position << " " << value;
        ASSERT_EQ(encoded(expected.value_or("")), expected ? text : "") << position << " " << value;
      }
    }
  }
}

TEST(Base64, judges_every_byte_alike_on_every_path) {
  const std::string good = plainly_encoded(bytes_up_to(75));
  for (const Path& path : paths()) {
    for (std::size_t position = 0; position < good.size(); ++position) {
      for (int value = 0; value < 256; ++value) {
        HeapText text(0, good);
        text.data()[position] = static_cast<char>(value);
        const bool expected = kAlphabet.find(static_cast<char>(value)) != std::string_view::npos;

        HeapText out(0, 75);
        ASSERT_EQ(path.decode(text.view(), out.data()), expected) << position << " " << value;
        if (!expected) continue;
        ASSERT_EQ(out.view(), plainly_decoded(text.view())) << position << " " << value;
      }
    }
  }
}

TEST(Base64, uses_the_whole_alphabet_in_order) {
  std::string bytes;
  for (unsigned value = 0; value < 64; value += 4) {
    const unsigned bits = value << 18 | (value + 1) << 12 | (value + 2) << 6 | (value + 3);
    bytes += {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8), static_cast<char>(bits)};
  }

  EXPECT_EQ(encoded(bytes), kAlphabet);
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
    std::string out = "before";

    EXPECT_FALSE(append_base64_decoded(text, out)) << text;
    EXPECT_EQ(out, "before") << text;
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
