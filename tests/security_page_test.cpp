// Checks that every test named in docs/security.md exists.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/source_directory.hpp"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPoints = 25;

std::string content(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// Every test in the sources, as `folder/x_test.cpp: Subject.test`.
std::set<std::string> known_tests() {
  const std::regex test(R"(\nTEST(_F|_P)?\((\w+),\s*(\w+)\))");
  const fs::path root = llm::test_support::source_directory();
  std::set<std::string> known;
  for (const char* folder : {"src", "tests", "cli", "local"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      if (!entry.path().string().ends_with("_test.cpp")) continue;
      const std::string text = content(entry.path());
      for (std::sregex_iterator it(text.begin(), text.end(), test), end; it != end; ++it) {
        known.insert(fs::relative(entry.path(), root).string() + ": " + (*it)[2].str() + '.' +
                     (*it)[3].str());
      }
    }
  }
  return known;
}

/// The rows of the table, one per risk.
std::vector<std::string> rows() {
  std::istringstream page(content(llm::test_support::source_directory() / "docs/security.md"));
  std::vector<std::string> found;
  for (std::string line; std::getline(page, line);) {
    if (std::regex_search(line, std::regex(R"(^\| \d+ )"))) found.push_back(line);
  }
  return found;
}

TEST(SecurityPage, names_tests_that_exist_for_every_point) {
  const std::set<std::string> known = known_tests();
  const std::regex name(R"(`(\w+\.\w+)` \(([\w/]+_test\.cpp)\))");

  const std::vector<std::string> points = rows();

  EXPECT_EQ(points.size(), kPoints);
  for (const std::string& point : points) {
    std::sregex_iterator test(point.begin(), point.end(), name);
    EXPECT_NE(test, std::sregex_iterator()) << "names no test: " << point;
    for (; test != std::sregex_iterator(); ++test) {
      const std::string wanted = (*test)[2].str() + ": " + (*test)[1].str();
      EXPECT_TRUE(known.contains(wanted)) << wanted;
    }
  }
}

}  // namespace
