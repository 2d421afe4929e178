#include "bedrock/codec/invoke/chunk.hpp"

#include <gtest/gtest.h>

#include <string>

#include "bedrock/codec/native_test_support.hpp"

namespace llm::bedrock {
namespace {

// {"a":1}
constexpr std::string_view kBase64 = "eyJhIjoxfQ==";

std::string with(std::string_view before, std::string_view after) {
  return std::string(before) + std::string(kBase64) + std::string(after);
}

// The value lives until the reader is used again.
Result<json::Value> read(std::string_view payload, ChunkReader& reader) {
  const auto chunk = reader.unwrap(payload);
  if (!chunk) return std::unexpected(chunk.error());
  return reader.parse(*chunk);
}

TEST(ChunkReader, reads_every_form_of_the_envelope) {
  const std::string payloads[] = {
      with(R"({"bytes":")", R"("})"),                   // recorded, without padding
      with(R"({"bytes":")", R"(","p":"abcdefgh"})"),    // recorded, with padding
      with(R"({"bytes":")", R"(","p":"abcXYZ019"})"),   // another padding
      with(R"({"bytes":")", R"(","p":""})"),            //
      with(R"({ "bytes" : ")", R"(" })"),               // white space
      with(R"({"p":"abc","bytes":")", R"("})"),         // another order
      with(R"({"bytes":")", R"(","p":"\"","x":[1]})"),  // unknown members
      R"({"bytes":"eyJhIjox\u0066Q=="})",               // an escape inside
  };

  for (const std::string& payload : payloads) {
    ChunkReader reader;
    const auto value = read(payload, reader);

    ASSERT_TRUE(value) << payload;
    EXPECT_EQ((*value)["a"].integer(), 1) << payload;
  }
}

TEST(ChunkReader, fails_with_stream_error_when_a_chunk_is_damaged) {
  const std::string payloads[] = {
      "",
      "{}",
      R"({"bytes":1})",
      R"({"bytes":"eyJhIjoxfQ=="})" + std::string("x"),
      R"({"bytes":"eyJhIjoxfQ"})",    // no padding
      R"({"bytes":"eyJ!IjoxfQ=="})",  // not the alphabet
      R"({"bytes":"eyJhIjox"})",      // {"a":1
      R"({"bytes":"MQ=="})",          // 1: no object
      R"({"bytes":""})",              //
      R"({"bytes":"eyJhIjoxfQ==)",    // cut
      R"({"bytes":"eyJhIjoxfQ==","p":"a"b"})",
  };

  for (const std::string& payload : payloads) {
    ChunkReader reader;
    const auto value = read(payload, reader);

    ASSERT_FALSE(value) << payload;
    EXPECT_EQ(value.error().code, ErrorCode::stream_error) << payload;
  }
}

TEST(ChunkReader, reads_the_next_chunk_after_a_damaged_one) {
  ChunkReader reader;

  const auto damaged = read("{", reader);
  const auto value = read(with(R"({"bytes":")", R"("})"), reader);

  EXPECT_FALSE(damaged);
  ASSERT_TRUE(value);
  EXPECT_EQ((*value)["a"].integer(), 1);
}

TEST(ChunkStreamDecoder, skips_events_of_another_kind) {
  std::string bytes;
  testing::append_frame("weather", "{", bytes);
  bytes += testing::stream_of({R"({"generation":"Hi","stop_reason":"stop"})"});

  const auto events = testing::events_of(llama_codec(), bytes);

  EXPECT_EQ(testing::text_of(events), "Hi");
  EXPECT_TRUE(events.back().is_done());
}

TEST(ChunkStreamDecoder, fails_when_a_chunk_follows_the_end) {
  const std::string bytes = testing::stream_of({R"({"generation":"Hi","stop_reason":"stop"})",
                                                R"({"generation":"more","stop_reason":null})"});

  const auto events = testing::events_of(llama_codec(), bytes);

  ASSERT_TRUE(events.back().is_error());
  EXPECT_EQ(events.back().error().code, ErrorCode::stream_error);
  EXPECT_EQ(testing::text_of(events), "Hi");
}

TEST(ChunkStreamDecoder, takes_a_frame_without_event_type_for_damage) {
  std::string bytes = testing::stream_of({R"({"generation":"Hi","stop_reason":null})"});
  const std::pair<std::string_view, std::string_view> headers[] = {{":message-type", "event"}};
  aws::append_event_message(headers, "{}", bytes);

  const auto events = testing::events_of(llama_codec(), bytes);

  ASSERT_TRUE(events.back().is_error());
  EXPECT_EQ(events.back().error().code, ErrorCode::stream_error);
  EXPECT_EQ(events.back().error().message, testing::malformed("A frame has no event type."));
}

TEST(ChunkStreamDecoder, fails_when_the_stream_is_truncated) {
  const std::string bytes = testing::stream_of({R"({"generation":"Hi","stop_reason":null})"});

  const auto events = testing::events_of(llama_codec(), bytes);

  ASSERT_TRUE(events.back().is_error());
  EXPECT_EQ(events.back().error().code, ErrorCode::stream_error);
}

}  // namespace
}  // namespace llm::bedrock
