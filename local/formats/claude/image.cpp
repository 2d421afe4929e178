#include "local/formats/claude/image.hpp"

#include <algorithm>
#include <array>

#include "base/base64.hpp"

namespace llm::local {
namespace {

constexpr std::size_t kMaxBase64Bytes = 5'242'880;  // Bedrock measures the base64 text.
// Of width and height.
constexpr std::uint32_t kMaxPixels = 8000;
constexpr std::uint32_t kMaxPixelsOfMany = 2000;
// Above this number of images, the lower limit applies.
constexpr std::size_t kMany = 20;

constexpr std::array<std::string_view, 4> kMediaTypes{"image/jpeg", "image/png", "image/gif",
                                                      "image/webp"};

Checked<void> check_source(const json::Value& source, const std::string& at) {
  const std::string type = source["type"].text_or_empty();
  if (type != "base64") {
    return invalid(at + ": Input tag '" + type +
                   "' found using 'type' does not match any of the expected tags: 'base64'");
  }
  for (const std::string_view name : {"media_type", "data"}) {
    if (!source[name].is_string()) {
      return invalid(at + ".base64." + std::string(name) + ": Field required");
    }
  }
  if (std::ranges::count(kMediaTypes, *source["media_type"].string()) == 0) {
    return invalid(at +
                   ".base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or "
                   "'image/webp'");
  }
  return check_image_size(*source["data"].string(), at + ".base64");
}

}  // namespace

Checked<Image> read_claude_image(const json::Value& source, const std::string& at,
                                 const Model& model, std::uint32_t max_pixels) {
  if (!model.vision) {
    return invalid(at + ": \"" + std::string(model.native_name) +
                   "\" does not support image input");
  }
  const std::string place = at + ".image.source";
  if (auto checked = check_source(source, place); !checked) {
    return std::unexpected(checked.error());
  }
  return read_image(*source["data"].string(), *source["media_type"].string(), place, max_pixels);
}

std::uint32_t max_image_pixels(std::size_t images) {
  return images > kMany ? kMaxPixelsOfMany : kMaxPixels;
}

Checked<void> check_image_size(std::string_view base64, const std::string& at) {
  if (base64.size() <= kMaxBase64Bytes) return {};
  return invalid(at + ": image exceeds 5 MB maximum: " + std::to_string(base64.size()) +
                 " bytes > " + std::to_string(kMaxBase64Bytes) + " bytes");
}

Checked<Image> read_image(std::string_view base64, std::string_view declared,
                          const std::string& place, std::uint32_t max_pixels) {
  std::string bytes;
  if (!base::append_base64_decoded(base64, bytes)) {
    return invalid(place + ".base64: invalid base64 data");
  }

  const std::string_view actual = base::image_media_type(bytes);
  if (actual.empty()) return invalid("Could not process image");
  if (actual != declared) {
    return invalid(place + ".base64.data: The image was specified using the " +
                   std::string(declared) + " media type, but the image appears to be a " +
                   std::string(actual) + " image");
  }
  const std::optional<base::ImageSize> size = base::image_size(bytes);
  if (size && std::max(size->width, size->height) > max_pixels) {
    const std::string_view requests = max_pixels < kMaxPixels ? " for many-image requests" : "";
    return invalid(place +
                   ".base64.data: At least one of the image dimensions exceed max allowed size" +
                   std::string(requests) + ": " + std::to_string(max_pixels) + " pixels");
  }
  return Image{.media_type = actual, .bytes = bytes.size(), .size = size};
}

std::int64_t image_tokens(const Image& image) {
  constexpr std::int64_t kUnknown = 1000;
  if (!image.size) return kUnknown;
  return std::int64_t{image.size->width} * image.size->height / 750 + 1;
}

}  // namespace llm::local
