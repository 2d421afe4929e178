#include "json/writer.hpp"

#include <limits>
#include <numbers>
#include <string>

#include <gtest/gtest.h>

#include "json/reader.hpp"

namespace llm::json {
namespace {

std::string number_text(double number) {
  Writer writer;
  writer.number(number);
  return std::move(writer).take();
}

TEST(JsonWriter, places_commas) {
  Writer writer;

  writer.begin_object();
  writer.key("a").begin_array().integer(1).string("x").begin_object().end_object();
  writer.begin_array().end_array().boolean(true).null().raw("{\"r\":1}").end_array();
  writer.member("b", "y").key("c").number(0.5).key("d").boolean(false);
  writer.end_object();

  EXPECT_EQ(writer.view(), R"({"a":[1,"x",{},[],true,null,{"r":1}],"b":"y","c":0.5,"d":false})");
}

TEST(JsonWriter, copies_json_unchanged) {
  Writer writer;

  writer.begin_array().raw(Json::from_valid_text("{ \"a\" : 1 }")).raw("2").end_array();

  EXPECT_EQ(std::move(writer).take(), "[{ \"a\" : 1 },2]");
}

TEST(JsonWriter, writes_bytes_as_base64) {
  Writer writer;

  writer.begin_object().key("bytes").base64("foob").key("empty").base64("").end_object();

  EXPECT_EQ(writer.view(), R"({"bytes":"Zm9vYg==","empty":""})");
}

TEST(JsonWriter, escapes_what_must_be) {
  EXPECT_EQ(quoted("say \"hi\" \\ and\r\n\tgo"), R"("say \"hi\" \\ and\r\n\tgo")");
  EXPECT_EQ(quoted(std::string_view("\0\x01\b\f\x1F\x7F", 6)),
            "\"\\u0000\\u0001\\u0008\\u000c\\u001f\x7F\"");
  EXPECT_EQ(quoted("/ \xC3\xA9 \xE2\x80\xA8 \xF0\x9F\x98\x80"),
            "\"/ \xC3\xA9 \xE2\x80\xA8 \xF0\x9F\x98\x80\"");
  EXPECT_EQ(quoted(""), "\"\"");
}

TEST(JsonWriter, escapes_at_every_place_of_a_word) {
  for (std::size_t length = 0; length < 40; ++length) {
    for (std::size_t place = 0; place < length; ++place) {
      for (const char character : {'"', '\\', '\n', '\0', '\x1F'}) {
        std::string text(length, '~');
        text[place] = character;
        Parser parser;

        const auto value = parser.parse(json::quoted(text));

        ASSERT_TRUE(value) << length << ' ' << place;
        ASSERT_EQ(value->string(), text);
      }
    }
  }
}

TEST(JsonWriter, replaces_bytes_that_are_not_utf8) {
  EXPECT_EQ(quoted("a\xFF\"\xC3"), "\"a\xEF\xBF\xBD\\\"\xEF\xBF\xBD\"");
}

TEST(JsonWriter, writes_the_shortest_text_of_a_double) {
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(0.7), "0.7");
  EXPECT_EQ(number_text(1.0), "1");
  EXPECT_EQ(number_text(-0.0), "-0.0");
  EXPECT_EQ(number_text(1e300), "1e+300");
}

TEST(JsonWriter, writes_doubles_that_read_back_the_same) {
  for (const double number :
       {std::numbers::pi, 1.0 / 3, 5e-324, std::numeric_limits<double>::max(),
        std::numeric_limits<double>::lowest(), std::numeric_limits<double>::min(), 123456789.123,
        1e18, 0x1p63, -0x1p63, 0x1p64, -1.2e19, 1.1957311957377225e20}) {
    Parser parser;

    const auto value = parser.parse(number_text(number));

    ASSERT_TRUE(value) << number;
    EXPECT_EQ(value->number(), number);
  }
}

TEST(JsonWriter, writes_the_limits_of_integers) {
  Writer writer;

  writer.begin_array()
      .integer(std::numeric_limits<std::int64_t>::min())
      .integer(std::numeric_limits<std::int64_t>::max())
      .end_array();

  EXPECT_EQ(writer.view(), "[-9223372036854775808,9223372036854775807]");
}

TEST(JsonWriter, writes_a_string_of_megabytes) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += "line of text \"quoted\"\n";
  Parser parser;

  const auto value = parser.parse(json::quoted(text));

  ASSERT_TRUE(value);
  EXPECT_EQ(value->string(), text);
}

}  // namespace
}  // namespace llm::json
