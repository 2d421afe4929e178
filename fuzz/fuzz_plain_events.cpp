// What the fast path reads of an event equals what a parser reads.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bedrock/codec/fast_text_delta.hpp"
#include "fuzz/require.hpp"
#include "json/reader.hpp"

namespace {

using llm::fuzz::require;

void compare(const llm::bedrock::FastTextDelta& fast, const llm::json::Value& index,
             const llm::json::Value& delta) {
  require(index.integer() == fast.index, "the index equals that of the parser");
  require(delta["text"].string() == fast.text, "the text equals that of the parser");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto converse = llm::bedrock::fast_converse_text(input);
  const auto claude = llm::bedrock::fast_claude_text(input);
  if (!converse && !claude) return 0;

  llm::json::Parser parser;
  const auto root = parser.parse(input);
  require(root.has_value(), "what is read is JSON");
  if (converse) compare(*converse, (*root)["contentBlockIndex"], (*root)["delta"]);
  if (claude) compare(*claude, (*root)["index"], (*root)["delta"]);
  return 0;
}
