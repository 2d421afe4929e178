#include "bedrock/codec/converse/format.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "base/media_type.hpp"
#include "base/text.hpp"
#include "bedrock/codec/media.hpp"
#include "llm/media_kind.hpp"

namespace llm::bedrock {
namespace {

struct ImageRow {
  std::string_view format;
  std::string_view media_type;
};
constexpr std::array<ImageRow, 4> kImages{
    {{"png", "image/png"}, {"jpeg", "image/jpeg"}, {"gif", "image/gif"}, {"webp", "image/webp"}}};

Error bad_block(std::string_view kind, BlockPosition position, std::string_view problem,
                std::string_view advice = {}) {
  std::string message = "The ";
  message.append(kind).append(" at ").append(to_string(position)).append(" ");
  message.append(problem).append(".");
  return make_error(ErrorCode::configuration_error, std::move(message), std::string(advice));
}

// `.pdf` of `s3://bucket/key.PDF`; empty if it has none.
std::string extension_of(std::string_view name) {
  const std::size_t dot = name.find_last_of("./");
  if (dot == std::string_view::npos || name[dot] != '.') return {};
  return base::to_lower(name.substr(dot));
}

std::string extension_in_s3(const MediaSource& source) {
  const auto* location = std::get_if<S3Location>(&source);
  return location == nullptr ? std::string() : extension_of(location->uri);
}

// `image/jpg` is often written for `image/jpeg`.
std::string_view image_format_in_s3(const ImageContent& image) {
  const auto declared =
      std::ranges::find(kImages, declared_type(image.media_type), &ImageRow::media_type);
  if (declared != kImages.end()) return declared->format;
  const std::string extension = extension_in_s3(image.source);
  if (!image.media_type.empty() || extension.empty()) return {};
  const std::string_view format =
      extension == ".jpg" ? "jpeg" : std::string_view(extension).substr(1);
  const auto found = std::ranges::find(kImages, format, &ImageRow::format);
  return found == kImages.end() ? std::string_view() : found->format;
}

bool is_text_type(std::string_view media_type) {
  return media_type.starts_with("text/") || media_type == "application/json" ||
         media_type == "application/xml";
}

const MediaKind* document_kind(const DocumentContent& document, std::string_view bytes) {
  if (!document.media_type.empty()) return document_kind_of(document.media_type);
  const std::string in_s3 = extension_in_s3(document.source);
  const MediaKind* kind = media_kind(bytes, in_s3.empty() ? extension_of(document.name) : in_s3);
  return kind != nullptr && kind->group == MediaGroup::document ? kind : nullptr;
}

// Converse's names are the usual file extensions without the dot.
std::string_view format_name(const MediaKind& kind) {
  return document_kind_of(kind.format)->extension.substr(1);
}

// The format of a video or audio by its file extension.
Result<std::string_view> format_by_extension(std::string_view kind, MediaGroup group,
                                             const MediaSource& source, BlockPosition position) {
  const MediaKind* found = media_kind({}, extension_in_s3(source));
  if (found != nullptr && found->group == group) return found->format;
  return std::unexpected(bad_block(kind, position, "has no known format", "Set its format."));
}

}  // namespace

Result<std::string_view> image_format(const ImageContent& image, BlockPosition position) {
  const auto* bytes = std::get_if<std::string>(&image.source);
  if (bytes == nullptr) {
    const std::string_view format = image_format_in_s3(image);
    if (!format.empty()) return format;
    return std::unexpected(bad_block("image", position,
                                     "is in S3, and its media_type is not PNG, JPEG, GIF or WebP",
                                     "Set its media_type."));
  }
  const std::string_view found = base::image_media_type(*bytes);
  const auto row = std::ranges::find(kImages, found, &ImageRow::media_type);
  if (row == kImages.end()) {
    return std::unexpected(bad_block("image", position, "is not PNG, JPEG, GIF or WebP"));
  }
  const std::string_view declared = declared_type(image.media_type);
  if (declared.empty() || declared == found) return row->format;
  return std::unexpected(bad_block(
      "image", position,
      "is declared as " + image.media_type + ", but its bytes are " + std::string(found)));
}

Result<std::string_view> document_format(const DocumentContent& document, BlockPosition position,
                                         std::vector<Warning>& warnings) {
  if (!document.passages.empty() && document.media_type.empty()) return "txt";
  const auto* bytes =
      document.passages.empty() ? std::get_if<std::string>(&document.source) : nullptr;
  const MediaKind* kind =
      document_kind(document, bytes == nullptr ? std::string_view() : std::string_view(*bytes));
  if (kind != nullptr) {
    if (bytes == nullptr || has_signature(*kind, *bytes)) return format_name(*kind);
    return std::unexpected(
        bad_block("document", position,
                  "is declared as " + std::string(kind->format) + ", but its bytes are not"));
  }
  if (document.media_type.empty()) {
    return std::unexpected(
        bad_block("document", position, "has no known type", "Set its media_type."));
  }
  if (!is_text_type(document.media_type)) {
    return std::unexpected(make_error(ErrorCode::unsupported_feature,
                                      "The document at " + to_string(position) + " is " +
                                          document.media_type + ", which Converse does not accept.",
                                      "Convert the document."));
  }
  warnings.push_back({"document_as_text", "The document at " + to_string(position) + " is " +
                                              document.media_type +
                                              " and was sent as plain text."});
  return "txt";
}

Result<std::string_view> video_format(const VideoContent& video, BlockPosition position) {
  if (!video.format.empty()) return video.format;
  return format_by_extension("video", MediaGroup::video, video.source, position);
}

Result<std::string_view> audio_format(const AudioContent& audio, BlockPosition position) {
  if (!audio.format.empty()) return audio.format;
  return format_by_extension("audio", MediaGroup::audio, audio.source, position);
}

std::string_view image_type_of(std::string_view format) {
  const auto row = std::ranges::find(kImages, format, &ImageRow::format);
  return row == kImages.end() ? std::string_view() : row->media_type;
}

std::string_view document_type_of(std::string_view format) {
  const MediaKind* kind = media_kind({}, "." + std::string(format));
  const bool is_document = kind != nullptr && kind->group == MediaGroup::document;
  return is_document ? kind->format : std::string_view();
}

}  // namespace llm::bedrock
