// Anthropic Messages: the stream.
// Source: recorded streams; Anthropic's API reference, "Streaming messages".
#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "bedrock/codec/claude/messages.hpp"
#include "bedrock/codec/fast_text_delta.hpp"
#include "bedrock/codec/invoke/chunk.hpp"
#include "bedrock/codec/response.hpp"
#include "bedrock/codec/unknown_deltas.hpp"
#include "bedrock/codec/unknown_members.hpp"

namespace llm::bedrock {
namespace {

enum class ClaudeBlockKind { text, tool, answer, thinking, redacted, unknown };

struct ClaudeBlock {
  int index = 0;
  ClaudeBlockKind kind = ClaudeBlockKind::unknown;
  bool is_open = true;
  bool has_pieces = false;
};

ClaudeBlockKind kind_of(std::string_view type, const json::Value& block) {
  if (type == "text") return ClaudeBlockKind::text;
  if (type == "thinking") return ClaudeBlockKind::thinking;
  if (type == "redacted_thinking") return ClaudeBlockKind::redacted;
  if (type == "server_tool_use") return ClaudeBlockKind::tool;
  if (type != "tool_use") return ClaudeBlockKind::unknown;
  return block["name"].string() == kStructuredAnswerTool ? ClaudeBlockKind::answer
                                                         : ClaudeBlockKind::tool;
}

class ClaudeStreamDecoder final : public ChunkStreamDecoder {
 protected:
  bool on_plain_chunk(std::string_view chunk, std::vector<StreamEvent>& out) override {
    const auto piece = fast_claude_text(chunk);
    if (!piece || !started_) return false;
    ClaudeBlock* const block = find(piece->index);
    if (block == nullptr || !block->is_open || block->kind != ClaudeBlockKind::text) return false;
    add<TextDelta>(*block, piece->text, out);
    return true;
  }

  Result<bool> on_chunk(const json::Value& chunk, std::vector<StreamEvent>& out) override {
    const auto [name, index, delta] = chunk.members_of("type", "index", "delta");
    const auto type = name.string();
    if (!type) return std::unexpected(broken("holds an event without a type"));
    // A piece alone, as nearly every chunk is, has nothing to note.
    const bool is_piece_alone = index.exists() && delta.exists() && chunk.size() == 3;
    if (!is_piece_alone) notes_.read_body(chunk);
    if (base::equals(*type, "content_block_delta")) return on_delta(index, delta, out);
    if (*type == "content_block_start") return on_block_start(chunk, out);
    if (*type == "content_block_stop") return on_block_stop(index, out);
    if (*type == "message_start") return on_start(chunk["message"]);
    if (*type == "message_delta") return on_message_delta(chunk);
    if (*type == "message_stop") return on_stop(out);
    if (*type == "error") return std::unexpected(claude_error(chunk["error"]));
    return false;  // `ping`, and whatever may come to be
  }

 private:
  static Error broken(const std::string& what) { return broken_stream("the model", what); }

  Result<bool> on_start(const json::Value& message) {
    if (std::exchange(started_, true)) {
      return std::unexpected(broken("begins a second message"));
    }
    if (message["content"].size() > 0) {
      return std::unexpected(broken("begins with content outside of a block"));
    }
    end_.id = message["id"].text_or_empty();
    read_claude_usage(message["usage"], end_.usage);
    return false;
  }

  Result<bool> on_block_start(const json::Value& chunk, std::vector<StreamEvent>& out) {
    const auto index = index_of(chunk["index"]);
    if (!index) return std::unexpected(index.error());
    if (find(*index) != nullptr) {
      return std::unexpected(broken("begins block " + std::to_string(*index) + " twice"));
    }
    if (blocks_.size() == kMaxContentBlocks) return std::unexpected(broken(kTooManyBlocks));
    const json::Value content = chunk["content_block"];
    const auto type = content["type"].string();
    if (!type) return std::unexpected(broken("begins a block without a type"));
    ClaudeBlock& block = blocks_.emplace_back(ClaudeBlock{*index, kind_of(*type, content)});
    begin_block(content, *type, block, out);
    return false;
  }

