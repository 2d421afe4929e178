#include "aws/protocol/event_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "aws/protocol/event_stream_test_support.hpp"

namespace llm::aws {
namespace {

using testing::error_of;
using testing::event;
using testing::frame;
using testing::from_hex;
using ::testing::HasSubstr;
using testing::Headers;
using ::testing::IsEmpty;
using testing::prelude;
using testing::Received;
using testing::Recorder;

struct Vector {
  const char* name;
  const char* hex;
  Headers headers;
  const char* payload;
};

// The first four were made by the codec of the AWS SDK for JavaScript and read back by it; the last
// was recorded from the service.
const Vector kVectors[] = {
    {"messageStart",
     "000000760000005296d5fade0b3a6576656e742d7479706507000c6d65737361676553746172740d3a636f6e74656"
     "e"
     "742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e7"
     "4"
     "7b22726f6c65223a22617373697374616e74227d6fa8c599",
     {{":event-type", "messageStart"},
      {":content-type", "application/json"},
      {":message-type", "event"}},
     R"({"role":"assistant"})"},
    {"chunk",
     "0000007b0000004b0a2e96af0b3a6576656e742d747970650700056368756e6b0d3a636f6e74656e742d747970650"
     "7"
     "00106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22627974657"
     "3"
     "223a2265794a306558426c496a6f6963476c755a794a39227da01f56c4",
     {{":event-type", "chunk"}, {":content-type", "application/json"}, {":message-type", "event"}},
     R"({"bytes":"eyJ0eXBlIjoicGluZyJ9"})"},
    {"exception",
     "00000090000000618e91a9b70f3a657863657074696f6e2d747970650700137468726f74746c696e6745786365707"
     "4"
     "696f6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d7"
     "4"
     "7970650700"
     "09657863657074696f6e7b226d657373616765223a22546f6f206d616e79207265717565737473227de67f8005",
     {{":exception-type", "throttlingException"},
      {":content-type", "application/json"},
      {":message-type", "exception"}},
     R"({"message":"Too many requests"})"},
    {"empty", "000000100000000005c248eb7d98c8ff", {}, ""},
    {"recorded",
     "000000a70000004b462b04f70b3a6576656e742d747970650700056368756e6b0d3a636f6e74656e742d747970650"
     "7"
     "00106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22627974657"
     "3"
     "223a2265794a76645852776458527a496a706265794a305a586830496a6f694946527649697769633352766346397"
     "95a"
     "57467a623234694f6d3531624778395858303d227d30693c02",
     {{":event-type", "chunk"}, {":content-type", "application/json"}, {":message-type", "event"}},
     R"({"bytes":"eyJvdXRwdXRzIjpbeyJ0ZXh0IjoiIFRvIiwic3RvcF9yZWFzb24iOm51bGx9XX0="})"},
};

TEST(EventStreamDecoder, reads_the_known_messages) {
  for (const Vector& vector : kVectors) {
    SCOPED_TRACE(vector.name);
    EventStreamDecoder decoder;
    Recorder recorder;

    const auto fed = recorder.feed(from_hex(vector.hex), decoder);

    ASSERT_TRUE(fed) << fed.error().message;
    ASSERT_EQ(recorder.messages.size(), 1U);
    EXPECT_EQ(recorder.messages[0], (Received{vector.headers, vector.payload}));
    EXPECT_TRUE(decoder.finish());
  }
}

TEST(EventStreamEncoder, writes_the_known_messages) {
  for (const Vector& vector : kVectors) {
    SCOPED_TRACE(vector.name);
    const std::vector<std::pair<std::string_view, std::string_view>> headers(vector.headers.begin(),
                                                                             vector.headers.end());
    std::string bytes = "before";

    append_event_message(headers, vector.payload, bytes);

    EXPECT_EQ(bytes, "before" + from_hex(vector.hex));
  }
}

TEST(EventStreamDecoder, gives_the_same_messages_however_the_stream_is_cut) {
  std::string stream;
  for (const Vector& vector : kVectors) stream += from_hex(vector.hex);
  EventStreamDecoder whole_decoder;
  Recorder whole;
  ASSERT_TRUE(whole.feed(stream, whole_decoder));
  ASSERT_EQ(whole.messages.size(), std::size(kVectors));

  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    EventStreamDecoder decoder;
    Recorder recorder;

    ASSERT_TRUE(recorder.feed(std::string_view(stream).substr(0, cut), decoder)) << cut;
    ASSERT_TRUE(recorder.feed(std::string_view(stream).substr(cut), decoder)) << cut;

    ASSERT_EQ(recorder.messages, whole.messages) << cut;
    ASSERT_TRUE(decoder.finish()) << cut;
  }
}

TEST(EventStreamDecoder, gives_the_same_messages_byte_by_byte) {
  std::string stream;
  std::vector<Received> expected;
  for (const Vector& vector : kVectors) {
    stream += from_hex(vector.hex);
    expected.push_back({vector.headers, vector.payload});
  }
  EventStreamDecoder decoder;
  Recorder recorder;

  for (const char& byte : stream) {
    ASSERT_TRUE(recorder.feed({&byte, 1}, decoder));
    ASSERT_TRUE(recorder.feed({}, decoder));
  }

  EXPECT_EQ(recorder.messages, expected);
  EXPECT_TRUE(decoder.finish());
}

TEST(EventStreamDecoder, returns_a_frame_as_soon_as_its_last_byte_has_arrived) {
  const std::string bytes = event("chunk", "{}");
  EventStreamDecoder decoder;
  Recorder recorder;

  ASSERT_TRUE(recorder.feed(std::string_view(bytes).substr(0, bytes.size() - 1), decoder));
  EXPECT_THAT(recorder.messages, IsEmpty());
  ASSERT_TRUE(recorder.feed(std::string_view(bytes).substr(bytes.size() - 1), decoder));

  EXPECT_EQ(recorder.messages.size(), 1U);
}

TEST(EventStreamDecoder, examines_a_frame_only_when_it_is_requested) {
  std::string stream = event("chunk", R"({"a":1})") + event("chunk", "{}");
  stream.back() = static_cast<char>(stream.back() ^ 1);
  EventStreamDecoder decoder;

  decoder.feed(stream);
  const auto first = decoder.next();

  ASSERT_TRUE(first && *first);
  EXPECT_EQ((**first).payload, R"({"a":1})");
  EXPECT_EQ((**first).message_type, "event");
  EXPECT_EQ((**first).event_type, "chunk");
  EXPECT_FALSE(decoder.next());
}

TEST(EventStreamDecoder, reads_the_headers_again_when_they_differ) {
  EventStreamDecoder decoder;
  Recorder recorder;

  ASSERT_TRUE(recorder.feed(event("chunk", "1") + event("chunk", "2") + event("other", "3") +
                                frame("", "4") + event("other", "5"),
                            decoder));

  ASSERT_EQ(recorder.messages.size(), 5U);
  EXPECT_EQ(recorder.messages[1].headers[0].second, "chunk");
  EXPECT_EQ(recorder.messages[2].headers[0].second, "other");
  EXPECT_THAT(recorder.messages[3].headers, IsEmpty());
  EXPECT_EQ(recorder.messages[4].headers[0].second, "other");
}

TEST(EventStreamDecoder, notices_each_flipped_bit) {
  const std::string good = event("messageStart", R"({"role":"assistant"})");
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    EventStreamDecoder decoder;
    Recorder recorder;

    const auto fed = recorder.feed(bad, decoder);

    EXPECT_FALSE(fed) << "bit " << bit;
    EXPECT_THAT(recorder.messages, IsEmpty()) << "bit " << bit;
  }
}

