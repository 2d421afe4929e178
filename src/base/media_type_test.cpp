#include "base/media_type.hpp"

#include <string>

#include <gtest/gtest.h>

namespace llm::base {
namespace {

using namespace std::string_literals;

const std::string kPng = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\x01\x02\0\0\x03\x04"s;
const std::string kGif = "GIF89a\x02\x01\x04\x03"s;
const std::string kJpegStart = "\xFF\xD8\xFF\xE0\0\x04JF"s;
const std::string kStartOfFrame = "\xFF\xC2\0\x11\x08\x03\x04\x01\x02\x03"s;
const std::string kLossy = "RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9D\x01\x2A\x02\x41\x04\x83"s;
// 14 bits width - 1, then 14 bits height - 1: 258 and 772.
const std::string kLossless = "RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2F\x01\xC1\xC0\0"s;
const std::string kExtended = "RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x01\x01\0\x03\x03\0"s;

void expect_size(const std::string& bytes, std::uint32_t width, std::uint32_t height) {
  const auto size = image_size(bytes);

  ASSERT_TRUE(size);
  EXPECT_EQ(size->width, width);
  EXPECT_EQ(size->height, height);
}

TEST(ImageMediaType, is_detected_from_the_first_bytes) {
  EXPECT_EQ(image_media_type(kPng), "image/png");
  EXPECT_EQ(image_media_type(kGif), "image/gif");
  EXPECT_EQ(image_media_type("GIF87a"), "image/gif");
  EXPECT_EQ(image_media_type(kJpegStart), "image/jpeg");
  EXPECT_EQ(image_media_type(kLossy), "image/webp");
}

TEST(ImageMediaType, is_empty_for_anything_else) {
  for (const std::string_view bytes :
       {"", "GIF88a", "\x89PNG", "RIFF....WAVE", "RIFF", "%PDF-1.7", "\xFF\xD8", "<svg"}) {
    EXPECT_EQ(image_media_type(bytes), "") << bytes;
  }
}

TEST(ImageSize, is_read_from_each_format) {
  expect_size(kPng, 258, 772);
  expect_size(kGif, 258, 772);
  expect_size(kJpegStart + kStartOfFrame, 258, 772);
  expect_size(kLossy, 258, 772);
  expect_size(kLossless, 258, 772);
  expect_size(kExtended, 258, 772);
}

TEST(ImageSize, skips_other_jpeg_segments) {
  const std::string huffman_table = "\xFF\xC4\0\x05\x01\x02\x03"s;
  const std::string fill_bytes = "\xFF\xFF"s;
  const std::string restart = "\xFF\xD0"s;

  expect_size(kJpegStart + huffman_table + restart + fill_bytes + kStartOfFrame, 258, 772);
}

TEST(ImageSize, is_unknown_when_the_header_is_cut_short) {
  for (const std::string& image :
       {kPng, kGif, kJpegStart + kStartOfFrame.substr(0, 9), kLossy, kLossless, kExtended}) {
    const std::string cut = image.substr(0, image.size() - 1);

    EXPECT_FALSE(image_size(cut)) << testing::PrintToString(cut);
  }
}

TEST(ImageSize, is_unknown_when_the_header_is_damaged) {
  EXPECT_FALSE(image_size(kJpegStart + "no marker here"));
  EXPECT_FALSE(image_size("\xFF\xD8\xFF\xE0\0\0"s + kStartOfFrame));
  EXPECT_FALSE(image_size("RIFF\0\0\0\0WEBPALPH..................."s));
  EXPECT_FALSE(image_size("no image at all, but long enough"));
}

}  // namespace
}  // namespace llm::base
