#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>

#include <llm/message.hpp>

#include "base/media_type.hpp"
#include "base/text.hpp"
#include "llm/document_name.hpp"
#include "llm/media_kind.hpp"

namespace llm {
namespace {

constexpr std::size_t kMaxFileBytes = 25'000'000;  // InvokeModel `body` (botocore)

std::unexpected<Error> refuse(const std::filesystem::path& path, std::string_view problem) {
  return std::unexpected(
      make_error(ErrorCode::configuration_error,
                 "cannot use file \"" + path.string() + "\": " + std::string(problem)));
}

std::unexpected<Error> refuse_errno(const std::filesystem::path& path) {
  return refuse(path, std::generic_category().message(errno));
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

// Reads to the end, or one byte past the limit. False: see errno.
bool read_all(const FileDescriptor& file, std::string& bytes) {
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t count = ::read(file.number(), bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  bytes.resize(size);
  return true;
}

Result<std::string> read_file(const std::filesystem::path& path) {
  // O_NONBLOCK: opening a named pipe would wait for a writer.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status{};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0) return refuse_errno(path);
  if (!S_ISREG(status.st_mode)) return refuse(path, "it is no regular file");
  if (static_cast<std::size_t>(status.st_size) > kMaxFileBytes) {
    return refuse(path, "it is over 25,000,000 bytes; make it smaller or put it into S3");
  }

  // One byte more than it should have, to see that it has not grown.
  std::string bytes(static_cast<std::size_t>(status.st_size) + 1, '\0');
  if (!read_all(file, bytes)) return refuse_errno(path);
  if (bytes.empty()) return refuse(path, "it is empty");
  if (bytes.size() > static_cast<std::size_t>(status.st_size)) {
    return refuse(path, "it is being written; wait until it is complete");
  }
  return bytes;
}

Content make_content(const MediaKind& kind, std::string bytes, const std::filesystem::path& path) {
  if (kind.group == MediaGroup::video) {
    return VideoContent{.source = std::move(bytes), .format = std::string(kind.word)};
  }
  if (kind.group == MediaGroup::audio) {
    return AudioContent{.source = std::move(bytes), .format = std::string(kind.word)};
  }
  return DocumentContent{.source = std::move(bytes),
                         .media_type = std::string(kind.word),
                         .name = clean_document_name(path.stem().string())};
}

}  // namespace

Result<ImageContent> image_from_file(const std::filesystem::path& path) {
  auto bytes = read_file(path);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  const std::string_view media_type = base::image_media_type(*bytes);
  if (media_type.empty()) return refuse(path, "its bytes are no PNG, JPEG, GIF or WebP image");
  return ImageContent{.source = std::move(*bytes), .media_type = std::string(media_type)};
}

Result<Content> content_from_file(const std::filesystem::path& path) {
  auto bytes = read_file(path);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  const std::string_view image_type = base::image_media_type(*bytes);
  if (!image_type.empty()) {
    return ImageContent{.source = std::move(*bytes), .media_type = std::string(image_type)};
  }

  const std::string ending = base::to_lower(path.extension().string());
  const MediaKind* kind = media_kind(*bytes, ending);
  if (kind == nullptr) {
    return refuse(path,
                  "it is no image, and its name's ending is of no known document, video or "
                  "sound; rename it or convert it");
  }
  if (!has_signature(*kind, *bytes)) {
    return refuse(path, "its bytes are not what its name's ending says; rename it or convert it");
  }
  return make_content(*kind, std::move(*bytes), path);
}

}  // namespace llm
