#include <utility>
#include <variant>

#include <llm/stream.hpp>

#include "base/overloaded.hpp"
#include "base/text.hpp"

namespace llm {

// One content block that is being put together.
struct Accumulator::Block {
  int index = 0;
  std::optional<Content> content{};  // nothing: no byte of it has come
  std::string arguments{};           // of a tool call, as far as they have come
  bool complete = false;
};

namespace {

// The block that a delta of this index goes on with. Null when a new one begins.
template <typename Block>
Block* open_block(std::vector<Block>& blocks, int index) {
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
    if (block->index == index) return block->complete ? nullptr : &*block;
  }
  return nullptr;
}

// The kind of content that is being put together, begun where there is none. A delta that does not
// fit what its block holds begins a block of its own: nothing is lost.
template <typename Kind, typename Block>
Kind& content_of(std::vector<Block>& blocks, int index) {
  Block* block = open_block(blocks, index);
  const bool fits =
      block != nullptr && (!block->content || std::holds_alternative<Kind>(*block->content));
  if (!fits) block = &blocks.emplace_back(Block{.index = index});
  if (!block->content) block->content = Kind{};
  return std::get<Kind>(*block->content);
}

template <typename Block>
void begin_block(std::vector<Block>& blocks, int index, Content content) {
  Block* block = open_block(blocks, index);
  if (block == nullptr || block->content) block = &blocks.emplace_back(Block{.index = index});
  block->content = std::move(content);
}

template <typename Block>
void add_text(std::vector<Block>& blocks, int index, const std::string& text) {
  Block* block = open_block(blocks, index);
  if (block != nullptr && block->content) {
    if (auto* cited = std::get_if<CitationsContent>(&*block->content)) {
      cited->text += text;
      return;
    }
  }
  if (!text.empty()) {
    content_of<TextContent>(blocks, index).text += text;
  } else if (block == nullptr) {
    blocks.emplace_back(Block{.index = index});  // keeps its place, should a byte come yet
  }
}

// Text that is cited becomes cited text.
template <typename Block>
void add_citation(std::vector<Block>& blocks, int index, const Json& citation) {
  Block* block = open_block(blocks, index);
  if (block != nullptr && block->content) {
    if (auto* text = std::get_if<TextContent>(&*block->content)) {
      block->content =
          CitationsContent{.text = std::move(text->text), .unknown = std::move(text->unknown)};
    }
  }
  content_of<CitationsContent>(blocks, index).citations.push_back(citation);
}

std::string malformed_arguments(std::size_t call, FinishReason reason, std::string_view cause) {
  std::string message = "the arguments of tool call " + std::to_string(call) +
                        " of the answer are no JSON object (" + std::string(cause) + "); ";
  message += reason == FinishReason::length ? "the answer was cut short: raise max_tokens"
                                            : "ask the model again";
  return message;
}

Result<Json> whole_arguments(std::string_view pieces, std::size_t call, FinishReason reason) {
  Result<Json> arguments = Json::parse(pieces);
  if (arguments && arguments->is_object()) return arguments;
  const std::string cause = arguments ? "another kind of value" : arguments.error().message;
  return std::unexpected(
      make_error(ErrorCode::model_error, malformed_arguments(call, reason, cause)));
}

ChatResponse response_without_content(const Done& done) {
  ChatResponse response{.id = done.id, .model = done.model};
  response.choices.push_back({.message = {.role = Role::assistant},
                              .finish_reason = done.finish_reason,
                              .stop_reason = done.stop_reason,
                              .stop_sequence = done.stop_sequence});
  response.usage = done.usage;
  response.warnings = done.warnings;
  response.details = done.details;
  return response;
}

}  // namespace

Accumulator::Accumulator() = default;
Accumulator::Accumulator(Accumulator&&) noexcept = default;
Accumulator& Accumulator::operator=(Accumulator&&) noexcept = default;
Accumulator::~Accumulator() = default;

void Accumulator::add(const Delta& delta) {
  const int index = delta.index;
  const base::Overloaded add_piece{
      [&](const TextDelta& piece) { add_text(blocks_, index, piece.text); },
      [&](const ToolCallStart& start) {
        begin_block(
            blocks_, index,
            ToolCallContent{
                .id = start.id, .name = start.name, .type = start.type, .unknown = start.unknown});
      },
      [&](const ToolCallDelta& piece) {
        content_of<ToolCallContent>(blocks_, index);
        open_block(blocks_, index)->arguments += piece.arguments;
      },
      [&](const ReasoningDelta& piece) {
        content_of<ReasoningContent>(blocks_, index).text += piece.text;
      },
      [&](const ReasoningSignatureDelta& piece) {
        content_of<ReasoningContent>(blocks_, index).signature += piece.signature;
      },
      [&](const RedactedReasoningDelta& piece) {
        content_of<RedactedReasoningContent>(blocks_, index).data += piece.data;
      },
      [&](const CitationDelta& piece) { add_citation(blocks_, index, piece.citation); },
      [&](const ToolResultStart& start) {
        begin_block(
            blocks_, index,
            ToolResultContent{
                .tool_call_id = start.tool_call_id, .status = start.status, .type = start.type});
      },
      [&](const ToolResultDelta& piece) {
        auto& parts = content_of<ToolResultContent>(blocks_, index).content;
        parts.insert(parts.end(), piece.content.begin(), piece.content.end());
      },
      [&](const BlockDelta& block) { begin_block(blocks_, index, block.content); },
      [&](const BlockStop&) {
        if (auto* block = open_block(blocks_, index)) block->complete = true;
      }};
  std::visit(add_piece, delta.content);
}

Result<ChatResponse> Accumulator::finish(const Done& done) const {
  ChatResponse response = response_without_content(done);
  std::vector<Content>& content = response.choices.front().message.content;
  std::size_t calls = 0;
  for (const Block& block : blocks_) {
    if (!block.content) continue;
    content.push_back(*block.content);
    auto* call = std::get_if<ToolCallContent>(&content.back());
    if (call == nullptr) continue;
    ++calls;
    // Without pieces it keeps what it came with: `{}`, or the arguments of a call that came whole.
    if (base::trim(block.arguments).empty()) continue;
    auto arguments = whole_arguments(block.arguments, calls, done.finish_reason);
    if (!arguments) return std::unexpected(std::move(arguments.error()));
    call->arguments = std::move(*arguments);
  }
  return response;
}

}  // namespace llm