TEST(EventStreamDecoder, returns_the_frames_before_the_damage_and_names_its_position) {
  const std::string good = event("chunk", "{}");
  std::string bad = good;
  bad.back() = static_cast<char>(bad.back() ^ 1);
  EventStreamDecoder decoder;
  Recorder recorder;

  const auto fed = recorder.feed(good + bad, decoder);

  ASSERT_FALSE(fed);
  EXPECT_EQ(recorder.messages.size(), 1U);
  const std::size_t place = good.size() + bad.size() - 4;
  EXPECT_THAT(fed.error().message, HasSubstr("at byte " + std::to_string(place) + ":"));
  EXPECT_THAT(fed.error().message, HasSubstr("checksum of the frame"));
}

TEST(EventStreamDecoder, repeats_its_error_and_reads_no_more) {
  const std::string good = event("chunk", "{}");
  EventStreamDecoder decoder;
  Recorder recorder;
  const auto first = recorder.feed(std::string(12, 'x'), decoder);
  ASSERT_FALSE(first);

  const auto second = recorder.feed(good, decoder);
  const auto finished = decoder.finish();

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, first.error().message);
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().message, first.error().message);
  EXPECT_EQ(finished.error().code, ErrorCode::stream_error);
  EXPECT_THAT(finished.error().advice, HasSubstr("Try again."));
  EXPECT_THAT(recorder.messages, IsEmpty());
}

