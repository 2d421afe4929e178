// Anthropic Messages: the stream.
// Source: recorded streams; Anthropic's API reference, "Streaming messages".
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "bedrock/codec/block_decoder.hpp"
#include "bedrock/codec/claude/messages.hpp"
#include "bedrock/codec/error_types.hpp"
#include "bedrock/codec/fast_text_delta.hpp"
#include "bedrock/codec/invoke/chunk.hpp"
#include "bedrock/codec/joined_json.hpp"
#include "bedrock/codec/response.hpp"
#include "bedrock/codec/unknown_members.hpp"

namespace llm::bedrock {
namespace {

enum class ClaudeBlockKind { text, tool, structured, thinking, redacted, unknown };

// A block of unknown kind, as far as it has arrived.
struct PendingClaudeBlock {
  int index = 0;
  JoinedJson json{};
  std::string input{};  ///< JSON text of `input`, which arrives in fragments.
  bool incomplete = false;
};

ClaudeBlockKind kind_of(std::string_view type, const json::Value& block) {
  if (type == "text") return ClaudeBlockKind::text;
  if (type == "thinking") return ClaudeBlockKind::thinking;
  if (type == "redacted_thinking" && has_only(block, {"type", "data"})) {
    return ClaudeBlockKind::redacted;
  }
  if (type == "server_tool_use") return ClaudeBlockKind::tool;
  if (type != "tool_use") return ClaudeBlockKind::unknown;
  return block["name"].string() == kStructuredOutputTool ? ClaudeBlockKind::structured
                                                         : ClaudeBlockKind::tool;
}

class ClaudeStreamDecoder final : public BlockDecoder<ChunkStreamDecoder, ClaudeBlockKind> {
 public:
  using BlockDecoder::BlockDecoder;

 protected:
  bool on_fast_chunk(std::string_view chunk, std::vector<StreamEvent>& out) override {
    const auto delta = fast_claude_text(chunk);
    if (!delta || !has_started()) return false;
    Block* const block = blocks_.find_open(delta->index, ClaudeBlockKind::text);
    if (block == nullptr) return false;
    emit<TextDelta>(*block, delta->text, out);
    return true;
  }

  Result<void> on_chunk(const json::Value& chunk, std::vector<StreamEvent>& out) override {
    const auto [name, index, delta] = chunk.members_of("type", "index", "delta");
    const auto type = name.string();
    if (!type) return std::unexpected(malformed_stream("An event has no type."));
    // A delta without other members, as nearly every chunk is, has nothing to note.
    const bool is_bare_delta = index.exists() && delta.exists() && chunk.size() == 3;
    if (!is_bare_delta) notes_.read_body(chunk);
    if (base::equals(*type, "content_block_delta")) return on_delta(index, delta, out);
    if (*type == "content_block_start") return on_block_start(index, chunk["content_block"], out);
    if (*type == "content_block_stop") return on_block_stop(index, out);
    if (*type == "message_start") return on_start(chunk["message"]);
    if (*type == "message_delta") return on_message_delta(delta, chunk["usage"]);
    if (*type == "message_stop") return on_stop(out);
    if (*type == "error") return std::unexpected(reported_error(chunk["error"]));
    return {};  // `ping`, and events that may be added
  }

 private:
  Result<void> on_start(const json::Value& message) {
    if (auto started = start_message(); !started) return started;
    if (message["content"].size() > 0) {
      return std::unexpected(malformed_stream("The message starts with content outside a block."));
    }
    end_.id = message["id"].text_or_empty();
    read_claude_usage(message["usage"], end_.usage);
    return {};
  }

  Result<void> on_block_start(const json::Value& place, const json::Value& content,
                              std::vector<StreamEvent>& out) {
    if (auto started = require_start(); !started) return started;
    const auto index = block_index(place);
    if (!index) return std::unexpected(index.error());
    const auto type = content["type"].string();
    if (!type) return std::unexpected(malformed_stream("A block has no type."));
    const auto block = blocks_.start(*index, kind_of(*type, content));
    if (!block) return std::unexpected(block.error());
    emit_initial_content(content, *type, **block, out);
    return {};
  }

