// Converse: the stream.
// Source: botocore, ConverseStreamOutput of bedrock-runtime; recorded streams. Text and reasoning
// start without a contentBlockStart.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "bedrock/codec/block_decoder.hpp"
#include "bedrock/codec/converse/content.hpp"
#include "bedrock/codec/converse/converse.hpp"
#include "bedrock/codec/converse/format.hpp"
#include "bedrock/codec/converse/response.hpp"
#include "bedrock/codec/fast_text_delta.hpp"
#include "bedrock/codec/structured_output.hpp"
#include "bedrock/codec/unknown_members.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {
namespace {

// `text` is a block of text or reasoning: only its deltas show which.
enum class ConverseBlockKind { text, tool, structured, result, image, unknown };

// An image arrives in several deltas, but is emitted as one block.
struct PendingImage {
  int index = -1;
  std::string format{};
  MediaSource source{};
  std::string error{};  // JSON; empty: none
};

class ConverseStreamDecoder final : public BlockDecoder<StreamDecoder, ConverseBlockKind> {
 public:
  Result<void> on_event(const aws::EventMessage& message, std::vector<StreamEvent>& out) override {
    const std::string_view type = message.event_type;
    if (on_fast_delta(type, message.payload, out)) return {};
    if (!is_known(type)) return {};
    if (is_done()) return std::unexpected(malformed_stream("An event follows the last one."));
    const auto root = parser_.parse(message.payload);
    if (!root || !root->is_object()) {
      return std::unexpected(malformed_stream("An event is not a JSON object."));
    }
    return on_known(type, *root, out);
  }

  Result<void> finish(std::vector<StreamEvent>& out) override {
    if (is_done()) return {};
    if (!stopped_) return std::unexpected(truncated_stream());
    end_.warnings.push_back(
        {"no_metadata", "The stream ended without its metadata, so the token usage is unknown."});
    emit_done(std::move(end_), out);
    return {};
  }

 private:
  static bool is_known(std::string_view type) {
    return type == "contentBlockDelta" || type == "contentBlockStart" ||
           type == "contentBlockStop" || type == "messageStart" || type == "messageStop" ||
           type == "metadata";
  }

  // Takes a delta of a text block that has started, if it can be read without a parser. Flattened:
  // nearly every event of a stream ends here.
  [[gnu::flatten]] bool on_fast_delta(std::string_view type, std::string_view payload,
                                      std::vector<StreamEvent>& out) {
    if (!base::equals(type, "contentBlockDelta") || stopped_) return false;
    const auto delta = fast_converse_text(payload);
    if (!delta) return false;
    Block* const block = blocks_.find_open(delta->index, ConverseBlockKind::text);
    if (block == nullptr) return false;
    emit<TextDelta>(*block, delta->text, out);
    return true;
  }

  Result<void> on_known(std::string_view type, const json::Value& root,
                        std::vector<StreamEvent>& out) {
    if (type == "metadata") return on_metadata(root, out);
    if (stopped_) return std::unexpected(malformed_stream("An event follows messageStop."));
    if (type == "messageStart") return start_message();
    if (auto started = require_start(); !started) return started;
    if (type == "messageStop") return on_stop(root, out);
    const auto [place, delta] = root.members_of("contentBlockIndex", "delta");
    const auto index = block_index(place);
    if (!index) return std::unexpected(index.error());
    if (type == "contentBlockDelta") return on_delta(*index, delta, out);
    if (type == "contentBlockStart") return on_block_start(*index, root["start"], out);
    return on_block_stop(*index, out);
  }

