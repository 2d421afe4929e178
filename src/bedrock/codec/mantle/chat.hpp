#pragma once

#include <memory>
#include <string_view>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/codec/codec.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {

/// The name of the format in messages.
inline constexpr std::string_view kChatCompletionsFormat = "chat_completions";

// The parts of the codec, a file each. See Codec.
// Source: OpenAI API reference, "Chat"; Bedrock User Guide, "Inference using Chat Completions API".

[[nodiscard]] Result<WireRequest> encode_chat_completions(const ChatRequest& request,
                                                          Conversation conversation,
                                                          const ModelId& model, Delivery delivery);
[[nodiscard]] Result<ChatResponse> decode_chat_completions(const HttpResponseHead& head,
                                                           std::string_view body);
[[nodiscard]] std::unique_ptr<StreamDecoder> chat_completions_stream_decoder();

/// Writes the array `messages`. Errors: unsupported_feature for a block that the format cannot
/// carry; configuration_error for a bad image.
[[nodiscard]] Result<void> write_chat_messages(const Conversation& conversation,
                                               const ModelId& model, json::Writer& writer,
                                               std::vector<Warning>& warnings);

/// The finish reason of a `finish_reason`; `unknown` for an undocumented one.
[[nodiscard]] FinishReason chat_finish_reason(std::string_view reason);

/// Reads the object `usage`. Its input tokens include those from the cache, ours do not.
void read_chat_usage(const json::Value& usage, Usage& into);

/// The reasoning in a message or a delta. Servers of open-weight models call it `reasoning`, or
/// `reasoning_content` as DeepSeek does.
[[nodiscard]] json::Value reasoning_of(const json::Value& message);

}  // namespace llm::bedrock
