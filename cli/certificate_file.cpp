#include "certificate_file.hpp"

#include <cstdlib>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

namespace cli {

llm::Result<CertificateFile> CertificateFile::write(std::string_view pem) {
  const auto refuse = [] {
    return std::unexpected(llm::make_error(llm::ErrorCode::configuration_error,
                                           "The self-signed certificate could not be written.",
                                           "Set TMPDIR to a directory that can be written."));
  };
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  if (error) return refuse();
  std::string name = (parent / "bedrock-local-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) return refuse();
  CertificateFile file{std::filesystem::path(name)};
  std::ofstream out(file.path(), std::ios::binary);
  out << pem;
  out.close();
  if (!out) return refuse();
  return file;
}

CertificateFile::CertificateFile(std::filesystem::path directory)
    : directory_(std::move(directory)) {}

CertificateFile::CertificateFile(CertificateFile&& other) noexcept
    : directory_(std::exchange(other.directory_, {})) {}

CertificateFile::~CertificateFile() {
  std::error_code ignored;
  if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
}

}  // namespace cli
