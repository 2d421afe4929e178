// Images, video and audio.
#include <algorithm>
#include <array>
#include <string>

#include "base/base64.hpp"
#include "base/media_type.hpp"
#include "base/text.hpp"
#include "bedrock/lint/rule.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr std::size_t kMaxBase64Bytes = 5'242'880;  // the service's own error
constexpr std::uint32_t kMaxSide = 8000;            // the service's own error
constexpr std::uint32_t kMaxSideOfMany = 2000;      // the service's own error
constexpr std::size_t kMany = 20;

// 0: unknown, as the bytes are missing or not understood.
std::uint32_t longest_side(const ImageContent& image) {
  const auto* bytes = std::get_if<std::string>(&image.source);
  const auto size = bytes == nullptr ? std::nullopt : base::image_size(*bytes);
  return size ? std::max(size->width, size->height) : 0;
}

// Documented for Claude; no other limits are known for the other native formats.
bool has_image_limits(const RequestView& view) { return view.is_claude || !view.by_converse; }

void check_image_bytes(const RequestView& view, Report& report) {
  if (!has_image_limits(view)) return;
  for_each_of<ImageContent>(view, [&](const ImageContent& image, Place place, Role) {
    const auto* bytes = std::get_if<std::string>(&image.source);
    if (bytes == nullptr || base::base64_size(bytes->size()) <= kMaxBase64Bytes) return;
    report.add(to_string(place),
               "The image is " + std::to_string(bytes->size()) +
                   " bytes, but at most 3932160 are allowed (5242880 in base64).",
               "Use a smaller image.");
  });
}

void check_image_pixels(const RequestView& view, Report& report) {
  if (!has_image_limits(view)) return;
  for_each_of<ImageContent>(view, [&](const ImageContent& image, Place place, Role) {
    const std::uint32_t side = longest_side(image);
    if (side <= kMaxSide) return;
    report.add(to_string(place),
               "The longest side of the image is " + std::to_string(side) +
                   " pixels, but at most 8000 are allowed.",
               "Use a smaller image.");
  });
}

void check_many_images(const RequestView& view, Report& report) {
  if (!view.is_claude) return;
  std::size_t count = 0;
  for_each_of<ImageContent>(view, [&](const ImageContent&, Place, Role) { ++count; });
  if (count <= kMany) return;
  for_each_of<ImageContent>(view, [&](const ImageContent& image, Place place, Role) {
    const std::uint32_t side = longest_side(image);
    if (side <= kMaxSideOfMany || side > kMaxSide) return;
    report.add(to_string(place),
               "The longest side of the image is " + std::to_string(side) +
                   " pixels, but with more than 20 images Claude allows at most 2000.",
               "Use smaller images, or fewer.");
  });
}

// The encoder of the native format refuses it itself.
void check_s3(const RequestView& view, Report& report) {
  if (!view.is_claude || !view.by_converse) return;
  const auto check = [&](const auto& media, Place place, Role) {
    if (!std::holds_alternative<S3Location>(media.source)) return;
    report.add(to_string(place), "The file is in S3, which Claude does not read.",
               "Send its bytes.");
  };
  for_each_of<ImageContent>(view, check);
  for_each_of<DocumentContent>(view, check);
}

// A model does not accept what the catalogue does not list, if it lists anything for the model.
bool lacks(const RequestView& view, std::string_view modality) {
  const auto listed = base::split(view.facts.input_modalities, ',');
  return !view.facts.input_modalities.empty() && std::ranges::count(listed, modality) == 0;
}

void check_kind(const RequestView& view, Report& report) {
  if (!view.by_converse) return;
  const std::string advice = "Remove it, or use another model.";
  if (lacks(view, "video")) {
    for_each_of<VideoContent>(view, [&](const VideoContent&, Place place, Role) {
      report.add(to_string(place), "This model does not accept video.", advice);
    });
  }
  if (lacks(view, "audio")) {
    for_each_of<AudioContent>(view, [&](const AudioContent&, Place place, Role) {
      report.add(to_string(place), "This model does not accept audio.", advice);
    });
  }
}

void check_tool_video(const RequestView& view, Report& report) {
  for_each_of<VideoContent>(view, [&](const VideoContent&, Place place, Role) {
    if (!place.part || lacks(view, "video")) return;
    report.add(to_string(place), "A tool result cannot contain video.",
               "Put the video beside the tool result.");
  });
}

// The encoder of the native format refuses other positions itself.
void check_role(const RequestView& view, Report& report) {
  if (!view.is_claude || !view.by_converse) return;
  const auto check = [&](const auto&, Place place, Role role) {
    if (role == Role::user) return;
    report.add(to_string(place), "An assistant message cannot contain images or documents.",
               "Move it to a user message.");
  };
  for_each_of<ImageContent>(view, check);
  for_each_of<DocumentContent>(view, check);
}

constexpr auto kMediaRules = std::to_array<Rule>({
    {{.id = "image_bytes",
      .summary = "An image for Claude is at most 5,242,880 bytes in base64.",
      .refusal =
          "The model returned the following errors: messages.N.content.N.image.source.bytes: "
          "image exceeds 5 MB maximum: N bytes > 5242880 bytes",
      .source = "aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws"
                "#778"},
     check_image_bytes},
    {{.id = "image_pixels",
      .summary = "The longest side of an image for Claude is at most 8000 pixels.",
      .refusal = "At least one of the image dimensions exceed max allowed size: 8000 pixels",
      .source = "aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws"
                "#998"},
     check_image_pixels},
    {{.id = "many_images_pixels",
      .summary =
          "With more than 20 images for Claude, the longest side of each is at most 2000 pixels.",
      .refusal = "image exceed max allowed size for many-image requests: 2000 pixels",
      .source = "aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws"
                "#998"},
     check_many_images},
    {{.id = "s3_source",
      .summary = "Claude does not read files from S3.",
      .refusal = "This model doesn't support the s3Uri field. Remove s3Uri and try again.",
      .source = "recorded"},
     check_s3},
    {{.id = "media_kind",
      .summary = "Video and audio go to models that accept them.",
      .refusal = "This model doesn't support the video content block that you provided. Update the "
                 "content block and try again.",
      .source = "recorded"},
     check_kind},
    {{.id = "tool_result_video",
      .summary = "A tool result contains no video.",
      .refusal = "The model returned the following errors: Malformed input request: "
                 "#/messages/N/content/N: extraneous key [toolResult] is not permitted, please "
                 "reformat your input and try again.",
      .source = "recorded"},
     check_tool_video},
    {{.id = "media_role",
      .summary = "Images and documents for Claude are in user messages.",
      .refusal = "You can only include images and documents if the role is user.",
      .source = "botocore, Message"},
     check_role},
});

}  // namespace

std::span<const Rule> media_rules() { return kMediaRules; }

}  // namespace llm::bedrock::linter
