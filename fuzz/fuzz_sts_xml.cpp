// The XML of STS answers: any bytes are either refused or read within the documented bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/xml.hpp"

namespace {

std::size_t elements(const llm::base::XmlElement& element, int depth) {
  if (depth > llm::base::kMaxXmlDepth || element.name.empty()) std::abort();
  std::size_t total = 1;
  for (const llm::base::XmlElement& child : element.children) total += elements(child, depth + 1);
  return total;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto root = llm::base::parse_xml(text);
  if (root && elements(*root, 1) > llm::base::kMaxXmlElements) std::abort();
  return 0;
}
