#include "tests/support/json_page.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string_view>

#include "json/reader.hpp"
#include "tests/support/source_directory.hpp"

namespace llm::test_support {
namespace {

std::string text_of(const std::string& page) {
  const std::ifstream file(source_directory() / "docs" / page);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

std::vector<std::string> examples_on(const std::string& page, const std::string& heading) {
  const std::string text = text_of(page);
  std::string_view section = text;
  const std::size_t start = section.find("\n## " + heading + "\n");
  if (start == std::string_view::npos) return {};
  section = section.substr(start + 1);
  section = section.substr(0, section.find("\n## "));

  std::vector<std::string> examples;
  for (std::size_t fence = section.find("```json"); fence != std::string_view::npos;
       fence = section.find("```json")) {
    section = section.substr(section.find('\n', fence) + 1);
    const std::size_t end = section.find("```");
    examples.emplace_back(section.substr(0, end));
    section = section.substr(end + 3);
  }
  return examples;
}

std::vector<std::string> examples_under(const std::string& heading) {
  return examples_on("json.md", heading);
}

std::string example_under(const std::string& heading) {
  const auto examples = examples_under(heading);
  EXPECT_EQ(examples.size(), 1U) << heading;
  return examples.empty() ? "" : examples.front();
}

std::string minified(const std::string& json) {
  json::Parser parser;
  const auto value = parser.parse(json);
  return value ? value->to_text() : value.error().message;
}

}  // namespace llm::test_support
