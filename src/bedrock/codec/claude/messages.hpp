#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/codec/codec.hpp"
#include "bedrock/codec/structured_output.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {

/// The name of the wire form.
inline constexpr std::string_view kClaudeMessagesForm = "claude_messages";

/// The parts of the codec, a file each. See Codec for what they do.
[[nodiscard]] Result<WireRequest> encode_claude_messages(const ChatRequest& request,
                                                         const ModelId& model, Delivery delivery);
[[nodiscard]] Result<ChatResponse> decode_claude_messages(const HttpResponseHead& head,
                                                          std::string_view body);
[[nodiscard]] std::unique_ptr<StreamDecoder> claude_messages_stream_decoder();

/// The meaning of `stop_reason`; `unknown` for a word that is not known.
[[nodiscard]] FinishReason claude_finish_reason(std::string_view word);

/// Takes the counts that a `usage` object has; what it does not mention stays.
void read_claude_usage(const json::Value& usage, Usage& into);

/// The error that an `{"type":"error","error":{...}}` object tells; `object` is the inner one.
[[nodiscard]] Error claude_error(const json::Value& object);

/// Warns (`stop_details`) of what the model says about its stop, which has no member of its own.
void read_stop_details(const json::Value& details, std::vector<Warning>& warnings);

}  // namespace llm::bedrock
