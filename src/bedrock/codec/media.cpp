#include "bedrock/codec/media.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>

#include "base/media_type.hpp"
#include "base/text.hpp"

namespace llm::bedrock {
namespace {

Error bad_media(std::string_view kind, std::string_view position, std::string_view problem,
                std::string advice = {}) {
  std::string message = "The ";
  message.append(kind).append(" at ").append(position).append(" ").append(problem).append(".");
  return make_error(ErrorCode::configuration_error, std::move(message), std::move(advice));
}

Error in_s3(std::string_view kind, std::string_view position, const ModelId& model) {
  std::string message = "The ";
  message.append(kind).append(" at ").append(position).append(" is in S3, which model \"");
  message.append(model.requested_id).append("\" cannot read through InvokeModel.");
  return make_error(ErrorCode::unsupported_feature, std::move(message), "Send its bytes.");
}

struct FileExtension {
  std::string_view extension;
  std::string_view media_type;
};
constexpr std::array<FileExtension, 8> kTextExtensions{{{".txt", "text/plain"},
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

// The declared type, else that of the bytes or of the name's extension; empty if unknown.
std::string_view document_type(const DocumentContent& document, std::string_view bytes) {
  if (!document.media_type.empty()) return document.media_type;
  if (bytes.starts_with("%PDF-")) return "application/pdf";
  const std::string name = base::to_lower(document.name);
  const auto found = std::ranges::find_if(
      kTextExtensions, [&](const FileExtension& row) { return name.ends_with(row.extension); });
  return found == kTextExtensions.end() ? std::string_view() : found->media_type;
}

}  // namespace

std::string_view declared_type(std::string_view media_type) {
  return media_type == "image/jpg" ? "image/jpeg" : media_type;
}

Result<InlineImage> inline_image(const ImageContent& image, std::string_view position,
                                 const ModelId& model) {
  const auto* bytes = std::get_if<std::string>(&image.source);
  if (bytes == nullptr) {
    return std::unexpected(in_s3("image", position, model));
  }
  const std::string_view found = base::image_media_type(*bytes);
  if (found.empty()) {
    return std::unexpected(bad_media("image", position, "is not PNG, JPEG, GIF or WebP"));
  }
  const std::string_view declared = declared_type(image.media_type);
  if (!declared.empty() && declared != found) {
    return std::unexpected(bad_media(
        "image", position,
        "is declared as " + image.media_type + ", but its bytes are " + std::string(found)));
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
    return std::unexpected(in_s3("document", to_string(position), model));
  }
  const std::string_view type = document_type(document, *bytes);
  if (type.empty()) {
    return std::unexpected(
        bad_media("document", to_string(position), "has no known type", "Set its media_type."));
  }
  if (type == "application/pdf") {
    if (is_pdf(*bytes)) return InlineDocument{*bytes, type, true};
    return std::unexpected(bad_media("document", to_string(position),
                                     "is declared as a PDF, but its bytes are not a PDF"));
  }
  if (!type.starts_with("text/") && type != "application/json" && type != "application/xml") {
    return std::unexpected(make_error(ErrorCode::unsupported_feature,
                                      "The document at " + to_string(position) + " is " +
                                          std::string(type) + ". Model \"" + model.requested_id +
                                          "\" accepts only PDF and text in its native format.",
                                      "Convert the document, or use Converse."));
  }
  if (bytes->empty() || !base::is_valid_utf8(*bytes)) {
    return std::unexpected(
        bad_media("document", to_string(position), "is empty or not valid UTF-8"));
  }
  return InlineDocument{*bytes, type, false};
}

}  // namespace llm::bedrock
