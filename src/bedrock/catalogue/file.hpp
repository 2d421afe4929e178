#pragma once

#include <memory>
#include <string>

#include <llm/error.hpp>

#include "bedrock/catalogue/overlay.hpp"
#include "port/system.hpp"

namespace llm::bedrock {

/// Reads a catalogue file (data/README.md). `origin` says who named it, for messages.
/// Errors: configuration_error, naming the file: it is not there, cannot be read, or is no
/// catalogue; then the model and the member too.
[[nodiscard]] Result<std::shared_ptr<const CatalogueOverlay>> read_catalogue(
    const port::System& system, const std::string& path, const std::string& origin);

}  // namespace llm::bedrock
