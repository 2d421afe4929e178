#include "bedrock/codec/fast_text_delta.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/base64.hpp"
#include "json/reader.hpp"
#include "tests/support/recorded.hpp"

namespace llm::bedrock {
namespace {

const std::string kChunk = R"({"bytes":"eyJhIjoxfQ==","p":"abcdefghijklmnop"})";
const std::string kConverse =
    R"({"contentBlockIndex":3,"delta":{"text":" the grün 世界"},"p":"abcdefgh"})";
const std::string kClaude =
    R"({"type":"content_block_delta","index":12,"delta":{"type":"text_delta","text":" the sky"}})";

TEST(PlainEvents, are_read_as_the_service_writes_them) {
  EXPECT_EQ(fast_chunk_bytes(kChunk), "eyJhIjoxfQ==");
  EXPECT_EQ(fast_chunk_bytes(R"({"bytes":"eyJhIjoxfQ=="})"), "eyJhIjoxfQ==");
  EXPECT_EQ(fast_chunk_bytes(R"({"bytes":"","p":""})"), "");

  const auto converse = fast_converse_text(kConverse);
  const auto unpadded = fast_converse_text(R"({"contentBlockIndex":0,"delta":{"text":""}})");
  const auto claude = fast_claude_text(kClaude);

  ASSERT_TRUE(converse && unpadded && claude);
  EXPECT_EQ(converse->index, 3);
  EXPECT_EQ(converse->text, " the grün 世界");
  EXPECT_EQ(unpadded->index, 0);
  EXPECT_EQ(unpadded->text, "");
  EXPECT_EQ(claude->index, 12);
  EXPECT_EQ(claude->text, " the sky");
}

TEST(PlainEvents, leave_everything_else_to_a_parser) {
  const std::string payloads[] = {
      "",
      "{}",
      R"({"contentBlockIndex":0,"delta":{"text":"a\nb"}})",              // an escape
      R"({"contentBlockIndex":0,"delta":{"text":"a"},"p":"bcd"})",       // another padding
      R"({"contentBlockIndex":0,"delta":{"text":"a"},"p":"ab","q":1})",  // one more member
      R"({"contentBlockIndex":0,"delta":{"text":"a","b":1}})",           //
      R"({"contentBlockIndex":0,"delta":{"text":1}})",                   //
      R"({"contentBlockIndex":00,"delta":{"text":"a"}})",                // no JSON
      R"({"contentBlockIndex":-1,"delta":{"text":"a"}})",                //
      R"({"contentBlockIndex":1234567,"delta":{"text":"a"}})",           //
      R"({"contentBlockIndex":,"delta":{"text":"a"}})",                  //
      R"({"contentBlockIndex":0,"delta":{"text":"a"}} )",                // white space
      R"({"contentBlockIndex":0,"delta":{"text":"a"})",                  // cut
      R"({"contentBlockIndex":0,"delta":{"text":"a)",                    //
      R"({"delta":{"text":"a"},"contentBlockIndex":0})",                 // another order
      "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"a\tb\"}}",         // a control character
      "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"a\xC3\"}}",        // no UTF-8
      R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\""}})",
      R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"},"x":1})",
      R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","text":"a"}})",
      R"({"bytes":"eyJhIjoxfQ==","p":"abc)",
      R"({"bytes":"eyJhIjoxfQ==)",
  };

  for (const std::string& payload : payloads) {
    EXPECT_FALSE(fast_chunk_bytes(payload)) << payload;
    EXPECT_FALSE(fast_converse_text(payload)) << payload;
    EXPECT_FALSE(fast_claude_text(payload)) << payload;
  }
}

// Fails when something was read that a parser would not read in the same way.
void expect_agreement(const std::string& payload) {
  json::Parser parser;
  const auto root = parser.parse(payload);
  const auto converse = fast_converse_text(payload);
  const auto claude = fast_claude_text(payload);
  const auto bytes = fast_chunk_bytes(payload);
  if (!converse && !claude && !bytes) return;

  // What is in `bytes` may be anything but base64 too: that is found when it is decoded.
  std::string decoded;
  if (bytes && !base::append_base64_decoded(*bytes, decoded)) return;
  ASSERT_TRUE(root) << payload;
  if (bytes) {
    EXPECT_EQ((*root)["bytes"].string(), *bytes) << payload;
  } else if (converse) {
    EXPECT_EQ((*root)["contentBlockIndex"].integer(), converse->index) << payload;
    EXPECT_EQ((*root)["delta"]["text"].string(), converse->text) << payload;
    EXPECT_EQ((*root)["delta"].size(), 1U) << payload;
  } else {
    EXPECT_EQ((*root)["index"].integer(), claude->index) << payload;
    EXPECT_EQ((*root)["delta"]["text"].string(), claude->text) << payload;
    EXPECT_EQ(root->size(), 3U) << payload;
  }
}

TEST(PlainEvents, agree_with_a_parser_however_they_are_altered) {
  constexpr int kAlterations = 20'000;
  constexpr std::string_view kBytes = "\"\\{}[]:,0 19atp\n\x1F\x7F\xC3\xBC\x80";
  std::mt19937 engine(7);
  const auto below = [&](std::size_t end) { return engine() % end; };
  const std::string* const originals[] = {&kChunk, &kConverse, &kClaude};
  int read = 0;

  for (int i = 0; i < kAlterations; ++i) {
    std::string payload = *originals[below(3)];
    const std::size_t place = below(payload.size());
    switch (below(3)) {
      case 0:
        payload[place] = kBytes[below(kBytes.size())];
        break;
      case 1:
        payload.insert(place, 1, kBytes[below(kBytes.size())]);
        break;
      default:
        payload.erase(place, 1 + below(3));
    }
    if (fast_chunk_bytes(payload) || fast_converse_text(payload) || fast_claude_text(payload))
      ++read;
    expect_agreement(payload);
  }

  EXPECT_GT(read, kAlterations / 20) << "too few are left to compare";
}

TEST(PlainEvents, are_most_deltas_of_recorded_streams) {
  int deltas = 0;
  int fast = 0;
  const auto visited = test_support::for_each_recorded(
      {"converse-stream", "claude_messages"}, [&](const json::Value& exchange) {
        for (const json::Value frame : exchange["frames"].elements()) {
          const std::string payload = frame["payload"].text_or_empty();
          std::string decoded;
          if (const auto bytes = fast_chunk_bytes(payload)) {
            ASSERT_TRUE(base::append_base64_decoded(*bytes, decoded));
          }
          const std::string& event = decoded.empty() ? payload : decoded;
          const bool is_text = event.find(R"("delta":{"text":)") != std::string::npos ||
                               event.find(R"("type":"text_delta")") != std::string::npos;
          if (!is_text) continue;
          ++deltas;
          if (fast_converse_text(event) || fast_claude_text(event)) ++fast;
        }
      });
  if (!visited) GTEST_SKIP() << "BEDROCK_RECORDED is not set: the recorded streams are skipped";

  EXPECT_GT(deltas, 400);
  EXPECT_GT(fast, deltas * 8 / 10);
}

}  // namespace
}  // namespace llm::bedrock
