#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/codec/codec.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {

/// UnknownContent::wire_format of blocks received through Converse.
inline constexpr std::string_view kConverseFormat = "converse";

/// The parts of the codec, a file each. See Codec.
[[nodiscard]] Result<WireRequest> encode_converse(const ChatRequest& request,
                                                  Conversation conversation, const ModelId& model,
                                                  Delivery delivery);
[[nodiscard]] Result<ChatResponse> decode_converse(const HttpResponseHead& head,
                                                   std::string_view body);
[[nodiscard]] std::unique_ptr<StreamDecoder> converse_stream_decoder();

}  // namespace llm::bedrock
