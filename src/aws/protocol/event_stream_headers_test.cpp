// The header section of a message.
#include "aws/protocol/event_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "aws/protocol/event_stream_test_support.hpp"
#include "tests/support/row_name.hpp"

namespace llm::aws {
namespace {

using testing::error_of;
using testing::frame;
using ::testing::HasSubstr;
using testing::header;
using testing::prelude;
using testing::Received;
using testing::Recorder;
using testing::u16;

struct MalformedHeaders {
  std::string name;
  std::string section;
  std::string error;
};

void PrintTo(const MalformedHeaders& row, std::ostream* out) { *out << row.name; }

class MalformedHeadersTest : public ::testing::TestWithParam<MalformedHeaders> {};

TEST_P(MalformedHeadersTest, are_refused) {
  const std::string error = error_of(frame(GetParam().section, "payload"));

  EXPECT_THAT(error, HasSubstr(GetParam().error));
}

const std::string kLongValue(32768, 'v');
const MalformedHeaders kMalformedHeaders[] = {
    {"empty name", header("", 7, u16(1) + "x"), "empty name"},
    {"name length alone", "\x05", "name extends past"},
    {"name cut",
     "\x05"
     "abc",
     "name extends past"},
    {"no type",
     "\x03"
     "abc",
     "name extends past"},
    {"name of 255 in a short section", "\xff" + std::string(100, 'n'), "name extends past"},
    {"name that is not UTF-8", header("\xff", 0, ""), "name is not UTF-8"},
    {"type 10", header("a", 10, ""), "unknown type"},
    {"type 255", header("a", '\xff', ""), "unknown type"},
    {"i8 cut", header("a", 2, ""), "value extends past"},
    {"i16 cut", header("a", 3, "1"), "value extends past"},
    {"i32 cut", header("a", 4, "123"), "value extends past"},
    {"i64 cut", header("a", 5, "1234567"), "value extends past"},
    {"bytes without a length", header("a", 6, "\x01"), "value extends past"},
    {"bytes cut", header("a", 6, u16(2) + "x"), "value extends past"},
    {"string without a length", header("a", 7, ""), "value extends past"},
    {"string cut", header("a", 7, u16(2) + "x"), "value extends past"},
    {"string into the payload", header("a", 7, u16(3) + "x"), "value extends past"},
    {"string too long", header("a", 7, u16(32768) + kLongValue), "longer than 32767"},
    {"string that is not UTF-8", header("a", 7, u16(1) + "\xff"), "header value is not UTF-8"},
    {"time cut", header("a", 8, "1234567"), "value extends past"},
    {"UUID cut", header("a", 9, "123456789012345"), "value extends past"},
    {"one name twice", header("a", 0, "") + header("b", 0, "") + header("a", 7, u16(0)),
     "two headers have the same name"},
};

INSTANTIATE_TEST_SUITE_P(Sections, MalformedHeadersTest, ::testing::ValuesIn(kMalformedHeaders),
                         [](const auto& test) {
                           return test_support::row_name(test.index, test.param.name);
                         });

TEST(EventStreamDecoder, names_the_position_of_a_malformed_header) {
  const std::string error = error_of(frame(header("a", 0, "") + header("b", 10, "")));

  // The second header begins three bytes after the prelude.
  EXPECT_THAT(error, HasSubstr("at byte 15:"));
}

TEST(EventStreamDecoder, reads_every_type_of_header) {
  const std::string longest(kMaxHeaderValueBytes, 'v');
  const std::string name(255, 'n');
  const std::string section =
      header("true", 0, "") + header("false", 1, "") + header("i8", 2, "1") +
      header("i16", 3, "12") + header("i32", 4, "1234") + header("i64", 5, "12345678") +
      header("bytes", 6, u16(2) + "\xff\xfe") + header("string", 7, u16(0)) +
      header("time", 8, "12345678") + header("uuid", 9, "1234567890123456") +
      header(name, 7, u16(longest.size()) + longest);
  EventStreamDecoder decoder;
  Recorder recorder;

  const auto fed = recorder.feed(frame(section, "p"), decoder);

  ASSERT_TRUE(fed) << fed.error().message;
  EXPECT_EQ(recorder.messages.at(0), (Received{{{"true", ""},
                                                {"false", ""},
                                                {"i8", "1"},
                                                {"i16", "12"},
                                                {"i32", "1234"},
                                                {"i64", "12345678"},
                                                {"bytes", "\xff\xfe"},
                                                {"string", ""},
                                                {"time", "12345678"},
                                                {"uuid", "1234567890123456"},
                                                {name, longest}},
                                               "p"}));
}

TEST(EventStreamDecoder, accepts_1024_headers_and_no_more) {
  std::string section;
  for (std::size_t i = 0; i < kMaxHeaderCount; ++i)
    section += header(u16(0x4040 + i % 64) + u16(0x4040 + i / 64), 0, "");

  EventStreamDecoder decoder;
  Recorder recorder;
  EXPECT_TRUE(recorder.feed(frame(section), decoder));
  EXPECT_EQ(recorder.messages.at(0).headers.size(), kMaxHeaderCount);
  EXPECT_THAT(error_of(frame(section + header("one more", 0, ""))),
              HasSubstr("more than 1024 headers"));
}

TEST(EventMessage, gives_the_text_of_string_headers_alone) {
  const EventHeader headers[] = {{"a", 7, "text"}, {"b", 6, "bytes"}};
  const EventMessage message{.headers = headers};

  EXPECT_EQ(message.header("a"), "text");
  EXPECT_EQ(message.header("b"), "");
  EXPECT_EQ(message.header("c"), "");
}

}  // namespace
}  // namespace llm::aws
