#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

constexpr std::array<std::string_view, 6> kServedForms{
    "claude_messages", "claude_text", "titan_text", "llama", "embedding", "count-tokens"};
constexpr std::array<std::string_view, 2> kConversationForms{"converse", "converse-stream"};

/// Conversations that Bedrock accepted but the server refuses, and why.
constexpr std::array<std::string_view, 2> kExceptions{
    // A guardrail of Bedrock intervened before the model could refuse two user turns in a row.
    "2062d3e9b703",
    // An application profile belongs to an account: the request does not name its model.
    "6d7b889447c1",
};

bool contains(std::span<const std::string_view> all, std::string_view one) {
  return std::ranges::count(all, one) > 0;
}

/// How many exchanges had the recorded outcome.
struct Tally {
  int accepted = 0;
  int refused = 0;
};

/// The names of the members in their order.
std::string keys_of(const json::Value& object) {
  std::string names;
  for (const json::Member& member : object.members()) names += std::string(member.key) + " ";
  return names;
}

/// Embeddings and token counts: the same members in the same order, vectors of the same length.
void expect_the_same_shape(const Reply& reply, const test::Document& exchange) {
  const std::string format = exchange["form"].text_or_empty();
  if (format != "embedding" && format != "count-tokens") return;
  const test::Document body(reply.body);
  const json::Value recorded = exchange["response"];
  const json::Value ours = test::element(body["embeddings"], 0);
  const json::Value theirs = test::element(recorded["embeddings"], 0);
  EXPECT_EQ(keys_of(body.root), keys_of(recorded)) << exchange["id"].text_or_empty();
  EXPECT_EQ(body["embedding"].size(), recorded["embedding"].size());
  EXPECT_EQ(body["response_type"].to_text(), recorded["response_type"].to_text());
  EXPECT_EQ(body["texts"].to_text(), recorded["texts"].to_text());
  EXPECT_EQ(body["embeddings"].size(), recorded["embeddings"].size());
  EXPECT_EQ(ours.size(), theirs.size());
  EXPECT_EQ(ours["embedding"].size(), theirs["embedding"].size());
}

/// Sends a recorded request and compares the outcomes. True when Bedrock accepted it.
bool replay(const Service& service, const test::Document& exchange) {
  const std::string id = exchange["id"].text_or_empty();
  const Reply reply = test::handle(service, {.method = "POST",
                                             .target = exchange["path"].text_or_empty(),
                                             .body = exchange["request"].to_text()});

  EXPECT_EQ(reply.status, exchange["status"].integer()) << id << ": " << reply.body;
  if (exchange["status"].integer() == 200) {
    EXPECT_EQ(reply.streamed, exchange["frames"].exists()) << id;
    expect_the_same_shape(reply, exchange);
    return true;
  }
  // Every recorded refusal is a ValidationException; two recordings include its header.
  EXPECT_EQ(test::header(reply, "x-amzn-ErrorType"),
            "ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/")
      << id;
  EXPECT_EQ(test::message_of(reply), exchange["response"]["message"].text_or_empty()) << id;
  return false;
}

/// Replays the exchanges in one of `formats`. Requires: BEDROCK_RECORDED is set.
Tally replay_all(std::span<const std::string_view> formats) {
  std::ifstream file(std::getenv("BEDROCK_RECORDED"));
  EXPECT_TRUE(file) << std::getenv("BEDROCK_RECORDED");
  const Service service = test::open_service();
  Tally tally;
  for (std::string line; std::getline(file, line);) {
    const test::Document exchange(line);
    if (!contains(formats, exchange["form"].text_or_empty()) ||
        contains(kExceptions, exchange["id"].text_or_empty())) {
      continue;
    }
    ++(replay(service, exchange) ? tally.accepted : tally.refused);
  }
  return tally;
}

class Recorded : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("BEDROCK_RECORDED") != nullptr) return;
    GTEST_SKIP() << "BEDROCK_RECORDED is not set: 209 recorded exchanges skipped";
  }
};

TEST_F(Recorded, invocations_have_the_outcome_that_bedrock_gave_them) {
  const Tally tally = replay_all(kServedForms);

  EXPECT_EQ(tally.accepted, 29 + 16 + 3);
  EXPECT_EQ(tally.refused, 0);
}

TEST_F(Recorded, conversations_have_the_outcome_that_bedrock_gave_them) {
  const Tally tally = replay_all(kConversationForms);

  EXPECT_EQ(tally.accepted, 135);
  EXPECT_EQ(tally.refused, 7);
}

}  // namespace
}  // namespace llm::local
