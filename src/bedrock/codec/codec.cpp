#include "bedrock/codec/codec.hpp"

namespace llm::bedrock {

Error broken_stream(std::string_view whose, std::string_view what) {
  return make_error(ErrorCode::stream_error,
                    "the stream of " + std::string(whose) + " " + std::string(what) +
                        "; what came before is valid, the rest of the answer is lost");
}

const Codec& codec_for(WireFormat form) {
  switch (form) {
    case WireFormat::none:
      return converse_codec();
    case WireFormat::claude_messages:
      return claude_messages_codec();
    case WireFormat::claude_text:
      return claude_text_codec();
    case WireFormat::titan_text:
      return titan_text_codec();
    case WireFormat::llama2:
    case WireFormat::llama3:
    case WireFormat::llama4:
      return llama_codec();
    case WireFormat::titan_embedding_v1:
    case WireFormat::titan_embedding_v2:
    case WireFormat::cohere_embedding_v3:
    case WireFormat::cohere_embedding_v4:
    case WireFormat::nova_embedding:
      break;  // No chat goes this way; see embedding.hpp.
  }
  return converse_codec();
}

}  // namespace llm::bedrock
