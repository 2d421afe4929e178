#pragma once

#include <filesystem>

namespace llm::test_support {

/// Where this project's sources are, for tests of its pages and with its data.
[[nodiscard]] std::filesystem::path source_directory();

}  // namespace llm::test_support
