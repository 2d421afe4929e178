#include "bedrock/codec/codec.hpp"

namespace llm::bedrock {

const Codec& codec_for(WireForm form) {
  switch (form) {
    case WireForm::none:
      return converse_codec();
    case WireForm::claude_messages:
      return claude_messages_codec();
    case WireForm::claude_text:
      return claude_text_codec();
    case WireForm::titan_text:
      return titan_text_codec();
    case WireForm::llama2:
    case WireForm::llama3:
    case WireForm::llama4:
      return llama_codec();
  }
  return converse_codec();
}

}  // namespace llm::bedrock
