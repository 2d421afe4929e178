#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>

#include "local/models.hpp"
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

/// Exchanges whose outcome cannot be the same here, and why.
constexpr std::array kConverseExceptions{
    // Bedrock's own guardrail answered before the model could object to two user turns in a row.
    std::string_view("2062d3e9b703"),
};

/// Whether the server has the model at all.
bool is_served(const std::string& model) { return model_to_invoke(model).has_value(); }

TEST(Recorded, conversations_have_the_outcome_that_bedrock_gave_them) {
  const char* path = std::getenv("BEDROCK_RECORDED");
  if (path == nullptr) GTEST_SKIP() << "BEDROCK_RECORDED is not set: nothing to compare with";
  std::ifstream file(path);
  ASSERT_TRUE(file) << path;
  const Service service = test::open_service();

  int accepted = 0;
  int refused = 0;
  for (std::string line; std::getline(file, line);) {
    const test::Document exchange(line);
    const std::string id = exchange["id"].text_or_empty();
    const std::string form = exchange["form"].text_or_empty();
    const std::int64_t status = exchange["status"].integer().value_or(0);
    if (form != "converse" && form != "converse-stream") continue;
    if (status == 200 && !is_served(exchange["model"].text_or_empty())) continue;
    if (std::ranges::count(kConverseExceptions, std::string_view(id)) > 0) continue;

    const Reply reply = test::handle(service, {.method = "POST",
                                               .target = exchange["path"].text_or_empty(),
                                               .body = exchange["request"].to_text()});
    EXPECT_EQ(reply.status, status) << id << ": " << reply.body;
    if (status == 200) {
      EXPECT_EQ(reply.streamed, form == "converse-stream") << id;
      ++accepted;
    } else {
      EXPECT_EQ(test::message_of(reply), exchange["response"]["message"].text_or_empty()) << id;
      ++refused;
    }
  }
  EXPECT_GT(accepted, 100);
  EXPECT_EQ(refused, 7);
}

}  // namespace
}  // namespace llm::local
