#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <llm/message.hpp>

namespace llm {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

const std::string kPng = "\x89PNG\r\n\x1A\n and so on";

// Each test has a folder of its own.
class MediaFile : public testing::Test {
 protected:
  MediaFile() {
    std::string pattern = std::filesystem::temp_directory_path() / "media_file_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~MediaFile() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }

  std::filesystem::path file(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }

 private:
  std::filesystem::path folder_;
};

TEST_F(MediaFile, is_an_image_by_its_bytes_whatever_its_name) {
  const ImageContent expected{.source = kPng, .media_type = "image/png"};

  EXPECT_EQ(image_from_file(file("photo.jpg", kPng)), expected);
  EXPECT_EQ(content_from_file(file("photo.txt", kPng)), Content(expected));
}

TEST_F(MediaFile, is_refused_as_an_image_when_it_is_not_one) {
  const auto image = image_from_file(file("photo.png", "GIF88a"));

  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(image.error().message, HasSubstr("photo.png"));
  EXPECT_THAT(image.error().message, HasSubstr("is not a PNG, JPEG, GIF or WebP image."));
}

struct Row {
  std::string name;  ///< Of the row.
  std::string file;
  std::string bytes;
  std::string format;  ///< Media type or format of the content.
};

std::string row_name(const testing::TestParamInfo<Row>& row) { return row.param.name; }

const std::string kOle = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const std::string kZip = "PK\x03\x04";
const std::string kEbml = "\x1A\x45\xDF\xA3";
const std::string kIso = "\0\0\0\x20"s + "ftypisom";

class MediaFileRows : public MediaFile, public testing::WithParamInterface<Row> {
 protected:
  Result<Content> content() const {
    return content_from_file(file(GetParam().file, GetParam().bytes));
  }
};

class DocumentFile : public MediaFileRows {};

TEST_P(DocumentFile, is_known_by_bytes_or_extension) {
  const DocumentContent expected{
      .source = GetParam().bytes, .media_type = GetParam().format, .name = "a"};

  EXPECT_EQ(content(), Content(expected));
}

INSTANTIATE_TEST_SUITE_P(
    Formats, DocumentFile,
    testing::Values(
        Row{"pdf", "a.pdf", "%PDF-1.7", "application/pdf"},
        Row{"pdf_after_other_bytes", "a.pdf", "some bytes before %PDF-1.7", "application/pdf"},
        Row{"pdf_with_another_extension", "a.txt", "%PDF-1.7", "application/pdf"},
        Row{"csv", "a.csv", "a,b", "text/csv"}, Row{"doc", "a.doc", kOle, "application/msword"},
        Row{"docx", "a.docx", kZip,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        Row{"xls", "a.xls", kOle, "application/vnd.ms-excel"},
        Row{"xlsx", "a.xlsx", kZip,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        Row{"html", "a.html", "<p>", "text/html"}, Row{"upper_case", "a.HTM", "<p>", "text/html"},
        Row{"txt", "a.txt", "x", "text/plain"}, Row{"md", "a.md", "# x", "text/markdown"}),
    row_name);

class VideoFile : public MediaFileRows {};

TEST_P(VideoFile, is_known_by_extension_and_bytes) {
  EXPECT_EQ(content(),
            Content(VideoContent{.source = GetParam().bytes, .format = GetParam().format}));
}

INSTANTIATE_TEST_SUITE_P(
    Formats, VideoFile,
    testing::Values(Row{"mp4", "a.mp4", kIso, "mp4"}, Row{"mov", "a.mov", "\0\0\0\x08wide"s, "mov"},
                    Row{"three_gp", "a.3gp", kIso, "three_gp"}, Row{"mkv", "a.mkv", kEbml, "mkv"},
                    Row{"webm", "a.webm", kEbml, "webm"}, Row{"flv", "a.flv", "FLV\x01", "flv"},
                    Row{"mpeg", "a.mpeg", "\0\0\x01\xBA"s, "mpeg"},
                    Row{"mpg", "a.mpg", "\0\0\x01\xB3"s, "mpg"},
                    Row{"wmv", "a.wmv", "\x30\x26\xB2\x75\x8E\x66\xCF\x11", "wmv"}),
    row_name);

class AudioFile : public MediaFileRows {};

TEST_P(AudioFile, is_known_by_extension_and_bytes) {
  EXPECT_EQ(content(),
            Content(AudioContent{.source = GetParam().bytes, .format = GetParam().format}));
}

INSTANTIATE_TEST_SUITE_P(Formats, AudioFile,
                         testing::Values(Row{"mp3_with_tag", "a.mp3", "ID3\x04", "mp3"},
                                         Row{"mp3", "a.mp3", "\xFF\xFB\x90", "mp3"},
                                         Row{"wav", "a.wav", "RIFF\1\1\1\1WAVE", "wav"},
                                         Row{"flac", "a.flac", "fLaC", "flac"},
                                         Row{"ogg", "a.ogg", "OggS", "ogg"},
                                         Row{"opus", "a.opus", "OggS", "opus"},
                                         Row{"aac", "a.aac", "\xFF\xF1\x50", "aac"},
                                         Row{"m4a", "a.m4a", "\0\0\0\x20"s + "ftypM4A ", "m4a"},
                                         Row{"mka", "a.mka", kEbml, "mka"},
                                         Row{"aac_with_adif", "a.aac", "ADIF", "aac"}),
                         row_name);

TEST_F(MediaFile, is_refused_when_its_bytes_contradict_its_name) {
  for (const std::string name :
       {"a.pdf",  "a.doc",  "a.docx", "a.xls",  "a.xlsx", "a.mp4", "a.mov", "a.3gp",
        "a.mkv",  "a.webm", "a.flv",  "a.mpeg", "a.mpg",  "a.wmv", "a.mp3", "a.wav",
        "a.flac", "a.ogg",  "a.opus", "a.aac",  "a.m4a",  "a.mka"}) {
    const auto content = content_from_file(file(name, "plain words"));

    ASSERT_FALSE(content) << name;
    EXPECT_EQ(content.error().code, ErrorCode::configuration_error);
    EXPECT_THAT(content.error().message,
                HasSubstr("has content that does not match its extension."));
    EXPECT_THAT(content.error().message, testing::Not(HasSubstr("plain")));
  }
}

TEST_F(MediaFile, is_refused_when_its_kind_is_not_known) {
  for (const std::string name : {"a.exe", "a", "a.png", ".md"}) {
    const auto content = content_from_file(file(name, "plain words"));

    ASSERT_FALSE(content) << name;
    EXPECT_THAT(content.error().message, HasSubstr(name));
  }
}

TEST_F(MediaFile, gives_a_document_a_name_that_bedrock_accepts) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"Report (final) [2].md", "Report (final) [2]"},
      {"q3_report.v2.md", "q3-report-v2"},
      {"two  spaces.md", "two spaces"},
      {" padded .md", "padded"},
      {"R\xC3\xA9sum\xC3\xA9.md", "R-sum-"},
      {"\xE5\xA0\xB1\xE5\x91\x8A.md", "document"},
      {std::string(230, 'n') + ".md", std::string(200, 'n')}};
  for (const auto& [name, expected] : cases) {
    const auto content = content_from_file(file(name, "x"));

    ASSERT_TRUE(content) << name;
    EXPECT_EQ(std::get<DocumentContent>(*content).name, expected);
  }
}

TEST_F(MediaFile, is_refused_when_it_is_missing_empty_or_too_big) {
  std::filesystem::resize_file(file("big.png", kPng), 25'000'001);
  const std::vector<std::pair<std::filesystem::path, std::string>> cases = {
      {path("missing.png"), "does not exist"},
      {file("empty.png", ""), "empty"},
      {path("big.png"), "25,000,000"}};
  for (const auto& [name, problem] : cases) {
    const auto image = image_from_file(name);

    ASSERT_FALSE(image) << name;
    EXPECT_EQ(image.error().code, ErrorCode::configuration_error);
    EXPECT_THAT(image.error().message, HasSubstr(problem));
    EXPECT_THAT(image.error().message, HasSubstr(name.filename().string()));
  }
}

TEST_F(MediaFile, may_be_as_big_as_the_limit) {
  std::filesystem::resize_file(file("big.png", kPng), 25'000'000);

  const auto image = image_from_file(path("big.png"));

  ASSERT_TRUE(image);
  EXPECT_EQ(std::get<std::string>(image->source).size(), 25'000'000U);
}

TEST_F(MediaFile, is_refused_at_once_when_it_is_not_a_regular_file) {
  ASSERT_EQ(::mkfifo(path("pipe.png").c_str(), 0600), 0);
  std::filesystem::create_directory(path("folder.png"));

  for (const std::filesystem::path& name :
       {path("pipe.png"), path("folder.png"), std::filesystem::path("/dev/zero")}) {
    const auto image = image_from_file(name);

    ASSERT_FALSE(image) << name;
    EXPECT_THAT(image.error().message, HasSubstr("is not a regular file."));
  }
}

TEST_F(MediaFile, may_be_a_symbolic_link) {
  std::filesystem::create_symlink(file("photo.png", kPng), path("link.png"));

  EXPECT_TRUE(image_from_file(path("link.png")));
}

}  // namespace
}  // namespace llm