  // What a block holds at its start; Claude starts most of them empty.
  void emit_initial_content(const json::Value& content, std::string_view type, Block& block,
                            std::vector<StreamEvent>& out) {
    const json::Value input = content["input"];
    const bool has_input =
        input.exists() && !input.is_null() && (!input.is_object() || input.size() > 0);
    switch (block.kind) {
      case ClaudeBlockKind::text:
        if (auto unknown = unknown_in_text(content); !unknown.empty()) {
          out.emplace_back(block.index, BlockDelta{TextContent{.unknown = std::move(unknown)}});
        }
        for (const json::Value citation : content["citations"].elements()) {
          emit_citation(block, citation, out);
        }
        emit<TextDelta>(block, content["text"].string().value_or(""), out);
        break;
      case ClaudeBlockKind::tool:
        out.emplace_back(block.index, ToolCallStart{content["id"].text_or_empty(),
                                                    content["name"].text_or_empty(),
                                                    type == "tool_use" ? "" : std::string(type),
                                                    unknown_in_tool_call(content)});
        if (has_input) emit<ToolCallDelta>(block, content["input"].to_text(), out);
        has_tool_calls_ = true;
        break;
      case ClaudeBlockKind::structured:
        end_.details.structured_output = "tool";
        if (has_input) emit<TextDelta>(block, content["input"].to_text(), out);
        break;
      case ClaudeBlockKind::thinking:
        if (auto unknown = unknown_in_thinking(content); !unknown.empty()) {
          out.emplace_back(block.index,
                           BlockDelta{ReasoningContent{.unknown = std::move(unknown)}});
        }
        emit<ReasoningDelta>(block, content["thinking"].string().value_or(""), out);
        emit<ReasoningSignatureDelta>(block, content["signature"].string().value_or(""), out);
        break;
      case ClaudeBlockKind::redacted:
        emit<RedactedReasoningDelta>(block, content["data"].string().value_or(""), out);
        break;
      case ClaudeBlockKind::unknown:
        pending_.push_back({.index = block.index, .json = JoinedJson(content)});
        break;
    }
  }

  Result<void> on_delta(const json::Value& place, const json::Value& delta,
                        std::vector<StreamEvent>& out) {
    const auto block = open_block(place);
    if (!block) return std::unexpected(block.error());
    const auto [name, text] = delta.members_of("type", "text");
    const auto type = name.string();
    if (!type) return std::unexpected(malformed_stream("A delta has no type."));
    switch ((*block)->kind) {
      case ClaudeBlockKind::text:
        if (base::equals(*type, "text_delta")) return emit_from<TextDelta>(text, **block, out);
        if (*type == "citations_delta" && delta["citation"].is_object()) {
          emit_citation(**block, delta["citation"], out);
          return {};
        }
        return other_delta(**block, *type);
      case ClaudeBlockKind::tool:
        if (*type != "input_json_delta") return other_delta(**block, *type);
        return emit_from<ToolCallDelta>(delta["partial_json"], **block, out);
      case ClaudeBlockKind::structured:
        if (*type != "input_json_delta") return other_delta(**block, *type);
        return emit_from<TextDelta>(delta["partial_json"], **block, out);
      case ClaudeBlockKind::thinking:
        if (*type == "thinking_delta") {
          return emit_from<ReasoningDelta>(delta["thinking"], **block, out);
        }
        if (*type != "signature_delta") return other_delta(**block, *type);
        return emit_from<ReasoningSignatureDelta>(delta["signature"], **block, out);
      case ClaudeBlockKind::redacted:
        skip(*type);
        return {};
      case ClaudeBlockKind::unknown:
        join(delta, *type, pending_block(**block));
        return {};
    }
    return {};
  }

  PendingClaudeBlock& pending_block(const Block& block) {
    return *std::ranges::find(pending_, block.index, &PendingClaudeBlock::index);
  }

