#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include <llm/error.hpp>
#include <llm/stream.hpp>

#include "bedrock/codec/block_table.hpp"
#include "bedrock/codec/stream_decoder.hpp"
#include "bedrock/codec/unknown_deltas.hpp"
#include "bedrock/codec/unknown_members.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {

/// Base of the decoders whose responses consist of content blocks (Claude Messages, Converse): the
/// blocks, the deltas that fill them, and the Done that gathers what the end reports. `Base` is a
/// StreamDecoder; `Kind` is the format's enum of blocks, with an enumerator `structured` for the
/// call of the reserved tool of structured output.
template <typename Base, typename Kind>
class BlockDecoder : public Base {
 public:
  using Base::Base;

 protected:
  using Block = StreamBlock<Kind>;

  /// Starts the message. Errors: stream_error when it has started before.
  [[nodiscard]] Result<void> start_message() {
    if (!std::exchange(started_, true)) return {};
    return std::unexpected(malformed_stream("A second message starts."));
  }
  [[nodiscard]] bool has_started() const { return started_; }
  /// Errors: stream_error before the message has started.
  [[nodiscard]] Result<void> require_start() const {
    if (started_) return {};
    return std::unexpected(malformed_stream("An event comes before the start of the message."));
  }

  /// Appends a delta, unless its text is empty.
  template <typename DeltaContent>
  void emit(Block& block, std::string_view text, std::vector<StreamEvent>& out) {
    if (text.empty()) return;
    block.has_deltas = true;
    out.emplace_back(block.index, DeltaContent{this->make_text(text)});
  }

  /// Appends the delta with the text that `value` holds. Errors: stream_error when it is not a
  /// string.
  template <typename DeltaContent>
  [[nodiscard]] Result<void> emit_from(const json::Value& value, Block& block,
                                       std::vector<StreamEvent>& out) {
    const auto text = value.string();
    if (!text) return std::unexpected(malformed_stream("A delta has no content."));
    emit<DeltaContent>(block, *text, out);
    return {};
  }

  static void emit_citation(Block& block, const json::Value& citation,
                            std::vector<StreamEvent>& out) {
    block.has_deltas = true;
    out.emplace_back(block.index, CitationDelta{json_of(citation)});
  }

  /// Leaves out a delta of a kind that this version does not know, with a warning.
  void skip(std::string_view kind) { unknown_.note(kind, end_.warnings); }

  /// Stops a block. The arguments of a structured output without deltas are `{}`.
  void stop(Block& block, std::vector<StreamEvent>& out) {
    if (block.kind == Kind::structured && !block.has_deltas) emit<TextDelta>(block, "{}", out);
    block.is_open = false;
    out.emplace_back(block.index, BlockStop{});
  }

  /// Errors: stream_error when a block is still open at the end of the message.
  [[nodiscard]] Result<void> check_all_stopped() const {
    if (!blocks_.any_open()) return {};
    return std::unexpected(malformed_stream("The message stops while a block is open."));
  }

  BlockTable<Kind> blocks_;
  Done end_;
  bool has_tool_calls_ = false;

 private:
  UnknownDeltas unknown_;
  bool started_ = false;
};

}  // namespace llm::bedrock
