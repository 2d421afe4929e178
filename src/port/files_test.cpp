#include "port/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temporary_directory.hpp"

namespace llm::port {
namespace {

using test_support::file_content;
using test_support::TemporaryDirectory;
using test_support::write_file;

constexpr std::size_t kLimit = 1024;

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return 0;
  return status.st_mode & 07777;
}

std::size_t entries_in(const std::filesystem::path& path) {
  const std::filesystem::directory_iterator entries(path);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

TEST(ReadFile, reads_the_whole_content) {
  const TemporaryDirectory folder;
  const std::string content = "[default]\nregion = eu-west-1\n" + std::string(1, '\0') + "x";
  write_file(folder.path() / "config", content);

  const auto read = read_regular_file(folder.path() / "config", kLimit);

  ASSERT_TRUE(read);
  EXPECT_EQ(*read, content);
}

TEST(ReadFile, returns_nothing_when_there_is_no_file) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "file", "");

  for (const char* name : {"absent", "absent/deeper", "file/below-a-file"}) {
    const auto read = read_regular_file(folder.path() / name, kLimit);

    ASSERT_TRUE(read) << name;
    EXPECT_EQ(*read, std::nullopt) << name;
  }
}

TEST(ReadFile, reads_a_file_of_exactly_the_limit_and_refuses_one_byte_more) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "full", std::string(kLimit, 'x'));
  write_file(folder.path() / "over", std::string(kLimit + 1, 'x'));

  const auto full = read_regular_file(folder.path() / "full", kLimit);
  const auto over = read_regular_file(folder.path() / "over", kLimit);

  ASSERT_TRUE(full);
  EXPECT_EQ(full->value().size(), kLimit);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, ErrorCode::configuration_error);
  EXPECT_NE(over.error().message.find("1024 bytes"), std::string::npos) << over.error().message;
}

TEST(ReadFile, holds_the_limit_for_a_file_whose_size_is_unknown) {
  const auto read = read_regular_file("/proc/self/maps", 16);

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::configuration_error);
}

TEST(ReadFile, refuses_what_is_not_a_regular_file_without_waiting_for_it) {
  const TemporaryDirectory folder;
  const auto fifo = folder.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);

  for (const std::filesystem::path& path :
       {fifo, folder.path(), std::filesystem::path("/dev/zero")}) {
    const auto read = read_regular_file(path, kLimit);

    ASSERT_FALSE(read) << path;
    EXPECT_EQ(read.error().code, ErrorCode::configuration_error) << path;
    EXPECT_NE(read.error().message.find(path.string()), std::string::npos) << read.error().message;
  }
}

TEST(FileStamp, differs_for_a_replaced_file) {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "token";
  write_file(path, "one");
  const auto before = file_stamp(path);
  const auto again = file_stamp(path);

  ASSERT_TRUE(replace_private_file(path, "two", "nonce"));

  ASSERT_TRUE(before);
  EXPECT_EQ(before, again);
  EXPECT_NE(file_stamp(path), before);
  EXPECT_EQ(file_stamp(folder.path() / "absent"), std::nullopt);
}

TEST(WritePrivateFile, creates_missing_directories_for_the_owner_alone) {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "sso" / "cache" / "token.json";

  const auto written = replace_private_file(path, "{}", "nonce");

  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(file_content(path), "{}");
  EXPECT_EQ(mode_of(path), 0600U);
  EXPECT_EQ(mode_of(path.parent_path()), 0700U);
  EXPECT_EQ(mode_of(path.parent_path().parent_path()), 0700U);
}

TEST(WritePrivateFile, refuses_a_path_of_endless_directories) {
  const TemporaryDirectory folder;
  std::string path = folder.path().string();
  for (int i = 0; i < 50'000; ++i) path += "/a";

  const auto written = replace_private_file(path, "{}", "nonce");

  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("name too long"), std::string::npos)
      << written.error().message;
}

TEST(WritePrivateFile, replaces_a_file_that_others_could_read_and_leaves_nothing_beside_it) {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "token.json";
  write_file(path, "a longer old content");
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);

  ASSERT_TRUE(replace_private_file(path, "new", "nonce"));

  EXPECT_EQ(file_content(path), "new");
  EXPECT_EQ(mode_of(path), 0600U);
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(WritePrivateFile, refuses_a_symbolic_link_and_leaves_its_target_alone) {
  const TemporaryDirectory folder;
  const auto target = folder.path() / "target";
  const auto link = folder.path() / "link";
  write_file(target, "kept");
  std::filesystem::create_symlink(target, link);

  const auto written = replace_private_file(link, "secret", "nonce");

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::configuration_error);
  EXPECT_EQ(file_content(target), "kept");
  EXPECT_TRUE(std::filesystem::is_symlink(link));
}

TEST(WritePrivateFile, does_not_write_through_a_file_that_has_its_temporary_name) {
  const TemporaryDirectory folder;
  const auto target = folder.path() / "target";
  write_file(target, "kept");
  std::filesystem::create_symlink(target, folder.path() / ".token.nonce.tmp");

  const auto written = replace_private_file(folder.path() / "token", "secret", "nonce");

  EXPECT_FALSE(written);
  EXPECT_EQ(file_content(target), "kept");
}

TEST(WritePrivateFile, leaves_no_file_when_the_target_is_a_directory) {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "token.json";
  std::filesystem::create_directory(path);

  const auto written = replace_private_file(path, "secret", "nonce");

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message.find("secret"), std::string::npos);
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

}  // namespace
}  // namespace llm::port
