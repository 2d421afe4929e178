#include "bedrock/catalogue/file.hpp"

#include <utility>

namespace llm::bedrock {
namespace {

constexpr std::size_t kMaxBytes = 16 * 1024 * 1024;  // a hundred times the compiled-in one

}  // namespace

Result<std::shared_ptr<const CatalogueOverlay>> read_catalogue(const port::System& system,
                                                               const std::string& path,
                                                               const std::string& origin) {
  const std::string where = origin + ": \"" + path + "\": ";
  const auto text = system.read_file(path, kMaxBytes);
  if (!text) {
    return std::unexpected(
        make_error(ErrorCode::configuration_error, where + text.error().message));
  }
  if (!*text) {
    return std::unexpected(
        make_error(ErrorCode::configuration_error, where + "there is no such file."));
  }
  Result<CatalogueOverlay> overlay = CatalogueOverlay::parse(**text);
  if (!overlay) {
    return std::unexpected(
        make_error(ErrorCode::configuration_error, where + overlay.error().message));
  }
  return std::make_shared<const CatalogueOverlay>(std::move(*overlay));
}

}  // namespace llm::bedrock
