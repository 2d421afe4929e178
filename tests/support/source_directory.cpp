#include "tests/support/source_directory.hpp"

namespace llm::test_support {

std::filesystem::path source_directory() { return BEDROCK_SOURCE_DIR; }

}  // namespace llm::test_support
