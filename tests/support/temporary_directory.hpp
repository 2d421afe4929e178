#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace llm::test_support {

/// A fresh directory under the system's temporary one, removed with all that is in it at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The whole content of a file; empty when there is none.
[[nodiscard]] std::string file_content(const std::filesystem::path& path);
/// Makes or replaces a file.
void write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace llm::test_support
