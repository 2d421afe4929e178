// Images, video, audio and documents.
#include "bedrock/lint/lint_test_support.hpp"

namespace llm::bedrock::testing {
namespace {

constexpr ModelFacts kWatching{.base_id = "vendor.watching",
                               .input_modalities = "text,image,video"};
const S3Location kInS3{.uri = "s3://bucket/key"};

// The header of a PNG of that width; `bytes` long in all.
ImageContent png(unsigned width, std::size_t bytes = 32) {
  std::string text("\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16);
  for (const unsigned shift : {24U, 16U, 8U, 0U}) text += static_cast<char>(width >> shift);
  text.append("\0\0\0\1", 4);
  text.resize(bytes);
  return {.source = text};
}

DocumentContent named(std::string name) {
  return {.source = "text", .media_type = "text/plain", .name = std::move(name)};
}

ToolResultContent result_with(ToolResultPart part) {
  return {.tool_call_id = "1", .content = {std::move(part)}};
}

TEST(ImageBytes, are_counted_in_base64) {
  expect_rule(
      "image_bytes",
      "The model returned the following errors: messages.N.content.N.image.source.bytes: image "
      "exceeds 5 MB maximum: N bytes > 5242880 bytes",
      {{.what = "largest", .request = asking({png(9, 3'932'160)})},
       {.what = "one more",
        .request = asking({png(9, 3'932'161)}),
        .positions = {"messages[0].content[0]"}},
       {.what = "in a tool's result",
        .request = asking({result_with(png(9, 3'932'161))}),
        .positions = {"messages[0].content[0].content[0]"}},
       {.what = "another model", .request = asking({png(9, 3'932'161)}), .target = kToOther}});
}

TEST(ImagePixels, are_at_most_8000_a_side) {
  expect_rule("image_pixels",
              "At least one of the image dimensions exceed max allowed size: 8000 pixels",
              {{.what = "largest", .request = asking({png(8000)})},
               {.what = "one more",
                .request = asking({png(8001)}),
                .positions = {"messages[0].content[0]"}}});
}

TEST(ManyImagesPixels, are_at_most_2000_a_side) {
  std::vector<Content> images(20, png(2000));
  images.emplace_back(png(2001));
  const std::vector<Content> few(20, png(2001));
  const std::vector<Content> small(21, png(2000));

  expect_rule("many_images_pixels",
              "image exceed max allowed size for many-image requests: 2000 pixels",
              {{.what = "twenty", .request = asking(few)},
               {.what = "small", .request = asking(small)},
               {.what = "one too long",
                .request = asking(images),
                .positions = {"messages[0].content[20]"}}});
}

TEST(S3Source, is_not_read_by_claude) {
  const ChatRequest request =
      asking({ImageContent{.source = kInS3}, result_with(ImageContent{.source = kInS3}),
              DocumentContent{.source = kInS3}, ImageContent{.source = "bytes"}});

  expect_rule("s3_source",
              "This model doesn't support the s3Uri field. Remove s3Uri and try again.",
              {{.what = "Claude",
                .request = request,
                .positions = {"messages[0].content[0]", "messages[0].content[1].content[0]",
                              "messages[0].content[2]"}},
               {.what = "another model", .request = request, .target = kToOther}});
}

TEST(MediaKind, is_one_that_the_model_accepts) {
  const ChatRequest request =
      asking({VideoContent{.source = kInS3}, AudioContent{.source = kInS3}});

  expect_rule("media_kind",
              "This model doesn't support the video content block that you provided. Update the "
              "content block and try again.",
              {{.what = "Claude",
                .request = request,
                .positions = {"messages[0].content[0]", "messages[0].content[1]"}},
               {.what = "a model that sees videos",
                .request = request,
                .positions = {"messages[0].content[1]"},
                .target = {.facts = &kWatching}},
               {.what = "nobody knows", .request = request, .target = kToOther}});
}

TEST(ToolResultVideo, is_refused) {
  expect_rule("tool_result_video",
              "The model returned the following errors: Malformed input request: "
              "#/messages/N/content/N: extraneous key [toolResult] is not permitted, please "
              "reformat your input and try again.",
              {{.what = "in a result",
                .request = asking({result_with(VideoContent{.source = kInS3})}),
                .positions = {"messages[0].content[0].content[0]"},
                .target = {.facts = &kWatching}},
               {.what = "beside it",
                .request = asking({VideoContent{.source = kInS3}}),
                .target = {.facts = &kWatching}}});
}

TEST(MediaRole, is_the_users) {
  const ChatRequest request{.messages = {Message::user("a"), {Role::assistant, {png(9)}}}};

  expect_rule("media_role", "You can only include images and documents if the role is user.",
              {{.what = "assistant", .request = request, .positions = {"messages[1].content[0]"}},
               {.what = "user", .request = asking({png(9)})},
               {.what = "another model may draw", .request = request, .target = kToOther}});
}

TEST(DocumentName, accepts_few_characters) {
  const std::string refusal =
      "The document file name can only contain alphanumeric characters, whitespace characters, "
      "hyphens, parentheses, and square brackets. The name can't contain more than one consecutive "
      "whitespace character.";

  expect_rule("document_name", refusal,
              {{.what = "good", .request = asking({named("Annual report (2) [final]-x")})},
               {.what = "underscore, recorded", .request = asking({named("company_policy")})},
               {.what = "unnamed", .request = asking({named("")})},
               {.what = "extension",
                .request = asking({named("report.pdf")}),
                .positions = {"messages[0].content[0]"},
                .repaired = R"("name":"report-pdf")"},
               {.what = "two spaces",
                .request = asking({named("a  b")}),
                .positions = {"messages[0].content[0]"},
                .repaired = R"("name":"a b")"},
               {.what = "not ASCII, in a tool's result",
                .request = asking({result_with(named("r\u00e9sum\u00e9"))}),
                .positions = {"messages[0].content[0].content[0]"},
                .repaired = R"("name":"r-sum-")"},
               {.what = "full-width space",
                .request = asking({named("a\u3000b")}),
                .positions = {"messages[0].content[0]"},
                .repaired = R"("name":"a-b")"},
               {.what = "too long",
                .request = asking({named(std::string(201, 'a'))}),
                .positions = {"messages[0].content[0]"},
                .repaired = "\"" + std::string(200, 'a') + "\""},
               {.what = "natively it is a title",
                .request = asking({named("report.pdf")}),
                .target = kToClaude}});
}

TEST(DocumentNamesUnique, numbers_what_has_one_name) {
  expect_rule(
      "document_names_unique",
      "Messages can't contain duplicate document names. Rename the document and retry your "
      "request.",
      {{.what = "twice",
        .request = asking({named("a"), named("a 2"), named("a")}),
        .positions = {"messages[0].content[2]"},
        .repaired = R"("name":"a 3")"},
       {.what = "unnamed ones are numbered anyway", .request = asking({named(""), named("")})}});
}

TEST(DocumentText, stands_beside_a_document) {
  expect_rule(
      "document_text", "A text block must be included when using documents.",
      {{.what = "text", .request = asking({named("a"), TextContent{"What is it?"}})},
       {.what = "none", .request = asking({named("a")}), .positions = {"messages[0].content[0]"}},
       {.what = "blank",
        .request = asking({TextContent{" "}, named("a")}),
        .positions = {"messages[0].content[1]"}},
       {.what = "in a tool's result", .request = asking({result_with(named("a"))})},
       {.what = "natively", .request = asking({named("a")}), .target = kToClaude}});
}

TEST(DocumentCount, is_at_most_five) {
  const std::vector<Content> five(5, named("a"));
  const std::vector<Content> six(6, named("a"));

  expect_rule("document_count", "You can't include more than 5 documents in a request.",
              {{.what = "five", .request = asking(five)},
               {.what = "six", .request = asking(six), .positions = {"messages[0].content[5]"}}});
}

TEST(DocumentBytes, are_at_most_four_and_a_half_megabytes) {
  const DocumentContent largest{.source = std::string(4'500'000, 'a')};
  const DocumentContent larger{.source = std::string(4'500'001, 'a')};

  expect_rule(
      "document_bytes", "Each document's size must be no more than 4.5 MB.",
      {{.what = "largest", .request = asking({largest})},
       {.what = "one more", .request = asking({larger}), .positions = {"messages[0].content[0]"}}});
}

}  // namespace
}  // namespace llm::bedrock::testing
