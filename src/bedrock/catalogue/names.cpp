#include <algorithm>
#include <array>

#include "bedrock/catalogue/overlay.hpp"

namespace llm::bedrock {
namespace {

// One row for each member of Quirks; a missing one fails the assertion.
constexpr auto kQuirks = std::to_array<QuirkName>({
    {"no_stream_tools", &Quirks::no_stream_tools},
    {"no_system", &Quirks::no_system},
    {"needs_profile", &Quirks::needs_profile},
    {"openai_path", &Quirks::openai_path},
});
static_assert(sizeof(Quirks) == kQuirks.size(), "Every quirk is a bool and has a name.");

}  // namespace

std::string_view to_string(WireFormat format, std::span<const WireFormatName> names) {
  const auto row = std::ranges::find(names, format, &WireFormatName::format);
  return row == names.end() ? std::string_view() : row->name;
}

std::optional<WireFormat> wire_format_from(std::string_view name,
                                           std::span<const WireFormatName> names) {
  const auto row = std::ranges::find(names, name, &WireFormatName::name);
  if (row == names.end()) return std::nullopt;
  return row->format;
}

std::span<const QuirkName> quirk_names() { return kQuirks; }

}  // namespace llm::bedrock
