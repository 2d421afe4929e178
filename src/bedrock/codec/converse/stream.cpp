// Converse: the stream.
// Source: botocore, ConverseStreamOutput of bedrock-runtime; recorded streams. Text and reasoning
// start without a contentBlockStart.
#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "bedrock/codec/block_decoder.hpp"
#include "bedrock/codec/converse/blocks.hpp"
#include "bedrock/codec/converse/content.hpp"
#include "bedrock/codec/converse/converse.hpp"
#include "bedrock/codec/converse/format.hpp"
#include "bedrock/codec/converse/response.hpp"
#include "bedrock/codec/fast_text_delta.hpp"
#include "bedrock/codec/joined_json.hpp"
#include "bedrock/codec/response.hpp"
#include "bedrock/codec/structured_output.hpp"
#include "bedrock/codec/unknown_members.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {
namespace {

// `text` is a block of text or reasoning: only its deltas show which.
enum class ConverseBlockKind { text, tool, structured, result, image, unknown };

// A block that arrives in several deltas, but is emitted as one, so that it is read as in a
// buffered response.
struct PendingConverseBlock {
  int index = -1;
  std::string kind{};  // The member of the block that `json` is the value of; empty: of none.
  JoinedJson json{};
  MediaSource source{};  // Of an image; its bytes are encoded delta by delta.
  bool has_source = false;
  bool has_content = false;  // Of the result of a tool.
  bool incomplete = false;
};

class ConverseStreamDecoder final : public BlockDecoder<StreamDecoder, ConverseBlockKind> {
 public:
  Result<void> on_event(const aws::EventMessage& message, std::vector<StreamEvent>& out) override {
    const std::string_view type = message.event_type;
    if (on_fast_delta(type, message.payload, out)) return {};
    if (!is_known(type)) return skip_event(type);
    if (is_done()) return std::unexpected(malformed_stream("An event follows the last one."));
    const auto root = parser_.parse(message.payload, json::LoneSurrogates::replace);
    if (!root || !root->is_object()) {
      return std::unexpected(malformed_stream("An event is not a JSON object."));
    }
    return on_known(type, *root, out);
  }

  void rest() override { parser_.release(); }

  Result<void> finish(std::vector<StreamEvent>& out) override {
    if (is_done()) return {};
    if (!stopped_) return std::unexpected(truncated_stream());
    end_.warnings.push_back(
        {"no_metadata", "The stream ended without its metadata, so the token usage is unknown."});
    complete(out);
    return {};
  }

 private:
  void complete(std::vector<StreamEvent>& out) {
    warn_of_replaced(parser_.has_replaced(), end_.warnings);
    emit_done(std::move(end_), out);
  }

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
    // A block has one member; with more, it can only be preserved as it was received.
    if (start.size() > 1) return begin_unknown(start, block);
    if (const json::Value tool = start["toolUse"]; tool.exists()) {
      return on_tool_start(tool, block, out);
    }
    if (const json::Value result = start["toolResult"]; result.exists()) {
      block.kind = ConverseBlockKind::result;
      pending_.push_back({.index = index, .kind = "toolResult", .json = JoinedJson(result)});
      return {};
    }
    if (const json::Value image = start["image"]; image.exists()) {
      block.kind = ConverseBlockKind::image;
      pending_.push_back({.index = index, .kind = "image", .json = JoinedJson(image)});
      return {};
    }
    return start.size() == 0 ? Result<void>() : begin_unknown(start, block);
  }

  Result<void> begin_unknown(const json::Value& value, Block& block) {
    block.kind = ConverseBlockKind::unknown;
    pending_.push_back({.index = block.index, .json = JoinedJson(value)});
    return {};
  }

  PendingConverseBlock& pending_block(const Block& block) {
    return *std::ranges::find(pending_, block.index, &PendingConverseBlock::index);
  }

