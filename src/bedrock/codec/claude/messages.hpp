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

/// UnknownContent::wire_format of blocks in this format.
inline constexpr std::string_view kClaudeMessagesFormat = "claude_messages";

/// The members of a block that this version does not know, for the kinds of blocks that preserve
/// them.
[[nodiscard]] UnknownMembers unknown_in_text(const json::Value& block);
[[nodiscard]] UnknownMembers unknown_in_thinking(const json::Value& block);
[[nodiscard]] UnknownMembers unknown_in_tool_call(const json::Value& block);

/// The parts of the codec, a file each. See Codec. On bedrock-mantle the body is that of
/// InvokeModel with the model and `stream`, and without the version and the beta flags, which are
/// headers there.
[[nodiscard]] Result<WireRequest> encode_claude_messages(const ChatRequest& request,
                                                         Conversation conversation,
                                                         const ModelId& model, Delivery delivery,
                                                         Plane plane);
[[nodiscard]] Result<ChatResponse> decode_claude_messages(const HttpResponseHead& head,
                                                          std::string_view body);
[[nodiscard]] std::unique_ptr<StreamDecoder> claude_messages_stream_decoder(Framing framing);

/// The finish reason of a `stop_reason`; `unknown` for an undocumented one.
[[nodiscard]] FinishReason claude_finish_reason(std::string_view stop_reason);

/// Reads the counts in a `usage` object; others keep their value.
void read_claude_usage(const json::Value& usage, Usage& into);

/// Reports the details of a stop as a warning (`stop_details`), for want of a member.
void read_stop_details(const json::Value& details, std::vector<Warning>& warnings);

}  // namespace llm::bedrock
