// Chat Completions: the stream. Each event is a chunk with the next parts of a choice; one with the
// finish reason, one with the counts and `[DONE]` end it (maximhq/bifrost#7065).
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "bedrock/codec/block_decoder.hpp"
#include "bedrock/codec/error_types.hpp"
#include "bedrock/codec/invoke/chunk.hpp"
#include "bedrock/codec/mantle/chat.hpp"
#include "bedrock/codec/response.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kChatEnd = "[DONE]";

/// Members of a delta that hold nothing of the completion: `obfuscation` is padding.
constexpr std::string_view kEmptyMembers[] = {"role", "obfuscation"};

/// `structured` is never used: a schema is enforced by the service.
enum class ChatBlockKind { text, reasoning, tool, structured };

class ChatStreamDecoder final : public BlockDecoder<ChunkStreamDecoder, ChatBlockKind> {
 public:
  ChatStreamDecoder() : BlockDecoder(Framing::server_sent_events) {}

  Result<void> on_event(const aws::EventMessage& message, std::vector<StreamEvent>& out) override {
    if (!is_done() && message.payload == kChatEnd) return on_chat_end(out);
    return ChunkStreamDecoder::on_event(message, out);
  }

 protected:
  Result<void> on_chunk(const json::Value& chunk, std::vector<StreamEvent>& out) override {
    if (chunk["error"].is_object()) return std::unexpected(reported_error(chunk["error"]));
    const json::Value choices = chunk["choices"];
    // Events of other kinds that may be added.
    if (!choices.is_array()) return {};
    if (end_.id.empty()) end_.id = chunk["id"].text_or_empty();
    if (end_.details.service_tier.empty()) {
      end_.details.service_tier = chunk["service_tier"].text_or_empty();
    }
    read_chat_usage(chunk["usage"], end_.usage);
    for (const json::Value choice : choices.elements()) {
      if (choice["index"].integer().value_or(0) != 0) {
        return std::unexpected(malformed_stream("It has more than one choice."));
      }
      if (auto read = on_choice(choice, out); !read) return read;
    }
    return {};
  }

 private:
  struct ChatTool {
    std::int64_t number = 0;  ///< Among the calls, as the service counts them.
    int block = 0;
  };

  Result<void> on_choice(const json::Value& choice, std::vector<StreamEvent>& out) {
    const json::Value delta = choice["delta"];
    if (!end_.stop_reason.empty() && holds_content(delta)) {
      return std::unexpected(malformed_stream("A delta follows the finish reason."));
    }
    if (auto read = on_delta(delta, out); !read) return read;
    if (const auto reason = choice["finish_reason"].string()) end_.stop_reason = *reason;
    return {};
  }

  static bool holds_content(const json::Value& delta) {
    return !delta["content"].text_or_empty().empty() || delta["tool_calls"].size() > 0;
  }

  Result<void> on_delta(const json::Value& delta, std::vector<StreamEvent>& out) {
    for (const auto [name, value] : delta.members()) {
      if (value.is_null()) continue;
      Result<void> read;
      if (name == "content") {
        read = on_part<TextDelta>(value, ChatBlockKind::text, out);
      } else if (name == "reasoning" || name == "reasoning_content") {
        // Some servers write both, with the same text.
        if (name == "reasoning" || !delta["reasoning"].is_string()) {
          read = on_part<ReasoningDelta>(value, ChatBlockKind::reasoning, out);
        }
      } else if (name == "refusal") {
        is_refusal_ = true;
        read = on_part<TextDelta>(value, ChatBlockKind::text, out);
      } else if (name == "tool_calls") {
        read = on_tool_calls(value, out);
      } else if (std::ranges::find(kEmptyMembers, name) == std::end(kEmptyMembers) &&
                 value.size() > 0) {
        skip(name);
      }
      if (!read) return read;
    }
    return {};
  }

  template <typename DeltaContent>
  Result<void> on_part(const json::Value& text, ChatBlockKind kind, std::vector<StreamEvent>& out) {
    if (text.string() == "") return {};
    const auto block = block_of(kind);
    if (!block) return std::unexpected(block.error());
    return emit_from<DeltaContent>(text, **block, out);
  }

  /// The last block, if it is of this kind, else a new one.
  Result<Block*> block_of(ChatBlockKind kind) {
    if (next_block_ > 0) {
      if (Block* const last = blocks_.find_open(next_block_ - 1, kind)) return last;
    }
    return blocks_.start(next_block_++, kind);
  }

  Result<void> on_tool_calls(const json::Value& calls, std::vector<StreamEvent>& out) {
    if (!calls.is_array()) {
      return std::unexpected(malformed_stream("The tool calls of a delta are not a list."));
    }
    for (const json::Value call : calls.elements()) {
      const auto number = call["index"].integer();
      if (!number) return std::unexpected(malformed_stream("A tool call has no index."));
      if (std::ranges::find(tools_, *number, &ChatTool::number) == tools_.end()) {
        if (auto started = start_tool(call, *number, out); !started) return started;
      }
      const auto block = blocks_.open(std::ranges::find(tools_, *number, &ChatTool::number)->block);
      if (!block) return std::unexpected(block.error());
      emit<ToolCallDelta>(**block, call["function"]["arguments"].string().value_or(""), out);
    }
    return {};
  }

  Result<void> start_tool(const json::Value& call, std::int64_t number,
                          std::vector<StreamEvent>& out) {
    const auto name = call["function"]["name"].string();
    if (!name) return std::unexpected(malformed_stream("A tool call starts without a name."));
    const auto block = blocks_.start(next_block_++, ChatBlockKind::tool);
    if (!block) return std::unexpected(block.error());
    tools_.push_back({.number = number, .block = (*block)->index});
    out.emplace_back((*block)->index,
                     ToolCallStart{.id = call["id"].text_or_empty(), .name = std::string(*name)});
    return {};
  }

  Result<void> on_chat_end(std::vector<StreamEvent>& out) {
    if (end_.stop_reason.empty()) {
      return std::unexpected(malformed_stream("It ends without a finish reason."));
    }
    for (int index = 0; index < next_block_; ++index) stop(*blocks_.find(index), out);
    end_.finish_reason =
        is_refusal_ ? FinishReason::content_filter : chat_finish_reason(end_.stop_reason);
    InvocationNotes{}.complete(end_.usage);
    if (end_.usage.empty()) {
      end_.warnings.push_back(
          {"no_metadata", "The stream ended without token counts, so the usage is unknown."});
    }
    warn_of_replaced(has_replaced(), end_.warnings);
    emit_done(std::move(end_), out);
    return {};
  }

  std::vector<ChatTool> tools_;
  int next_block_ = 0;
  bool is_refusal_ = false;
};

}  // namespace

std::unique_ptr<StreamDecoder> chat_completions_stream_decoder() {
  return std::make_unique<ChatStreamDecoder>();
}

}  // namespace llm::bedrock
