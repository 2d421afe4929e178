#include <llm/version.hpp>

namespace llm {

std::string_view version() { return BEDROCK_VERSION; }

}  // namespace llm
