// Converse: the stream.
// Source: botocore, ConverseStreamOutput of bedrock-runtime; recorded streams. Text and reasoning
// begin without a contentBlockStart.
#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "bedrock/codec/converse/content.hpp"
#include "bedrock/codec/converse/converse.hpp"
#include "bedrock/codec/converse/format.hpp"
#include "bedrock/codec/converse/response.hpp"
#include "bedrock/codec/fast_text_delta.hpp"
#include "bedrock/codec/unknown_deltas.hpp"
#include "bedrock/codec/unknown_members.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {
namespace {

enum class ConverseBlockKind { plain, tool, answer, result, image, unknown };

struct ConverseBlock {
  int index = 0;
  ConverseBlockKind kind = ConverseBlockKind::plain;
  bool is_open = true;
  bool has_pieces = false;
};

// An image comes in pieces, but is handed out whole.
struct PendingImage {
  int index = -1;
  std::string format{};
  MediaSource source{};
  std::string error{};  // JSON; empty: none
};

class ConverseStreamDecoder final : public StreamDecoder {
 public:
  Result<void> on_event(const aws::EventMessage& message, std::vector<StreamEvent>& out) override {
    const std::string_view type = message.event_type;
    if (on_plain_delta(type, message.payload, out)) return {};
    if (!is_known(type)) return {};
    if (done_) return std::unexpected(broken("goes on after its end"));
    const auto root = parser_.parse(message.payload);
    if (!root || !root->is_object()) {
      return std::unexpected(broken("holds an event that is no JSON object"));
    }
    return on_known(type, *root, out);
  }

  Result<void> finish(std::vector<StreamEvent>& out) override {
    if (done_) return {};
    if (!stopped_) {
      return std::unexpected(make_error(
          ErrorCode::stream_error,
          "the stream ended before the model said that its answer is complete; what came is the "
          "beginning of the answer, ask again for all of it"));
    }
    end_.warnings.push_back(
        {"no_metadata", "the stream ended without its metadata, so the usage is not known"});
    emit_done(out);
    return {};
  }

 private:
  static Error broken(const std::string& what) { return broken_stream("Converse", what); }

  static bool is_known(std::string_view type) {
    return type == "contentBlockDelta" || type == "contentBlockStart" ||
           type == "contentBlockStop" || type == "messageStart" || type == "messageStop" ||
           type == "metadata";
  }

  // A piece of a text that has begun, where it can be read without a parser.
  bool on_plain_delta(std::string_view type, std::string_view payload,
                      std::vector<StreamEvent>& out) {
    if (!base::equals(type, "contentBlockDelta") || stopped_) return false;
    const auto piece = fast_converse_text(payload);
    if (!piece) return false;
    ConverseBlock* const block = find(piece->index);
    if (block == nullptr || !block->is_open || block->kind != ConverseBlockKind::plain)
      return false;
    add<TextDelta>(*block, piece->text, out);
    return true;
  }

  Result<void> on_known(std::string_view type, const json::Value& root,
                        std::vector<StreamEvent>& out) {
    if (type == "metadata") return on_metadata(root, out);
    if (stopped_) return std::unexpected(broken("goes on after the model stopped"));
    if (type == "messageStart") {
      if (!std::exchange(started_, true)) return {};
      return std::unexpected(broken("begins a second message"));
    }
    if (!started_) return std::unexpected(broken("begins without its messageStart"));
    if (type == "messageStop") return on_stop(root, out);
    const auto [place, delta] = root.members_of("contentBlockIndex", "delta");
    const auto index = place.integer();
    if (!index || *index < 0 || *index > std::numeric_limits<int>::max()) {
      return std::unexpected(broken("holds a block without an index"));
    }
    const int block = static_cast<int>(*index);
    if (type == "contentBlockDelta") return on_delta(block, delta, out);
    if (type == "contentBlockStart") return on_block_start(block, root["start"], out);
    return on_block_stop(block, out);
  }

  Result<void> on_block_start(int index, const json::Value& start, std::vector<StreamEvent>& out) {
    if (find(index) != nullptr) {
      return std::unexpected(broken("begins block " + std::to_string(index) + " twice"));
    }
    const auto added = add_block(index);
    if (!added) return std::unexpected(added.error());
    ConverseBlock& block = **added;
    if (const json::Value tool = start["toolUse"]; tool.exists()) {
      return begin_tool(block, tool, out);
    }
    if (const json::Value result = start["toolResult"]; result.exists()) {
      block.kind = ConverseBlockKind::result;
      out.emplace_back(index,
                       ToolResultStart{result["toolUseId"].text_or_empty(), tool_status_of(result),
                                       result["type"].text_or_empty()});
      return {};
    }
    if (const json::Value image = start["image"]; image.exists()) {
      block.kind = ConverseBlockKind::image;
      images_.push_back({.index = index, .format = image["format"].text_or_empty()});
      return {};
    }
    for (const auto [kind, value] : start.members()) {
      block.kind = ConverseBlockKind::unknown;
      skip(kind);
    }
    return {};
  }