TEST(EventStreamDecoder, reports_an_end_inside_a_frame_with_its_position) {
  const std::string good = event("chunk", "{}");
  for (std::size_t received = 1; received < good.size(); ++received) {
    EventStreamDecoder decoder;
    Recorder recorder;
    ASSERT_TRUE(recorder.feed(good + good.substr(0, received), decoder));

    const auto finished = decoder.finish();

    ASSERT_FALSE(finished) << received;
    EXPECT_EQ(finished.error().code, ErrorCode::stream_error);
    EXPECT_THAT(finished.error().message,
                HasSubstr("ended at byte " + std::to_string(good.size() + received)));
    EXPECT_THAT(finished.error().message,
                HasSubstr("begins at byte " + std::to_string(good.size()) + "."));
  }
}

TEST(EventStreamDecoder, accepts_an_empty_stream) {
  EventStreamDecoder decoder;

  EXPECT_TRUE(decoder.finish());
}

struct Lengths {
  std::size_t total;
  std::size_t headers;
  std::string error;  ///< Empty: accepted.
};

void PrintTo(const Lengths& row, std::ostream* out) { *out << row.total << " / " << row.headers; }

class FrameLengthsTest : public ::testing::TestWithParam<Lengths> {};

TEST_P(FrameLengthsTest, are_checked_before_the_rest_of_the_frame_arrives) {
  const std::string error = error_of(prelude(GetParam().total, GetParam().headers));

  EXPECT_EQ(error.empty(), GetParam().error.empty()) << error;
  EXPECT_THAT(error, HasSubstr(GetParam().error));
}

constexpr std::size_t kMost = 0xffffffff;
const Lengths kLengths[] = {
    {0, 0, "shorter than its own checksums"},
    {12, 0, "shorter than its own checksums"},
    {15, 0, "shorter than its own checksums"},
    {16, 0, ""},
    {16, 1, "headers are longer than the frame"},
    {100, 84, ""},
    {100, 85, "headers are longer than the frame"},
    {100, kMost, "headers are longer than the frame"},
    // 12 + headers wraps round in 32 bits.
    {100, kMost - 11, "headers are longer than the frame"},
    {kMost, 0, "longer than the format allows"},
    {kMost, kMost, "longer than the format allows"},
    {kMinMessageBytes + kMaxPayloadBytes, 0, ""},
    {kMinMessageBytes + kMaxPayloadBytes + 1, 0, "payload is longer"},
    {kMinMessageBytes + kMaxHeaderBytes, kMaxHeaderBytes, ""},
    {kMinMessageBytes + kMaxHeaderBytes + 1, kMaxHeaderBytes + 1, "headers are longer than 128"},
    {kMaxMessageBytes, kMaxHeaderBytes, ""},
    {kMaxMessageBytes + 1, kMaxHeaderBytes, "longer than the format allows"},
};

INSTANTIATE_TEST_SUITE_P(Preludes, FrameLengthsTest, ::testing::ValuesIn(kLengths),
                         [](const auto& test) {
                           return std::to_string(test.param.total) + '_' +
                                  std::to_string(test.param.headers);
                         });

TEST(EventStreamDecoder, checks_the_prelude_byte_by_byte_too) {
  EventStreamDecoder decoder;
  Recorder recorder;
  const std::string bytes = prelude(15, 0);

  for (std::size_t i = 0; i < 11; ++i) {
    ASSERT_TRUE(recorder.feed(std::string_view(bytes).substr(i, 1), decoder));
  }

  EXPECT_FALSE(recorder.feed(std::string_view(bytes).substr(11), decoder));
}

}  // namespace
}  // namespace llm::aws
