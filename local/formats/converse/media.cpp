#include "local/formats/converse/media.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "local/formats/claude/image.hpp"

namespace llm::local {
namespace {

using json::Value;

constexpr std::size_t kMaxDocumentBytes = 4'718'592;  // botocore, DocumentBlock: 4.5 MB

std::unexpected<Refusal> unsupported_block(std::string_view kind) {
  return invalid("This model doesn't support the " + std::string(kind) +
                 " content block that you provided. Update the content block and try again.");
}

std::unexpected<Refusal> unsupported_s3() {
  return invalid("This model doesn't support the s3Uri field. Remove s3Uri and try again.");
}

/// The media type of a format. Static text.
std::string_view media_type_of(std::string_view format) {
  if (format == "png") return "image/png";
  if (format == "gif") return "image/gif";
  return format == "webp" ? "image/webp" : "image/jpeg";
}

/// Recorded: `_` is accepted too, contrary to the documentation.
bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_()[]").contains(c) || base::is_space(c);
}

bool is_document_name(std::string_view name) {
  const auto two_spaces = [](char left, char right) {
    return base::is_space(left) && base::is_space(right);
  };
  return std::ranges::all_of(name, is_name_character) &&
         std::ranges::adjacent_find(name, two_spaces) == name.end();
}

}  // namespace

std::unexpected<Refusal> not_an_object(const std::string& place) {
  return invalid("The format of the value at " + place +
                 " is invalid. Provide a json object for the field and try again.");
}

std::unexpected<Refusal> refused_by_model(const std::string& message) {
  return invalid("The model returned the following errors: " + message);
}

Checked<void> as_refused_by_model(const Checked<void>& checked) {
  return checked ? checked : refused_by_model(checked.error().message);
}

Checked<Image> read_converse_image(const Value& image, const std::string& at, const Model& model,
                                   std::uint32_t max_pixels) {
  if (!model.vision) return unsupported_block("image");
  const std::string_view media_type = media_type_of(image["format"].text_or_empty());
  const Value bytes = image["source"]["bytes"];
  if (!bytes.is_string()) {
    if (!model.video) return unsupported_s3();
    return Image{.media_type = media_type};
  }

  const std::string place = at + ".image.source";
  if (auto checked = check_image_size(*bytes.string(), place + ".bytes"); !checked) {
    return refused_by_model(checked.error().message);
  }
  Checked<Image> decoded = read_image(*bytes.string(), media_type, place, max_pixels);
  if (!decoded) return refused_by_model(decoded.error().message);
  return decoded;
}

Checked<void> check_converse_document(const Value& document, const std::string& at,
                                      const Model& model) {
  if (!model.documents) return unsupported_block("document");
  if (!is_document_name(document["name"].text_or_empty())) {
    return invalid(
        "The document file name can only contain alphanumeric characters, whitespace characters, "
        "hyphens, parentheses, and square brackets. The name can't contain more than one "
        "consecutive whitespace character.");
  }
  const Value source = document["source"];
  if (source["s3Location"].exists() && !model.video) {
    // Recorded: Claude itself refuses it, with its own message.
    if (model.provider() != "Anthropic") return unsupported_s3();
    return refused_by_model(at + ".document.source.type: Field required");
  }
  std::string decoded;
  if (source["bytes"].is_string() &&
      !base::append_base64_decoded(*source["bytes"].string(), decoded)) {
    return refused_by_model(at + ".document.source.bytes: invalid base64 data");
  }
  if (decoded.size() > kMaxDocumentBytes) {
    return invalid(
        "The maximum document size is 4.5 MB. Reduce the size of your document and retry your "
        "request.");
  }
  return {};
}

Checked<void> check_converse_clip(std::string_view kind, const Model& model) {
  return (kind == "audio" ? model.audio : model.video) ? Checked<void>{} : unsupported_block(kind);
}

}  // namespace llm::local
