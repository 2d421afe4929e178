#include "local/formats/native_format.hpp"

#include <algorithm>

namespace llm::local {

const NativeFormat* find_native_format(const Model& model, const json::Value& body) {
  const bool is_text = model.wire_format == WireFormat::claude_messages && body["prompt"].exists();
  const auto* found =
      std::ranges::find(kNativeFormats, is_text ? WireFormat::claude_text : model.wire_format,
                        &NativeFormatEntry::wire_format);
  if (found != kNativeFormats.end()) return &found->format();
  if (model.wire_format != WireFormat::converse_only) return nullptr;
  const auto* family = std::ranges::find_if(
      kFamilyFormats, [&model](const FamilyFormat& each) { return model.id.starts_with(each.id); });
  return family == kFamilyFormats.end() ? nullptr : &family->format();
}

}  // namespace llm::local
