#include "local/formats/native_format.hpp"

namespace llm::local {

const NativeFormat& native_format_of(const Model& model, const json::Value& body) {
  switch (model.wire_format) {
    case WireFormat::titan_text:
      return titan_text_format();
    case WireFormat::llama:
      return llama_format();
    case WireFormat::claude_text:
      return claude_text_format();
    default:
      return body["prompt"].exists() ? claude_text_format() : claude_messages_format();
  }
}

}  // namespace llm::local
