#include "json/plain_text.hpp"

#include <gtest/gtest.h>

#include <string>

#include "json/reader.hpp"

namespace llm::json {
namespace {

// Whether a parser agrees.
bool stands_for_itself(const std::string& text) {
  Parser parser;
  const auto root = parser.parse('"' + text + '"');
  return root && root->string() == text;
}

TEST(PlainText, is_read_back_unchanged_for_every_byte_at_every_position) {
  for (std::size_t size = 1; size <= 17; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(size, 'x');
        text[place] = static_cast<char>(byte);

        EXPECT_EQ(is_plain_text(text), stands_for_itself(text))
            << size << ' ' << place << ' ' << byte;
      }
    }
  }
}

TEST(PlainText, is_utf8) {
  const std::string texts[] = {
      "",
      "grün",
      "世界",
      "🙂🙂🙂🙂",
      "\xC3",              // cut
      "eight by\xC3",      // cut after a word
      "\xC0\xAF",          // overlong
      "\xE0\x80\xAF",      // overlong
      "\xED\xA0\x80",      // a surrogate
      "\xF4\x90\x80\x80",  // beyond U+10FFFF
      "\xF0\x9F\x99\x82 then more than one word",
  };

  for (const std::string& text : texts) {
    EXPECT_EQ(is_plain_text(text), stands_for_itself(text)) << text;
  }
}

}  // namespace
}  // namespace llm::json
