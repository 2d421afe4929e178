// The XML of STS responses: any bytes are either refused or read within the documented bounds.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/text.hpp"
#include "base/xml.hpp"
#include "fuzz/require.hpp"

using llm::fuzz::require;

namespace {

std::size_t elements(const llm::base::XmlElement& element, int depth) {
  require(depth <= llm::base::kMaxXmlDepth, "the depth is bounded");
  require(!element.name.empty(), "every element has a name");
  require(llm::base::is_valid_utf8(element.text), "text is UTF-8");
  std::size_t total = 1;
  for (const llm::base::XmlElement& child : element.children) total += elements(child, depth + 1);
  return total;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto root = llm::base::parse_xml(text);
  if (root) require(elements(*root, 1) <= llm::base::kMaxXmlElements, "elements are bounded");
  return 0;
}
