#pragma once

#include <filesystem>
#include <string_view>

#include <llm/error.hpp>

namespace cli {

/// A certificate in a file of its own, for clients to trust. The file is removed with this object.
class CertificateFile {
 public:
  /// Writes `pem` into a new directory below the one for temporary files.
  /// Errors: configuration_error when it cannot be written.
  [[nodiscard]] static llm::Result<CertificateFile> write(std::string_view pem);

  CertificateFile(CertificateFile&& other) noexcept;
  CertificateFile& operator=(CertificateFile&&) = delete;
  ~CertificateFile();

  [[nodiscard]] std::filesystem::path path() const { return directory_ / "certificate.pem"; }

 private:
  explicit CertificateFile(std::filesystem::path directory);

  std::filesystem::path directory_;  ///< Empty after a move.
};

}  // namespace cli
