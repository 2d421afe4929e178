#include "base/media_type.hpp"

#include <cstddef>

namespace llm::base {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1A\n"sv;

// The bytes of a header. Reads past the end give zero; `size` is the number of real bytes.
class Header {
 public:
  explicit Header(std::string_view bytes) : bytes_(bytes) {}

  std::uint32_t byte(std::size_t at) const {
    return at < bytes_.size() ? static_cast<unsigned char>(bytes_[at]) : 0;
  }
  std::uint32_t big16(std::size_t at) const { return byte(at) << 8 | byte(at + 1); }
  std::uint32_t big32(std::size_t at) const { return big16(at) << 16 | big16(at + 2); }
  std::uint32_t little16(std::size_t at) const { return byte(at) | byte(at + 1) << 8; }
  std::uint32_t little24(std::size_t at) const { return little16(at) | byte(at + 2) << 16; }
  std::uint32_t little32(std::size_t at) const { return little24(at) | byte(at + 3) << 24; }
  bool has(std::size_t at, std::string_view text) const {
    return at <= bytes_.size() && bytes_.substr(at).starts_with(text);
  }
  std::size_t size() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
};

// The first chunk is always IHDR: length, name, width, height (PNG 3rd edition, 11.2.1).
std::optional<ImageSize> png_size(Header header) {
  if (header.size() < 24 || !header.has(12, "IHDR")) return std::nullopt;
  return ImageSize{header.big32(16), header.big32(20)};
}

// The logical screen (GIF89a, 18).
std::optional<ImageSize> gif_size(Header header) {
  if (header.size() < 10) return std::nullopt;
  return ImageSize{header.little16(6), header.little16(8)};
}

// SOF0 to SOF15 except DHT, JPG and DAC, which share the range (ITU-T T.81, table B.1).
bool is_start_of_frame(std::uint32_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// TEM and RST0 to RST7 stand alone, without a length.
bool stands_alone(std::uint32_t marker) {
  return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7);
}

// Walks from marker to marker until the start of a frame.
std::optional<ImageSize> jpeg_size(Header header) {
  std::size_t at = 2;
  while (at + 9 <= header.size()) {
    if (header.byte(at) != 0xFF) return std::nullopt;
    const std::uint32_t marker = header.byte(at + 1);
    if (marker == 0xFF) {  // a fill byte
      ++at;
      continue;
    }
    if (is_start_of_frame(marker)) return ImageSize{header.big16(at + 7), header.big16(at + 5)};
    const std::uint32_t length = stands_alone(marker) ? 0 : header.big16(at + 2);
    if (length < 2 && !stands_alone(marker)) return std::nullopt;
    at += 2 + length;
  }
  return std::nullopt;
}

// The three kinds of first chunk (WebP Container Specification; RFC 6386, 9.1).
std::optional<ImageSize> webp_size(Header header) {
  if (header.has(12, "VP8 ") && header.size() >= 30 && header.has(23, "\x9D\x01\x2A")) {
    return ImageSize{header.little16(26) & 0x3FFF, header.little16(28) & 0x3FFF};
  }
  if (header.has(12, "VP8L") && header.size() >= 25 && header.byte(20) == 0x2F) {
    const std::uint32_t bits = header.little32(21);
    return ImageSize{(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
  }
  if (header.has(12, "VP8X") && header.size() >= 30) {
    return ImageSize{header.little24(24) + 1, header.little24(27) + 1};
  }
  return std::nullopt;
}

}  // namespace

std::string_view image_media_type(std::string_view bytes) {
  const Header header(bytes);
  if (header.has(0, kPngSignature)) return "image/png";
  if (header.has(0, "\xFF\xD8\xFF")) return "image/jpeg";
  if (header.has(0, "GIF87a") || header.has(0, "GIF89a")) return "image/gif";
  if (header.has(0, "RIFF") && header.has(8, "WEBP")) return "image/webp";
  return {};
}

std::optional<ImageSize> image_size(std::string_view bytes) {
  const std::string_view media_type = image_media_type(bytes);
  const Header header(bytes);
  if (media_type == "image/png") return png_size(header);
  if (media_type == "image/jpeg") return jpeg_size(header);
  if (media_type == "image/gif") return gif_size(header);
  if (media_type == "image/webp") return webp_size(header);
  return std::nullopt;
}

}  // namespace llm::base