  void leave_out(std::string_view kind, PendingConverseBlock& pending) {
    pending.incomplete = true;
    skip(kind);
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
        return on_result_delta(delta, block);
      case ConverseBlockKind::image:
        return on_image_delta(delta, block);
      case ConverseBlockKind::unknown:
        on_unknown_delta(delta, block);
        return {};
    }
    return {};
  }

  void on_unknown_delta(const json::Value& delta, const Block& block) {
    PendingConverseBlock& pending = pending_block(block);
    for (const auto [kind, value] : delta.members()) {
      if (!pending.json.join_member(kind, value)) leave_out(kind, pending);
    }
  }

  Result<void> on_text_delta(const json::Value& delta, Block& block,
                             std::vector<StreamEvent>& out) {
    if (const auto [text] = delta.members_of("text"); text.exists()) {
      skip_others(delta, {"text"});
      return emit_from<TextDelta>(text, block, out);
    }
    const json::Value reasoning = delta["reasoningContent"];
    skip_others(reasoning, {"text", "signature", "redactedContent"});
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
    const bool is_new = !block.has_deltas && !is_known_kind(delta);
    return is_new && delta.size() > 0 ? begin_unknown(delta, block) : on_other_delta(delta, block);
  }

  // Members that this version does not know, beside those that it takes.
  void skip_others(const json::Value& object, std::initializer_list<std::string_view> taken) {
    if (object.size() < 2) return;
    for (const auto [name, value] : object.members()) {
      if (std::ranges::find(taken, name) == taken.end()) skip(name);
    }
  }

  template <typename DeltaContent>
  Result<void> on_input_delta(const json::Value& delta, Block& block,
                              std::vector<StreamEvent>& out) {
    const json::Value tool = delta["toolUse"];
    if (!tool.exists()) return on_other_delta(delta, block);
    return emit_from<DeltaContent>(tool["input"], block, out);
  }

  Result<void> on_result_delta(const json::Value& delta, const Block& block) {
    const json::Value parts = delta["toolResult"];
    if (!parts.exists()) return on_other_delta(delta, block);
    PendingConverseBlock& pending = pending_block(block);
    pending.has_content = true;
    if (!pending.json.join_member("content", parts)) leave_out("toolResult", pending);
    return {};
  }

  Result<void> on_image_delta(const json::Value& delta, const Block& block) {
    const json::Value image = delta["image"];
    if (!image.exists()) return on_other_delta(delta, block);
    PendingConverseBlock& pending = pending_block(block);
    for (const auto [name, value] : image.members()) {
      if (name != "source") {
        if (!pending.json.join_member(name, value)) leave_out("image", pending);
        continue;
      }
      // Its place among the members; the source itself follows when the block is complete.
      if (!std::exchange(pending.has_source, true)) pending.json.set_member("source", {});
      if (!read_source(value, pending.source)) {
        return std::unexpected(malformed_stream("An image delta is not valid base64."));
      }
    }
    return {};
  }

  static bool is_known_kind(const json::Value& delta) {
    for (const auto [kind, value] : delta.members()) {
      if (is_known_kind(kind)) return true;
    }
    return false;
  }

  static bool is_known_kind(std::string_view kind) {
    return kind == "text" || kind == "reasoningContent" || kind == "toolUse" ||
           kind == "toolResult" || kind == "image" || kind == "citation";
  }

  // A delta of another kind than its block: an error if the kind is known, else left out.
  Result<void> on_other_delta(const json::Value& delta, const Block& block) {
    for (const auto [kind, value] : delta.members()) {
      // Reasoning that is none of the known kinds may be added to any block.
      if (is_known_kind(kind) && kind != "reasoningContent") {
        return std::unexpected(block_errors::wrong_kind(block.index));
      }
      skip(kind);
    }
    return {};
  }

  Result<void> on_block_stop(int index, std::vector<StreamEvent>& out) {
    const auto block = blocks_.open(index);
    if (!block) return std::unexpected(block.error());
    if (std::ranges::find(pending_, index, &PendingConverseBlock::index) != pending_.end()) {
      if (auto emitted = emit_pending(**block, out); !emitted) return emitted;
    }
    stop(**block, out);
    return {};
  }

  Result<void> emit_pending(const Block& block, std::vector<StreamEvent>& out) {
    const auto place = std::ranges::find(pending_, block.index, &PendingConverseBlock::index);
    PendingConverseBlock pending = std::move(*place);
    pending_.erase(place);
    if (auto image = complete_image(pending)) {
      out.emplace_back(block.index, BlockDelta{std::move(*image)});
      return {};
    }
    const auto root = parser_.parse(text_of(pending));
    if (!root) return std::unexpected(malformed_stream(root.error().message));
    if (pending.incomplete) {
      UnknownContent unknown = unknown_block(*root);
      unknown.incomplete = true;
      out.emplace_back(block.index, BlockDelta{std::move(unknown)});
      return {};
    }
    auto content = read_content_block(*root);
    if (!content) return std::unexpected(std::move(content.error()));
    if (auto* const result = std::get_if<ToolResultContent>(&*content)) {
      emit_result(*result, block.index, out);
    } else {
      out.emplace_back(block.index, BlockDelta{std::move(*content)});
    }
    return {};
  }

  static void emit_result(ToolResultContent& result, int index, std::vector<StreamEvent>& out) {
    out.emplace_back(index, ToolResultStart{.tool_call_id = std::move(result.tool_call_id),
                                            .status = result.status,
                                            .type = std::move(result.type)});
    if (!result.content.empty()) {
      out.emplace_back(index, ToolResultDelta{std::move(result.content)});
    }
  }

  // An image that has a known format and a source, and nothing else.
  std::optional<ImageContent> complete_image(PendingConverseBlock& pending) {
    if (pending.kind != "image" || !pending.has_source || pending.incomplete) return std::nullopt;
    const Json json = pending.json.json();  // Without the bytes.
    const auto image = parser_.parse(json.text());
    if (!image || !has_only(*image, {"format", "source"})) return std::nullopt;
    const std::string_view type = image_type_of((*image)["format"].string().value_or(""));
    if (type.empty()) return std::nullopt;
    return ImageContent{.source = std::move(pending.source), .media_type = std::string(type)};
  }

  // The block as it would be in a buffered response.
  static std::string text_of(PendingConverseBlock& pending) {
    json::Parser parser;
    if (pending.has_source) {
      json::Writer source;
      write_media_source(pending.source, source);
      if (const auto value = parser.parse(std::move(source).take())) {
        pending.json.set_member("source", *value);
      }
    } else if (pending.kind == "toolResult" && !pending.has_content) {
      if (const auto none = parser.parse("[]")) pending.json.set_member("content", *none);
    }
    const Json json = pending.json.json();
    if (pending.kind.empty()) return json.text();
    json::Writer writer;
    writer.begin_object().key(pending.kind).raw(json).end_object();
    return std::move(writer).take();
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
    if (has_metadata_) complete(out);
    return {};
  }

  Result<void> on_metadata(const json::Value& root, std::vector<StreamEvent>& out) {
    end_.usage = read_converse_usage(root["usage"]);
    read_converse_details(root, end_.details);
    has_metadata_ = true;
    if (stopped_) complete(out);
    return {};
  }

  json::Parser parser_;
  std::vector<PendingConverseBlock> pending_;
  bool stopped_ = false;
  bool has_metadata_ = false;
};

}  // namespace

std::unique_ptr<StreamDecoder> converse_stream_decoder() {
  return std::make_unique<ConverseStreamDecoder>();
}

}  // namespace llm::bedrock