  Result<void> begin_tool(ConverseBlock& block, const json::Value& tool,
                          std::vector<StreamEvent>& out) {
    const auto id = tool["toolUseId"].string();
    const auto name = tool["name"].string();
    if (!id || !name) return std::unexpected(broken("begins a tool call without id or name"));
    if (is_structured_answer(tool)) {
      block.kind = ConverseBlockKind::answer;
      end_.details.structured_output = "tool";
      return {};
    }
    block.kind = ConverseBlockKind::tool;
    has_calls_ = true;
    out.emplace_back(block.index, ToolCallStart{.id = std::string(*id),
                                                .name = std::string(*name),
                                                .type = tool_type_of(tool),
                                                .unknown = unknown_members(
                                                    kConverseForm, tool,
                                                    {"toolUseId", "name", "input", "type"})});
    return {};
  }

  Result<void> on_delta(int index, const json::Value& delta, std::vector<StreamEvent>& out) {
    ConverseBlock* block = find(index);
    if (block == nullptr) {
      const auto added = add_block(index);
      if (!added) return std::unexpected(added.error());
      block = *added;
    }
    if (!block->is_open) {
      return std::unexpected(
          broken("goes on with block " + std::to_string(index) + ", which has ended"));
    }
    switch (block->kind) {
      case ConverseBlockKind::plain:
        return plain_delta(*block, delta, out);
      case ConverseBlockKind::tool:
        return input_delta<ToolCallDelta>(*block, delta, out);
      case ConverseBlockKind::answer:
        return input_delta<TextDelta>(*block, delta, out);
      case ConverseBlockKind::result:
        return result_delta(*block, delta, out);
      case ConverseBlockKind::image:
        return image_delta(*block, delta);
      case ConverseBlockKind::unknown:
        return {};
    }
    return {};
  }

  Result<void> plain_delta(ConverseBlock& block, const json::Value& delta,
                           std::vector<StreamEvent>& out) {
    if (const auto [text] = delta.members_of("text"); text.exists()) {
      return piece<TextDelta>(block, text, out);
    }
    const json::Value reasoning = delta["reasoningContent"];
    if (const json::Value text = reasoning["text"]; text.exists()) {
      return piece<ReasoningDelta>(block, text, out);
    }
    if (const json::Value signature = reasoning["signature"]; signature.exists()) {
      return piece<ReasoningSignatureDelta>(block, signature, out);
    }
    if (const json::Value data = reasoning["redactedContent"]; data.exists()) {
      return piece<RedactedReasoningDelta>(block, data, out);
    }
    if (const json::Value citation = delta["citation"]; citation.is_object()) {
      out.emplace_back(block.index, CitationDelta{json_of(citation)});
      return {};
    }
    return other_delta(block, delta);
  }

  template <typename Piece>
  Result<void> input_delta(ConverseBlock& block, const json::Value& delta,
                           std::vector<StreamEvent>& out) {
    const json::Value tool = delta["toolUse"];
    return tool.exists() ? piece<Piece>(block, tool["input"], out) : other_delta(block, delta);
  }

  Result<void> result_delta(ConverseBlock& block, const json::Value& delta,
                            std::vector<StreamEvent>& out) {
    const json::Value parts = delta["toolResult"];
    if (!parts.exists()) return other_delta(block, delta);
    ToolResultDelta piece;
    if (!read_tool_result_parts(parts, piece.content)) skip("toolResult");
    if (!piece.content.empty()) out.emplace_back(block.index, std::move(piece));
    return {};
  }

  Result<void> image_delta(ConverseBlock& block, const json::Value& delta) {
    const json::Value image = delta["image"];
    if (!image.exists()) return other_delta(block, delta);
    PendingImage& pending = *std::ranges::find(images_, block.index, &PendingImage::index);
    if (image["error"].exists()) pending.error = image["error"].to_text();
    if (!image["source"].exists() || read_source(image["source"], pending.source)) return {};
    return std::unexpected(broken("holds a piece of an image that is not base64"));
  }