  // What a block has from its start; Claude begins most of them empty.
  void begin_block(const json::Value& content, std::string_view type, ClaudeBlock& block,
                   std::vector<StreamEvent>& out) {
    const bool has_input = content["input"].size() > 0;
    switch (block.kind) {
      case ClaudeBlockKind::text:
        for (const json::Value citation : content["citations"].elements()) {
          add_citation(block, citation, out);
        }
        add<TextDelta>(block, content["text"].string().value_or(""), out);
        break;
      case ClaudeBlockKind::tool:
        out.emplace_back(
            block.index,
            ToolCallStart{
                content["id"].text_or_empty(), content["name"].text_or_empty(),
                type == "tool_use" ? "" : std::string(type),
                unknown_members(kClaudeMessagesForm, content, {"type", "id", "name", "input"})});
        if (has_input) add<ToolCallDelta>(block, content["input"].to_text(), out);
        has_calls_ = true;
        break;
      case ClaudeBlockKind::answer:
        end_.details.structured_output = "tool";
        if (has_input) add<TextDelta>(block, content["input"].to_text(), out);
        break;
      case ClaudeBlockKind::thinking:
        add<ReasoningDelta>(block, content["thinking"].string().value_or(""), out);
        add<ReasoningSignatureDelta>(block, content["signature"].string().value_or(""), out);
        break;
      case ClaudeBlockKind::redacted:
        add<RedactedReasoningDelta>(block, content["data"].string().value_or(""), out);
        break;
      case ClaudeBlockKind::unknown:
        out.emplace_back(block.index, BlockDelta{UnknownContent{std::string(kClaudeMessagesForm),
                                                                json_of(content)}});
        break;
    }
  }

  Result<bool> on_delta(const json::Value& index, const json::Value& delta,
                        std::vector<StreamEvent>& out) {
    auto block = open_block(index);
    if (!block) return std::unexpected(block.error());
    const auto [name, text] = delta.members_of("type", "text");
    const auto type = name.string();
    if (!type) return std::unexpected(broken("holds a piece without a type"));
    switch ((*block)->kind) {
      case ClaudeBlockKind::text:
        if (base::equals(*type, "text_delta")) return piece<TextDelta>(**block, text, out);
        if (*type == "citations_delta" && delta["citation"].is_object()) {
          add_citation(**block, delta["citation"], out);
          return false;
        }
        return other_piece(**block, *type);
      case ClaudeBlockKind::tool:
        if (*type != "input_json_delta") return other_piece(**block, *type);
        return piece<ToolCallDelta>(**block, delta["partial_json"], out);
      case ClaudeBlockKind::answer:
        if (*type != "input_json_delta") return other_piece(**block, *type);
        return piece<TextDelta>(**block, delta["partial_json"], out);
      case ClaudeBlockKind::thinking:
        if (*type == "thinking_delta") {
          return piece<ReasoningDelta>(**block, delta["thinking"], out);
        }
        if (*type != "signature_delta") return other_piece(**block, *type);
        return piece<ReasoningSignatureDelta>(**block, delta["signature"], out);
      case ClaudeBlockKind::redacted:
      case ClaudeBlockKind::unknown:
        skip(*type);
        return false;
    }
    return false;
  }

  // A piece of a kind that this version does not know is not an error, but it is not silent.
  void skip(std::string_view type) { unknown_.note(type, end_.warnings); }

  template <typename Piece>
  Result<bool> piece(ClaudeBlock& block, const json::Value& value, std::vector<StreamEvent>& out) {
    const auto text = value.string();
    if (!text) return std::unexpected(broken("holds a piece without its content"));
    add<Piece>(block, *text, out);
    return false;
  }

