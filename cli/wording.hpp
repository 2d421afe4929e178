#pragma once

#include <string>

namespace cli {

/// A message of the library with the command's own names for what it calls by those of C++.
[[nodiscard]] std::string in_own_words(std::string message);

}  // namespace cli
