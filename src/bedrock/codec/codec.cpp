#include "bedrock/codec/codec.hpp"

namespace llm::bedrock {

Error broken_stream(std::string_view whose, std::string_view what) {
  return make_error(ErrorCode::stream_error,
                    "the stream of " + std::string(whose) + " " + std::string(what) +
                        "; what came before is valid, the rest of the answer is lost");
}

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
    case WireForm::titan_embedding_v1:
    case WireForm::titan_embedding_v2:
    case WireForm::cohere_embedding_v3:
    case WireForm::cohere_embedding_v4:
    case WireForm::nova_embedding:
      break;  // No chat goes this way; see embedding.hpp.
  }
  return converse_codec();
}

}  // namespace llm::bedrock
