#include <llm/version.hpp>

#include <gtest/gtest.h>
#include <string>

namespace llm {
namespace {

// BEDROCK_VERSION, which version() returns, comes from CMakeLists.txt.
TEST(Version, of_the_headers_is_that_of_the_project) {
  EXPECT_EQ(version(), kVersion);
  EXPECT_EQ(std::to_string(kVersionMajor) + '.' + std::to_string(kVersionMinor) + '.' +
                std::to_string(kVersionPatch),
            kVersion);
}

}  // namespace
}  // namespace llm
