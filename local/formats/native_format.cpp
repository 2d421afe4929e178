#include "local/formats/native_format.hpp"

#include <algorithm>

namespace llm::local {

const NativeFormat* find_native_format(const Model& model, const json::Value& body) {
  const bool is_text = model.wire_format == WireFormat::claude_messages && body["prompt"].exists();
  const auto* found =
      std::ranges::find(kNativeFormats, is_text ? WireFormat::claude_text : model.wire_format,
                        &NativeFormatEntry::wire_format);
  return found == kNativeFormats.end() ? nullptr : &found->format();
}

}  // namespace llm::local
