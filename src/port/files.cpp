#include "port/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <ranges>
#include <system_error>
#include <utility>
#include <vector>

#include "port/descriptor.hpp"

namespace llm::port {
namespace {

constexpr mode_t kPrivateFile = 0600;
constexpr mode_t kPrivateDirectory = 0700;

std::string quoted(const std::filesystem::path& path) { return '"' + path.string() + '"'; }

Error file_error(std::string message, std::string advice) {
  return make_error(ErrorCode::configuration_error, std::move(message), std::move(advice));
}

/// "ATTEMPT: No such file or directory." `reason` is the `errno` of the failure.
Error system_error(std::string attempt, int reason) {
  return file_error(std::move(attempt) + ": " + std::generic_category().message(reason) + '.',
                    "Check the path and its permissions.");
}

Error too_large(const std::filesystem::path& path, std::size_t max_bytes) {
  return file_error(
      quoted(path) + " is larger than the limit of " + std::to_string(max_bytes) + " bytes.",
      "Check that it is the right file.");
}

/// One read, repeated when a signal interrupts it.
ssize_t read_once(int file, char* out, std::size_t size) {
  ssize_t count = -1;
  do {
    count = ::read(file, out, size);
  } while (count < 0 && errno == EINTR);
  return count;
}

bool write_whole(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(file, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

Result<void> make_directories(const std::filesystem::path& directory) {
  if (directory.native().size() >= PATH_MAX) {
    return std::unexpected(system_error("Could not create a directory", ENAMETOOLONG));
  }
  std::error_code ignored;
  std::vector<std::filesystem::path> missing;
  for (auto path = directory; !path.empty() && !std::filesystem::is_directory(path, ignored);
       path = path.parent_path()) {
    missing.push_back(path);
  }
  for (const auto& path : std::views::reverse(missing)) {
    if (::mkdir(path.c_str(), kPrivateDirectory) == 0 || errno == EEXIST) continue;
    return std::unexpected(system_error("Could not create the directory " + quoted(path), errno));
  }
  return {};
}

/// Writes a new file in `directory` and syncs it; removes it when that fails.
bool write_new_file(int directory, const std::string& name, std::string_view content) {
  const Descriptor file(::openat(
      directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kPrivateFile));
  if (!file) return false;
  if (write_whole(file.get(), content) && ::fsync(file.get()) == 0) return true;
  const int reason = errno;
  ::unlinkat(directory, name.c_str(), 0);
  errno = reason;
  return false;
}

}  // namespace

Result<std::optional<std::string>> read_regular_file(const std::filesystem::path& path,
                                                     std::size_t max_bytes) {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  if (!file) return std::unexpected(system_error("Could not open " + quoted(path), errno));
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) {
    return std::unexpected(system_error("Could not read the status of " + quoted(path), errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return std::unexpected(file_error(quoted(path) + " is not a regular file.", "Name a file."));
  }
  if (static_cast<std::uint64_t>(status.st_size) > max_bytes) {
    return std::unexpected(too_large(path, max_bytes));
  }

  // The file may grow meanwhile, and the size of a file in /proc is 0: read to the end.
  std::string content;
  std::size_t used = 0;
  while (true) {
    constexpr std::size_t kSpare = 4096;
    content.resize(std::max(static_cast<std::size_t>(status.st_size) + 1, used + kSpare));
    const ssize_t count = read_once(file.get(), content.data() + used, content.size() - used);
    if (count < 0) return std::unexpected(system_error("Could not read " + quoted(path), errno));
    used += static_cast<std::size_t>(count);
    if (used > max_bytes) return std::unexpected(too_large(path, max_bytes));
    if (count == 0) break;
  }
  content.resize(used);
  return content;
}

std::optional<FileStamp> file_stamp(const std::filesystem::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  const auto since_epoch = std::chrono::seconds(status.st_mtim.tv_sec) +
                           std::chrono::nanoseconds(status.st_mtim.tv_nsec);
  return FileStamp{.modified = std::chrono::system_clock::time_point(since_epoch),
                   .size = static_cast<std::uint64_t>(status.st_size),
                   .inode = status.st_ino};
}

Result<void> replace_private_file(const std::filesystem::path& path, std::string_view content,
                                  std::string_view nonce) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  if (auto made = make_directories(folder); !made) return made;
  const std::string attempt = "Could not write " + quoted(path);
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return std::unexpected(system_error(attempt, errno));

  const std::string name = path.filename().string();
  struct stat status{};
  if (::fstatat(directory.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISLNK(status.st_mode)) {
    return std::unexpected(
        file_error(attempt + ": It is a symbolic link.", "Replace the link with a file."));
  }
  const std::string temporary = '.' + name + '.' + std::string(nonce) + ".tmp";
  if (!write_new_file(directory.get(), temporary, content)) {
    return std::unexpected(system_error(attempt, errno));
  }
  if (::renameat(directory.get(), temporary.c_str(), directory.get(), name.c_str()) != 0) {
    const int reason = errno;
    ::unlinkat(directory.get(), temporary.c_str(), 0);
    return std::unexpected(system_error(attempt, reason));
  }
  // So that the new name survives a crash. Some file systems cannot sync a directory.
  static_cast<void>(::fsync(directory.get()));
  return {};
}

}  // namespace llm::port
