// Images, videos and sound.
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

// 0: the bytes do not tell, or are not there.
std::uint32_t longest_side(const ImageContent& image) {
  const auto* bytes = std::get_if<std::string>(&image.source);
  const auto size = bytes == nullptr ? std::nullopt : base::image_size(*bytes);
  return size ? std::max(size->width, size->height) : 0;
}

// Documented of Claude; nothing else is known of the other native forms.
bool has_image_limits(const Subject& subject) { return subject.is_claude || !subject.by_converse; }

void check_image_bytes(const Subject& subject, Report& report) {
  if (!has_image_limits(subject)) return;
  for_each_of<ImageContent>(subject, [&](const ImageContent& image, Place place, Role) {
    const auto* bytes = std::get_if<std::string>(&image.source);
    if (bytes == nullptr || base::base64_size(bytes->size()) <= kMaxBase64Bytes) return;
    report.add(to_string(place), "is an image of " + std::to_string(bytes->size()) +
                                     " bytes, but at most 3932160 are taken (5242880 in "
                                     "base64); make it smaller");
  });
}

void check_image_pixels(const Subject& subject, Report& report) {
  if (!has_image_limits(subject)) return;
  for_each_of<ImageContent>(subject, [&](const ImageContent& image, Place place, Role) {
    const std::uint32_t side = longest_side(image);
    if (side <= kMaxSide) return;
    report.add(to_string(place), "is an image " + std::to_string(side) +
                                     " pixels long, but at most 8000 are taken; make it "
                                     "smaller");
  });
}

void check_many_images(const Subject& subject, Report& report) {
  if (!subject.is_claude) return;
  std::size_t count = 0;
  for_each_of<ImageContent>(subject, [&](const ImageContent&, Place, Role) { ++count; });
  if (count <= kMany) return;
  for_each_of<ImageContent>(subject, [&](const ImageContent& image, Place place, Role) {
    const std::uint32_t side = longest_side(image);
    if (side <= kMaxSideOfMany || side > kMaxSide) return;
    report.add(to_string(place), "is an image " + std::to_string(side) +
                                     " pixels long, but among more than 20 Claude takes at most "
                                     "2000; make it smaller, or send fewer images");
  });
}

// By InvokeModel such a block cannot be written at all.
void check_s3(const Subject& subject, Report& report) {
  if (!subject.is_claude || !subject.by_converse) return;
  const auto check = [&](const auto& media, Place place, Role) {
    if (!std::holds_alternative<S3Location>(media.source)) return;
    report.add(to_string(place), "is in S3, where Claude does not read; send its bytes");
  };
  for_each_of<ImageContent>(subject, check);
  for_each_of<DocumentContent>(subject, check);
}

// What the catalogue does not list of a model whose input it lists, the model does not take.
bool lacks(const Subject& subject, std::string_view modality) {
  const auto listed = base::split(subject.facts.input_modalities, ',');
  return !subject.facts.input_modalities.empty() && std::ranges::count(listed, modality) == 0;
}

void check_kind(const Subject& subject, Report& report) {
  if (!subject.by_converse) return;
  const std::string advice = ", which this model does not take; leave it out, or ask another model";
  if (lacks(subject, "video")) {
    for_each_of<VideoContent>(subject, [&](const VideoContent&, Place place, Role) {
      report.add(to_string(place), "is a video" + advice);
    });
  }
  if (lacks(subject, "audio")) {
    for_each_of<AudioContent>(subject, [&](const AudioContent&, Place place, Role) {
      report.add(to_string(place), "is sound" + advice);
    });
  }
}

void check_tool_video(const Subject& subject, Report& report) {
  for_each_of<VideoContent>(subject, [&](const VideoContent&, Place place, Role) {
    if (!place.part || lacks(subject, "video")) return;
    report.add(to_string(place),
               "is a video in a tool's result, where it is not taken; put it beside the result");
  });
}

// The native form cannot write it elsewhere.
void check_role(const Subject& subject, Report& report) {
  if (!subject.is_claude || !subject.by_converse) return;
  const auto check = [&](const auto&, Place place, Role role) {
    if (role == Role::user) return;
    report.add(to_string(place),
               "stands in an assistant message, but images and documents are "
               "the user's; move it");
  };
  for_each_of<ImageContent>(subject, check);
  for_each_of<DocumentContent>(subject, check);
}

constexpr auto kMediaRules = std::to_array<Rule>({
    {{.id = "image_bytes",
      .summary = "An image for Claude has at most 5,242,880 bytes in base64.",
      .refusal =
          "The model returned the following errors: messages.N.content.N.image.source.bytes: "
          "image exceeds 5 MB maximum: N bytes > 5242880 bytes",
      .source = "aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws"
                "#778"},
     check_image_bytes},
    {{.id = "image_pixels",
      .summary = "An image for Claude is at most 8000 pixels long.",
      .refusal = "At least one of the image dimensions exceed max allowed size: 8000 pixels",
      .source = "aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws"
                "#998"},
     check_image_pixels},
    {{.id = "many_images_pixels",
      .summary = "Among more than 20 images for Claude, each is at most 2000 pixels long.",
      .refusal = "image exceed max allowed size for many-image requests: 2000 pixels",
      .source = "aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws"
                "#998"},
     check_many_images},
    {{.id = "s3_source",
      .summary = "Claude reads nothing from S3.",
      .refusal = "This model doesn't support the s3Uri field. Remove s3Uri and try again.",
      .source = "recorded"},
     check_s3},
    {{.id = "media_kind",
      .summary = "Videos and sound go to models that take them.",
      .refusal = "This model doesn't support the video content block that you provided. Update the "
                 "content block and try again.",
      .source = "recorded"},
     check_kind},
    {{.id = "tool_result_video",
      .summary = "A tool's result holds no video.",
      .refusal = "The model returned the following errors: Malformed input request: "
                 "#/messages/N/content/N: extraneous key [toolResult] is not permitted, please "
                 "reformat your input and try again.",
      .source = "recorded"},
     check_tool_video},
    {{.id = "media_role",
      .summary = "Images and documents for Claude stand in user messages.",
      .refusal = "You can only include images and documents if the role is user.",
      .source = "botocore, Message"},
     check_role},
});

}  // namespace

std::span<const Rule> media_rules() { return kMediaRules; }

}  // namespace llm::bedrock::linter
