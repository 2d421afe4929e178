#include "bedrock/catalogue/file.hpp"

#include <utility>

#include "base/errors.hpp"

namespace llm::bedrock {
namespace {

constexpr std::size_t kMaxBytes =
    16 * 1024 * 1024;  // a hundred times the size of the compiled-in one

}  // namespace

Result<std::shared_ptr<const CatalogueOverlay>> read_catalogue(const port::System& system,
                                                               const std::string& path,
                                                               const std::string& source) {
  const std::string file = "\"" + path + "\" (" + source + ")";
  const auto fail = [&](const Error& cause) {
    Error error = make_error(ErrorCode::configuration_error, cause.message, cause.advice);
    base::add_context("Catalogue file " + file, error);
    return std::unexpected(std::move(error));
  };
  const auto text = system.read_file(path, kMaxBytes);
  if (!text) return fail(text.error());
  if (!*text) {
    return base::configuration_error("The catalogue file " + file + " does not exist.",
                                     "Check the path.");
  }
  Result<CatalogueOverlay> overlay = CatalogueOverlay::parse(**text);
  if (!overlay) return fail(overlay.error());
  return std::make_shared<const CatalogueOverlay>(std::move(*overlay));
}

}  // namespace llm::bedrock
