#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <string>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

constexpr std::array<std::string_view, 4> kServedForms{"claude_messages", "claude_text",
                                                       "titan_text", "llama"};

TEST(Recorded, invocations_that_bedrock_accepted_are_accepted_here) {
  const char* path = std::getenv("BEDROCK_RECORDED");
  if (path == nullptr) GTEST_SKIP() << "BEDROCK_RECORDED is not set: nothing to compare with";
  std::ifstream file(path);
  ASSERT_TRUE(file) << path;
  const Service service = test::open_service();

  int replayed = 0;
  for (std::string line; std::getline(file, line);) {
    const test::Document exchange(line);
    const std::string form = exchange["form"].text_or_empty();
    if (std::ranges::count(kServedForms, form) == 0 || exchange["status"].integer() != 200) {
      continue;
    }
    const Reply reply = test::handle(service, {.method = "POST",
                                               .target = exchange["path"].text_or_empty(),
                                               .body = exchange["request"].to_text()});
    EXPECT_EQ(reply.status, 200) << exchange["id"].text_or_empty() << ": " << reply.body;
    EXPECT_EQ(reply.streamed, exchange["frames"].exists());
    ++replayed;
  }
  EXPECT_GT(replayed, 25);
}

}  // namespace
}  // namespace llm::local
