// What the first bytes of a file say does not change with the bytes after them, and the readers of
// media types, dimensions and kinds agree.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/media_type.hpp"
#include "fuzz/require.hpp"
#include "llm/media_kind.hpp"

namespace {

using llm::fuzz::require;

bool is_equal(const llm::base::ImageSize& left, const llm::base::ImageSize& right) {
  return left.width == right.width && left.height == right.height;
}

void check_image(std::string_view bytes) {
  const std::string_view type = llm::base::image_media_type(bytes);
  const auto size = llm::base::image_size(bytes);
  const std::string longer = std::string(bytes) + std::string(64, '\xFF');
  require(type.empty() || llm::base::image_media_type(longer) == type, "a type stays");
  require(!size || !type.empty(), "what has a size has a type");
  if (!size) return;
  const auto again = llm::base::image_size(longer);
  require(again && is_equal(*size, *again), "a size stays");
}

void check_kind(std::string_view bytes, std::string_view extension) {
  const llm::MediaKind* kind = llm::media_kind(bytes, extension);
  if (kind == nullptr) return;
  require(kind->extension == extension || bytes.starts_with("%PDF-"), "the extension decides");
  if (llm::has_signature(*kind, bytes)) {
    require(llm::has_signature(*kind, std::string(bytes) + "\n"), "a signature stays");
  }
  if (kind->group != llm::MediaGroup::document) return;
  const llm::MediaKind* found = llm::document_kind_of(kind->format);
  require(found != nullptr && found->format == kind->format, "a document is found by its type");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A file extension, a line feed, the file.
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line_end = input.find('\n');
  const std::string_view bytes =
      line_end == std::string_view::npos ? input : input.substr(line_end + 1);
  check_image(bytes);
  check_kind(bytes, input.substr(0, line_end));
  return 0;
}