  Result<void> on_block_start(int index, const json::Value& start, std::vector<StreamEvent>& out) {
    const auto started = blocks_.start(index, ConverseBlockKind::text);
    if (!started) return std::unexpected(started.error());
    Block& block = **started;
    if (const json::Value tool = start["toolUse"]; tool.exists()) {
      return on_tool_start(tool, block, out);
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

  Result<void> on_tool_start(const json::Value& tool, Block& block, std::vector<StreamEvent>& out) {
    const auto id = tool["toolUseId"].string();
    const auto name = tool["name"].string();
    if (!id || !name) return std::unexpected(malformed_stream("A tool call has no id or no name."));
    if (is_structured_output(tool)) {
      block.kind = ConverseBlockKind::structured;
      end_.details.structured_output = "tool";
      return {};
    }
    block.kind = ConverseBlockKind::tool;
    has_tool_calls_ = true;
    out.emplace_back(block.index, ToolCallStart{.id = std::string(*id),
                                                .name = std::string(*name),
                                                .type = tool_type_of(tool),
                                                .unknown = unknown_members(
                                                    kConverseFormat, tool,
                                                    {"toolUseId", "name", "input", "type"})});
    return {};
  }

  Result<void> on_delta(int index, const json::Value& delta, std::vector<StreamEvent>& out) {
    const auto found = blocks_.find(index) == nullptr
                           ? blocks_.start(index, ConverseBlockKind::text)
                           : blocks_.open(index);
    if (!found) return std::unexpected(found.error());
    Block& block = **found;
    switch (block.kind) {
      case ConverseBlockKind::text:
        return on_text_delta(delta, block, out);
      case ConverseBlockKind::tool:
        return on_input_delta<ToolCallDelta>(delta, block, out);
      case ConverseBlockKind::structured:
        return on_input_delta<TextDelta>(delta, block, out);
      case ConverseBlockKind::result:
        return on_result_delta(delta, block, out);
      case ConverseBlockKind::image:
        return on_image_delta(delta, block);
      case ConverseBlockKind::unknown:
        return {};
    }
    return {};
  }

  Result<void> on_text_delta(const json::Value& delta, Block& block,
                             std::vector<StreamEvent>& out) {
    if (const auto [text] = delta.members_of("text"); text.exists()) {
      return emit_from<TextDelta>(text, block, out);
    }
    const json::Value reasoning = delta["reasoningContent"];
    if (const json::Value text = reasoning["text"]; text.exists()) {
      return emit_from<ReasoningDelta>(text, block, out);
    }
    if (const json::Value signature = reasoning["signature"]; signature.exists()) {
      return emit_from<ReasoningSignatureDelta>(signature, block, out);
    }
    if (const json::Value data = reasoning["redactedContent"]; data.exists()) {
      return emit_from<RedactedReasoningDelta>(data, block, out);
    }
    if (const json::Value citation = delta["citation"]; citation.is_object()) {
      emit_citation(block, citation, out);
      return {};
    }
    return on_other_delta(delta, block);
  }

  template <typename DeltaContent>
  Result<void> on_input_delta(const json::Value& delta, Block& block,
                              std::vector<StreamEvent>& out) {
    const json::Value tool = delta["toolUse"];
    if (!tool.exists()) return on_other_delta(delta, block);
    return emit_from<DeltaContent>(tool["input"], block, out);
  }

  Result<void> on_result_delta(const json::Value& delta, const Block& block,
                               std::vector<StreamEvent>& out) {
    const json::Value parts = delta["toolResult"];
    if (!parts.exists()) return on_other_delta(delta, block);
    ToolResultDelta result;
    if (!read_tool_result_parts(parts, result.content)) skip("toolResult");
    if (!result.content.empty()) out.emplace_back(block.index, std::move(result));
    return {};
  }

  Result<void> on_image_delta(const json::Value& delta, const Block& block) {
    const json::Value image = delta["image"];
    if (!image.exists()) return on_other_delta(delta, block);
    PendingImage& pending = *std::ranges::find(images_, block.index, &PendingImage::index);
    if (image["error"].exists()) pending.error = image["error"].to_text();
    if (!image["source"].exists() || read_source(image["source"], pending.source)) return {};
    return std::unexpected(malformed_stream("An image delta is not valid base64."));
  }

  // A delta of another kind than its block: an error if the kind is known, else left out.
  Result<void> on_other_delta(const json::Value& delta, const Block& block) {
    for (const auto [kind, value] : delta.members()) {
      const bool is_known_kind = kind == "text" || kind == "toolUse" || kind == "toolResult" ||
                                 kind == "image" || kind == "citation";
      if (is_known_kind) return std::unexpected(block_errors::wrong_kind(block.index));
      skip(kind);
    }
    return {};
  }

  Result<void> on_block_stop(int index, std::vector<StreamEvent>& out) {
    const auto block = blocks_.open(index);
    if (!block) return std::unexpected(block.error());
    if ((*block)->kind == ConverseBlockKind::image) emit_image(index, out);
    stop(**block, out);
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
                                  .wire_format = std::string(kConverseFormat),
                                  .block = Json::from_valid_text(std::move(writer).take())}});
    }
    images_.erase(image);
  }

  Result<void> on_stop(const json::Value& root, std::vector<StreamEvent>& out) {
    if (auto stopped = check_all_stopped(); !stopped) return stopped;
    const auto stop_reason = root["stopReason"].string();
    if (!stop_reason) {
      return std::unexpected(malformed_stream("The message stops without a stop reason."));
    }
    const auto reason = converse_finish_reason(*stop_reason);
    if (!reason) return std::unexpected(reason.error());
    end_.stop_reason = *stop_reason;
    end_.finish_reason = finish_reason_of(*reason, end_.details.structured_output, has_tool_calls_);
    end_.details.extra_fields = read_extra_fields(root);
    stopped_ = true;
    if (has_metadata_) emit_done(std::move(end_), out);
    return {};
  }

  Result<void> on_metadata(const json::Value& root, std::vector<StreamEvent>& out) {
    end_.usage = read_converse_usage(root["usage"]);
    read_converse_details(root, end_.details);
    has_metadata_ = true;
    if (stopped_) emit_done(std::move(end_), out);
    return {};
  }

  json::Parser parser_;
  std::vector<PendingImage> images_;
  bool stopped_ = false;
  bool has_metadata_ = false;
};

}  // namespace

std::unique_ptr<StreamDecoder> converse_stream_decoder() {
  return std::make_unique<ConverseStreamDecoder>();
}

}  // namespace llm::bedrock
