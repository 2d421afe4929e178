#include <cstddef>
#include <utility>

#include <llm/message.hpp>

#include "base/errors.hpp"
#include "base/media_type.hpp"
#include "base/text.hpp"
#include "llm/document_name.hpp"
#include "llm/media_kind.hpp"
#include "port/files.hpp"

namespace llm {
namespace {

constexpr std::size_t kMaxFileBytes = 25'000'000;  // InvokeModel `body` (botocore)

/// `problem` completes a sentence that begins with the path.
std::unexpected<Error> refuse(const std::filesystem::path& path, std::string_view problem,
                              std::string advice) {
  return base::configuration_error('"' + path.string() + "\" " + std::string(problem) + '.',
                                   std::move(advice));
}

Result<std::string> read_file(const std::filesystem::path& path) {
  const auto stamp = port::file_stamp(path);
  if (stamp && stamp->size > kMaxFileBytes) {
    return refuse(path, "is larger than 25,000,000 bytes", "Make it smaller, or put it into S3.");
  }
  auto bytes = port::read_regular_file(path, kMaxFileBytes);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  if (!*bytes) return refuse(path, "does not exist", "Check the path.");
  if ((*bytes)->empty()) return refuse(path, "is empty", "Choose another file.");
  if (stamp && (*bytes)->size() > stamp->size) {
    return refuse(path, "is still being written", "Wait until it is complete.");
  }
  return *std::move(*bytes);
}

Content make_content(const MediaKind& kind, std::string bytes, const std::filesystem::path& path) {
  if (kind.group == MediaGroup::video) {
    return VideoContent{.source = std::move(bytes), .format = std::string(kind.format)};
  }
  if (kind.group == MediaGroup::audio) {
    return AudioContent{.source = std::move(bytes), .format = std::string(kind.format)};
  }
  return DocumentContent{.source = std::move(bytes),
                         .media_type = std::string(kind.format),
                         .name = clean_document_name(path.stem().string())};
}

}  // namespace

Result<ImageContent> image_from_file(const std::filesystem::path& path) {
  auto bytes = read_file(path);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  const std::string_view media_type = base::image_media_type(*bytes);
  if (media_type.empty()) {
    return refuse(path, "is not a PNG, JPEG, GIF or WebP image", "Convert it.");
  }
  return ImageContent{.source = std::move(*bytes), .media_type = std::string(media_type)};
}

Result<Content> content_from_file(const std::filesystem::path& path) {
  auto bytes = read_file(path);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  const std::string_view image_type = base::image_media_type(*bytes);
  if (!image_type.empty()) {
    return ImageContent{.source = std::move(*bytes), .media_type = std::string(image_type)};
  }

  const std::string extension = base::to_lower(path.extension().string());
  const MediaKind* kind = media_kind(*bytes, extension);
  if (kind == nullptr) {
    return refuse(path,
                  "is not an image, and its extension is not that of a supported document, video "
                  "or audio format",
                  "Rename it, or convert it.");
  }
  if (!has_signature(*kind, *bytes)) {
    return refuse(path, "has content that does not match its extension",
                  "Rename it, or convert it.");
  }
  return make_content(*kind, std::move(*bytes), path);
}

}  // namespace llm