  // A piece of a kind that this version does not know is not an error, but it is not silent.
  Result<void> other_delta(const ConverseBlock& block, const json::Value& delta) {
    for (const auto [kind, value] : delta.members()) {
      const bool is_misplaced = kind == "text" || kind == "toolUse" || kind == "toolResult" ||
                                kind == "image" || kind == "citation";
      if (is_misplaced) {
        return std::unexpected(
            broken("puts a piece of another kind into block " + std::to_string(block.index)));
      }
      skip(kind);
    }
    return {};
  }

  void skip(std::string_view kind) { unknown_.note(kind, end_.warnings); }

  template <typename Piece>
  Result<void> piece(ConverseBlock& block, const json::Value& value,
                     std::vector<StreamEvent>& out) {
    const auto text = value.string();
    if (!text) return std::unexpected(broken("holds a piece without its content"));
    add<Piece>(block, *text, out);
    return {};
  }

  template <typename Piece>
  void add(ConverseBlock& block, std::string_view text, std::vector<StreamEvent>& out) {
    if (text.empty()) return;
    block.has_pieces = true;
    out.emplace_back(block.index, Piece{copy_of(text)});
  }

  Result<void> on_block_stop(int index, std::vector<StreamEvent>& out) {
    ConverseBlock* block = find(index);
    if (block == nullptr || !block->is_open) {
      return std::unexpected(broken("ends block " + std::to_string(index) + ", which is not open"));
    }
    // A tool that was called without arguments has no pieces.
    if (block->kind == ConverseBlockKind::answer && !block->has_pieces) {
      out.emplace_back(index, TextDelta{"{}"});
    }
    if (block->kind == ConverseBlockKind::image) emit_image(index, out);
    block->is_open = false;
    out.emplace_back(index, BlockStop{});
    return {};
  }

  void emit_image(int index, std::vector<StreamEvent>& out) {
    const auto image = std::ranges::find(images_, index, &PendingImage::index);
    const std::string_view media_type = image_type_of(image->format);
    if (image->error.empty() && !media_type.empty()) {
      out.emplace_back(index, BlockDelta{ImageContent{.source = std::move(image->source),
                                                      .media_type = std::string(media_type)}});
    } else {
      json::Writer writer;
      writer.begin_object().key("image").begin_object().member("format", image->format);
      if (!image->error.empty()) writer.key("error").raw(image->error);
      writer.end_object().end_object();
      out.emplace_back(index, BlockDelta{UnknownContent{
                                  .wire_format = std::string(kConverseForm),
                                  .block = Json::from_valid_text(std::move(writer).take())}});
    }
    images_.erase(image);
  }

  Result<void> on_stop(const json::Value& root, std::vector<StreamEvent>& out) {
    if (std::ranges::any_of(blocks_, &ConverseBlock::is_open)) {
      return std::unexpected(broken("ends inside a block"));
    }
    const auto word = root["stopReason"].string();
    if (!word) return std::unexpected(broken("ends without saying why the model stopped"));
    const auto reason = converse_finish_reason(*word);
    if (!reason) return std::unexpected(reason.error());
    end_.stop_reason = *word;
    end_.finish_reason = finish_of_answer(*reason, end_.details, has_calls_);
    end_.details.extra_fields = read_extra_fields(root);
    stopped_ = true;
    if (has_metadata_) emit_done(out);
    return {};
  }

  Result<void> on_metadata(const json::Value& root, std::vector<StreamEvent>& out) {
    end_.usage = read_converse_usage(root["usage"]);
    read_converse_details(root, end_.details);
    has_metadata_ = true;
    if (stopped_) emit_done(out);
    return {};
  }

  void emit_done(std::vector<StreamEvent>& out) {
    out.emplace_back(std::move(end_));
    done_ = true;
  }

  // The pointer lives until the next block begins.
  Result<ConverseBlock*> add_block(int index) {
    if (blocks_.size() == kMaxContentBlocks) return std::unexpected(broken(kTooManyBlocks));
    return &blocks_.emplace_back(ConverseBlock{.index = index});
  }

  ConverseBlock* find(int index) {
    const auto found = std::ranges::find(blocks_, index, &ConverseBlock::index);
    return found == blocks_.end() ? nullptr : &*found;
  }

  json::Parser parser_;
  std::vector<ConverseBlock> blocks_;
  std::vector<PendingImage> images_;
  UnknownDeltas unknown_;
  Done end_;
  bool started_ = false;
  bool stopped_ = false;
  bool has_metadata_ = false;
  bool has_calls_ = false;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<StreamDecoder> converse_stream_decoder() {
  return std::make_unique<ConverseStreamDecoder>();
}

}  // namespace llm::bedrock
