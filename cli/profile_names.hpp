#pragma once

#include <string>
#include <vector>

namespace cli {

/// The names of the profiles in the shared AWS files, sorted, each once. Files that cannot be read
/// have none.
[[nodiscard]] std::vector<std::string> profile_names();

}  // namespace cli
