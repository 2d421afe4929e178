#include "base/xml.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace llm::base {
namespace {

TEST(Xml, reads_nested_elements_by_local_name) {
  const auto root = parse_xml(
      "<?xml version=\"1.0\"?>\n<!-- note --><a:Answer xmlns:a='https://sts.amazonaws.com/doc/'>\n"
      "  <a:Result><Id kind=\"x\">one</Id><Id>two</Id><Empty/></a:Result>\n</a:Answer>\n");

  ASSERT_TRUE(root);
  EXPECT_EQ(root->name, "Answer");
  EXPECT_EQ(root->text_at({"Result", "Id"}), "one");
  EXPECT_EQ(root->text_at({"Result", "Empty"}), "");
  EXPECT_EQ(root->text_at({"Result", "Absent"}), "");
  EXPECT_EQ(root->child("Nothing"), nullptr);
}

TEST(Xml, resolves_entities_and_character_data) {
  const auto root =
      parse_xml("<m>&lt;a&gt; &amp; &quot;b&apos; &#65;&#x20AC;&#x1F600;<![CDATA[<&]]></m>");

  ASSERT_TRUE(root);
  EXPECT_EQ(root->text, "<a> & \"b' A\u20AC\U0001F600<&");
}

TEST(Xml, refuses_what_is_not_a_plain_document) {
  const std::vector<std::string> cases = {
      "",
      "text",
      "<a>",
      "<a></b>",
      "<a></a><b></b>",
      "<a></a>text",
      "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
      "<a><!DOCTYPE b></a>",
      "<a>&unknown;</a>",
      "<a>&amp</a>",
      "<a>&#0;</a>",
      "<a>&#xD800;</a>",
      "<a>&#x110000;</a>",
      "<a>&#99999999999;</a>",
      "<a>&#;</a>",
      "<a>&#-1;</a>",
      "<a><?php x?></a>",
      "<a><![CDATA[x</a>",
      "<a><!-- x</a>",
      "<a b></a>",
      "<a b=c></a>",
      "<a b=\"c></a>",
      "<a b=\"<\"></a>",
      "<a b=\"1\"c=\"2\"></a>",
      "<p:></p:>",
      "<1></1>",
      "<?xml version=\"1.0\"",
      std::string("<a>\0</a>", 8),
      "<a>\xff</a>",
  };

  for (const std::string& text : cases) EXPECT_FALSE(parse_xml(text)) << text;
}

std::string nested(int depth) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += "<a>";
  for (int i = 0; i < depth; ++i) text += "</a>";
  return text;
}

TEST(Xml, is_bounded_in_depth_elements_and_size) {
  std::string wide = "<a>";
  for (std::size_t i = 0; i < kMaxXmlElements; ++i) wide += "<b/>";
  wide += "</a>";

  EXPECT_TRUE(parse_xml(nested(kMaxXmlDepth)));
  EXPECT_FALSE(parse_xml(nested(kMaxXmlDepth + 1)));
  EXPECT_FALSE(parse_xml(wide));
  EXPECT_FALSE(parse_xml("<a>" + std::string(kMaxXmlBytes, 'x') + "</a>"));
}

}  // namespace
}  // namespace llm::base
