#pragma once

#include <string>
#include <vector>

namespace llm::test_support {

/// The fenced blocks of a page of docs/ between a heading and the next one.
[[nodiscard]] std::vector<std::string> examples_on(const std::string& page,
                                                   const std::string& heading);
/// The same of docs/json.md.
[[nodiscard]] std::vector<std::string> examples_under(const std::string& heading);
/// The only one; the test fails when there are more or none.
[[nodiscard]] std::string example_under(const std::string& heading);

/// On one line, as the library prints it.
[[nodiscard]] std::string minified(const std::string& json);

}  // namespace llm::test_support
