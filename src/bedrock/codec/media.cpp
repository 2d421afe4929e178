#include "bedrock/codec/media.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <variant>

#include "base/media_type.hpp"
#include "base/text.hpp"

namespace llm::bedrock {
namespace {

Error bad_image(std::string_view where, const std::string& what) {
  return make_error(ErrorCode::configuration_error, "the image " + std::string(where) + " " + what);
}

Error bad_document(BlockPosition position, const std::string& what) {
  return make_error(ErrorCode::configuration_error,
                    "the document " + to_string(position) + " " + what);
}

struct FileExtension {
  std::string_view ending;
  std::string_view media_type;
};
constexpr std::array<FileExtension, 8> kTextEndings{{{".txt", "text/plain"},
                                                     {".md", "text/markdown"},
                                                     {".markdown", "text/markdown"},
                                                     {".csv", "text/csv"},
                                                     {".html", "text/html"},
                                                     {".htm", "text/html"},
                                                     {".json", "application/json"},
                                                     {".xml", "text/xml"}}};

// Readers allow junk before the header of a PDF (ISO 32000-1, annex H, 3.4.1).
bool is_pdf(std::string_view bytes) {
  return bytes.substr(0, 1024).find("%PDF-") != std::string_view::npos;
}

// What the caller says, else what the bytes or the name's ending say; empty when nothing does.
std::string_view document_type(const DocumentContent& document, std::string_view bytes) {
  if (!document.media_type.empty()) return document.media_type;
  if (bytes.starts_with("%PDF-")) return "application/pdf";
  const std::string name = base::to_lower(document.name);
  const auto found = std::ranges::find_if(
      kTextEndings, [&](const FileExtension& ending) { return name.ends_with(ending.ending); });
  return found == kTextEndings.end() ? std::string_view() : found->media_type;
}

}  // namespace

std::string_view declared_type(std::string_view media_type) {
  return media_type == "image/jpg" ? "image/jpeg" : media_type;
}

Result<InlineImage> inline_image(const ImageContent& image, std::string_view where,
                                 const ModelId& model) {
  const auto* bytes = std::get_if<std::string>(&image.source);
  if (bytes == nullptr) {
    return std::unexpected(make_error(ErrorCode::unsupported_feature,
                                      "the image " + std::string(where) + " is in S3, where " +
                                          model.requested_id +
                                          " cannot read it by InvokeModel; send its bytes"));
  }
  const std::string_view found = base::image_media_type(*bytes);
  if (found.empty()) {
    return std::unexpected(bad_image(where, "is not PNG, JPEG, GIF or WebP"));
  }
  const std::string_view declared = declared_type(image.media_type);
  if (!declared.empty() && declared != found) {
    return std::unexpected(bad_image(
        where, "is declared as " + image.media_type + ", but its bytes are " + std::string(found)));
  }
  return InlineImage{*bytes, found};
}

Result<InlineImage> read_image(const ImageContent& image, BlockPosition position,
                               const ModelId& model) {
  return inline_image(image, to_string(position), model);
}

Result<InlineDocument> read_document(const DocumentContent& document, BlockPosition position,
                                     const ModelId& model) {
  const auto* bytes = std::get_if<std::string>(&document.source);
  if (bytes == nullptr) {
    return std::unexpected(make_error(ErrorCode::unsupported_feature,
                                      "the document " + to_string(position) + " is in S3, where " +
                                          model.requested_id +
                                          " cannot read it by InvokeModel; send its bytes"));
  }
  const std::string_view type = document_type(document, *bytes);
  if (type.empty()) {
    return std::unexpected(bad_document(position, "is of no known kind; set its media_type"));
  }
  if (type == "application/pdf") {
    if (is_pdf(*bytes)) return InlineDocument{*bytes, type, true};
    return std::unexpected(bad_document(position, "is declared as a PDF, but its bytes are none"));
  }
  if (!type.starts_with("text/") && type != "application/json" && type != "application/xml") {
    return std::unexpected(
        make_error(ErrorCode::unsupported_feature,
                   "the document " + to_string(position) + " is " + std::string(type) + ": " +
                       model.requested_id +
                       " takes PDF and text in its native form; convert it, or use Converse"));
  }
  if (bytes->empty() || !base::is_valid_utf8(*bytes)) {
    return std::unexpected(bad_document(position, "is empty, or not valid UTF-8"));
  }
  return InlineDocument{*bytes, type, false};
}

}  // namespace llm::bedrock
