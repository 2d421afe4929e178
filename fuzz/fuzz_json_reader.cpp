// Any text is either refused or read to the end, and the result, written and read again, is the
// same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "fuzz/require.hpp"
#include "json/reader.hpp"

namespace {

using llm::fuzz::require;
using llm::json::Kind;
using llm::json::Value;

// Calls every accessor of each value: most find nothing, none may fail.
std::size_t walk(Value value, std::size_t depth) {
  require(depth <= llm::json::kMaxDepth + 1, "nesting is limited");
  require(value.exists(), "a value that is there exists");
  require(llm::base::is_valid_utf8(value.string().value_or("")), "strings are UTF-8");
  require(value.boolean().has_value() == (value.kind() == Kind::boolean), "booleans are booleans");
  require(value.number().has_value() == (value.kind() == Kind::number), "numbers are numbers");
  require(!value.integer() || value.number(), "a whole number is a number");
  std::size_t count = 1;
  for (const Value element : value.elements()) count += walk(element, depth + 1);
  for (const auto& [key, member] : value.members()) {
    require(value[key].exists(), "a member is found by its name");
    count += walk(member, depth + 1);
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  llm::json::Parser parser;
  const auto root = parser.parse(input);
  if (!root) {
    require(root.error().code == llm::ErrorCode::stream_error, "the code of the error");
    return 0;
  }
  const std::size_t count = walk(*root, 1);
  const std::string text = root->to_text();

  llm::json::Parser second;
  const auto again = second.parse(text);
  require(again.has_value(), "what is written can be read");
  require(walk(*again, 1) == count, "nothing is lost");
  require(again->to_text() == text, "writing it again changes nothing");
  return 0;
}
