#pragma once

#include <memory>
#include <string>

#include <llm/error.hpp>

#include "bedrock/catalogue/overlay.hpp"
#include "port/system.hpp"

namespace llm::bedrock {

/// Reads a catalogue file (data/README.md). `source` is the setting that names it, for messages.
/// Errors: configuration_error, naming the file, if it does not exist or cannot be read; for an
/// invalid catalogue also the model and the member.
[[nodiscard]] Result<std::shared_ptr<const CatalogueOverlay>> read_catalogue(
    const port::System& system, const std::string& path, const std::string& source);

}  // namespace llm::bedrock