  // The members of a delta continue those of its block, except for the deltas that are named
  // otherwise.
  void join(const json::Value& delta, std::string_view type, PendingClaudeBlock& block) {
    bool is_joined = true;
    if (type == "input_json_delta") {
      block.input += delta["partial_json"].string().value_or("");
    } else if (type == "citations_delta") {
      is_joined = block.json.append("citations", delta["citation"]);
    } else {
      for (const auto [key, value] : delta.members()) {
        if (key != "type") is_joined = block.json.join_member(key, value) && is_joined;
      }
    }
    if (!is_joined) leave_out(type, block);
  }

  void leave_out(std::string_view type, PendingClaudeBlock& block) {
    block.incomplete = true;
    skip(type);
  }

  void emit_pending(const Block& block, std::vector<StreamEvent>& out) {
    PendingClaudeBlock& pending = pending_block(block);
    if (!pending.input.empty()) {
      json::Parser parser;
      if (const auto input = parser.parse(pending.input, json::LoneSurrogates::replace)) {
        pending.json.set_member("input", *input);
        has_replaced_input_ = has_replaced_input_ || parser.has_replaced();
      } else {
        leave_out("input_json_delta", pending);
      }
    }
    out.emplace_back(block.index,
                     BlockDelta{UnknownContent{.wire_format = std::string(kClaudeMessagesFormat),
                                               .block = pending.json.json(),
                                               .incomplete = pending.incomplete}});
    pending_.erase(std::ranges::find(pending_, block.index, &PendingClaudeBlock::index));
  }

  // A delta of another kind than its block: an error if the kind is known, else left out.
  Result<void> other_delta(const Block& block, std::string_view type) {
    const bool is_known = type == "text_delta" || type == "input_json_delta" ||
                          type == "thinking_delta" || type == "signature_delta" ||
                          type == "citations_delta";
    if (is_known) return std::unexpected(block_errors::wrong_kind(block.index));
    skip(type);
    return {};
  }

  Result<void> on_block_stop(const json::Value& place, std::vector<StreamEvent>& out) {
    const auto block = open_block(place);
    if (!block) return std::unexpected(block.error());
    if ((*block)->kind == ClaudeBlockKind::unknown) emit_pending(**block, out);
    stop(**block, out);
    return {};
  }

  Result<void> on_message_delta(const json::Value& delta, const json::Value& usage) {
    if (auto started = require_start(); !started) return started;
    if (const auto reason = delta["stop_reason"].string()) end_.stop_reason = *reason;
    if (const auto sequence = delta["stop_sequence"].string()) end_.stop_sequence = *sequence;
    read_stop_details(delta["stop_details"], end_.warnings);
    read_claude_usage(usage, end_.usage);
    return {};
  }

  Result<void> on_stop(std::vector<StreamEvent>& out) {
    if (auto started = require_start(); !started) return started;
    if (auto stopped = check_all_stopped(); !stopped) return stopped;
    if (end_.stop_reason.empty() && !notes_.guardrail_intervened) {
      return std::unexpected(malformed_stream("The message stops without a stop reason."));
    }
    end_.finish_reason =
        finish_reason_of(notes_.finish_reason(claude_finish_reason(end_.stop_reason)),
                         end_.details.structured_output, has_tool_calls_);
    notes_.complete(end_.usage);
    end_.details.model_latency = notes_.latency;
    end_.details.trace = notes_.trace;
    warn_of_replaced(has_replaced() || has_replaced_input_, end_.warnings);
    emit_done(std::move(end_), out);
    return {};
  }

  Result<Block*> open_block(const json::Value& place) {
    if (auto started = require_start(); !started) return std::unexpected(started.error());
    const auto index = block_index(place);
    if (!index) return std::unexpected(index.error());
    return blocks_.open(*index);
  }

  InvocationNotes notes_;
  std::vector<PendingClaudeBlock> pending_;
  bool has_replaced_input_ = false;  // In the input of a pending block.
};

}  // namespace

std::unique_ptr<StreamDecoder> claude_messages_stream_decoder(Framing framing) {
  return std::make_unique<ClaudeStreamDecoder>(framing);
}

}  // namespace llm::bedrock