  // One that does not belong into this kind of block.
  Result<bool> other_piece(const ClaudeBlock& block, std::string_view type) {
    const bool is_misplaced = type == "text_delta" || type == "input_json_delta" ||
                              type == "thinking_delta" || type == "signature_delta" ||
                              type == "citations_delta";
    if (is_misplaced) {
      return std::unexpected(
          broken("puts a piece of another kind into block " + std::to_string(block.index)));
    }
    skip(type);
    return false;
  }

  template <typename Piece>
  void add(ClaudeBlock& block, std::string_view text, std::vector<StreamEvent>& out) {
    if (text.empty()) return;
    block.has_pieces = true;
    out.emplace_back(block.index, Piece{copy_of(text)});
  }

  static void add_citation(const ClaudeBlock& block, const json::Value& citation,
                           std::vector<StreamEvent>& out) {
    out.emplace_back(block.index, CitationDelta{json_of(citation)});
  }

  Result<bool> on_block_stop(const json::Value& index, std::vector<StreamEvent>& out) {
    auto block = open_block(index);
    if (!block) return std::unexpected(block.error());
    // A tool that was called without arguments has no pieces.
    if ((*block)->kind == ClaudeBlockKind::answer && !(*block)->has_pieces) {
      add<TextDelta>(**block, "{}", out);
    }
    (*block)->is_open = false;
    out.emplace_back((*block)->index, BlockStop{});
    return false;
  }

  Result<bool> on_message_delta(const json::Value& chunk) {
    if (!started_) return std::unexpected(broken("begins without its message_start"));
    const json::Value delta = chunk["delta"];
    if (const auto word = delta["stop_reason"].string()) end_.stop_reason = *word;
    if (const auto sequence = delta["stop_sequence"].string()) end_.stop_sequence = *sequence;
    read_stop_details(delta["stop_details"], end_.warnings);
    read_claude_usage(chunk["usage"], end_.usage);
    return false;
  }

  Result<bool> on_stop(std::vector<StreamEvent>& out) {
    if (!started_) return std::unexpected(broken("begins without its message_start"));
    if (std::ranges::any_of(blocks_, &ClaudeBlock::is_open)) {
      return std::unexpected(broken("ends inside a block"));
    }
    if (end_.stop_reason.empty() && !notes_.guardrail_intervened) {
      return std::unexpected(broken("ends without saying why the model stopped"));
    }
    end_.finish_reason = notes_.finish_reason(claude_finish_reason(end_.stop_reason));
    const bool only_answered = !end_.details.structured_output.empty() && !has_calls_;
    if (only_answered && end_.finish_reason == FinishReason::tool_calls) {
      end_.finish_reason = FinishReason::stop;
    }
    notes_.complete(end_.usage);
    end_.details.model_latency = notes_.latency;
    end_.details.trace = notes_.trace;
    out.emplace_back(std::move(end_));
    return true;
  }

  Result<int> index_of(const json::Value& value) const {
    if (!started_) return std::unexpected(broken("begins without its message_start"));
    const auto index = value.integer();
    if (index && *index >= 0 && *index <= std::numeric_limits<int>::max()) {
      return static_cast<int>(*index);
    }
    return std::unexpected(broken("holds a block without an index"));
  }

  ClaudeBlock* find(int index) {
    const auto found = std::ranges::find(blocks_, index, &ClaudeBlock::index);
    return found == blocks_.end() ? nullptr : &*found;
  }

  // The pointer lives until the next block begins.
  Result<ClaudeBlock*> open_block(const json::Value& value) {
    const auto index = index_of(value);
    if (!index) return std::unexpected(index.error());
    ClaudeBlock* block = find(*index);
    if (block != nullptr && block->is_open) return block;
    return std::unexpected(
        broken("goes on with block " + std::to_string(*index) + ", which is not open"));
  }

  bool started_ = false;
  bool has_calls_ = false;
  std::vector<ClaudeBlock> blocks_;
  UnknownDeltas unknown_;
  InvocationNotes notes_;
  Done end_;
};

}  // namespace

std::unique_ptr<StreamDecoder> claude_messages_stream_decoder() {
  return std::make_unique<ClaudeStreamDecoder>();
}

}  // namespace llm::bedrock
