#include <utility>
#include <variant>

#include <llm/stream.hpp>

#include "base/errors.hpp"
#include "base/overloaded.hpp"
#include "base/text.hpp"
#include "json/reader.hpp"
#include "llm/tool_arguments.hpp"

namespace llm {

// One content block that is being assembled.
struct Accumulator::Block {
  int index = 0;
  std::optional<Content> content{};  // unset until its first byte has arrived
  std::string arguments{};           // of a tool call, as far as they have arrived
  bool complete = false;
};

namespace {

// The block that a delta of this index continues. Null when a new one begins.
template <typename Block>
Block* open_block(std::vector<Block>& blocks, int index) {
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
    if (block->index == index) return block->complete ? nullptr : &*block;
  }
  return nullptr;
}

// The content of the block, begun where there is none. A delta of another kind than its block
// begins a new block: nothing is lost.
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
    blocks.emplace_back(Block{.index = index});  // reserves its place for later bytes
  }
}

// The first citation turns text into cited text.
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

Error malformed_arguments(std::size_t call, FinishReason reason) {
  std::string message = "The arguments of tool call " + std::to_string(call) + " are not JSON.";
  if (reason != FinishReason::length) {
    return make_error(ErrorCode::model_error, std::move(message), "Send the request again.");
  }
  return make_error(ErrorCode::model_error,
                    std::move(message) + " The completion was cut short by max_tokens.",
                    "Raise max_tokens.");
}

Result<Json> parse_arguments(std::string_view text, std::size_t call, ChatResponse& response) {
  Result<Json> arguments = Json::parse(text);
  if (arguments) return arguments;
  json::Parser parser;
  if (const auto value = parser.parse(text, json::LoneSurrogates::replace)) {
    response.warnings.push_back(
        {"lone_surrogate", "The arguments of tool call " + std::to_string(call) +
                               " contained half a character (a lone UTF-16 surrogate), which was "
                               "replaced by U+FFFD."});
    return Json::from_valid_text(value->to_text());
  }
  Error error = malformed_arguments(call, response.choices.front().finish_reason);
  base::add_sentence(arguments.error().message, error);
  return std::unexpected(std::move(error));
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
  const base::Overloaded add_content{
      [&](const TextDelta& text) { add_text(blocks_, index, text.text); },
      [&](const ToolCallStart& start) {
        begin_block(
            blocks_, index,
            ToolCallContent{
                .id = start.id, .name = start.name, .type = start.type, .unknown = start.unknown});
      },
      [&](const ToolCallDelta& call) {
        content_of<ToolCallContent>(blocks_, index);
        open_block(blocks_, index)->arguments += call.arguments;
      },
      [&](const ReasoningDelta& reasoning) {
        content_of<ReasoningContent>(blocks_, index).text += reasoning.text;
      },
      [&](const ReasoningSignatureDelta& reasoning) {
        content_of<ReasoningContent>(blocks_, index).signature += reasoning.signature;
      },
      [&](const RedactedReasoningDelta& reasoning) {
        content_of<RedactedReasoningContent>(blocks_, index).data += reasoning.data;
      },
      [&](const CitationDelta& cited) { add_citation(blocks_, index, cited.citation); },
      [&](const ToolResultStart& start) {
        begin_block(
            blocks_, index,
            ToolResultContent{
                .tool_call_id = start.tool_call_id, .status = start.status, .type = start.type});
      },
      [&](const ToolResultDelta& result) {
        auto& parts = content_of<ToolResultContent>(blocks_, index).content;
        parts.insert(parts.end(), result.content.begin(), result.content.end());
      },
      [&](const BlockDelta& block) { begin_block(blocks_, index, block.content); },
      [&](const BlockStop&) {
        if (auto* block = open_block(blocks_, index)) block->complete = true;
      }};
  std::visit(add_content, delta.content);
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
    // Without deltas it keeps its initial arguments: `{}`, or those of a complete call.
    if (base::trim(block.arguments).empty()) continue;
    auto arguments = parse_arguments(block.arguments, calls, response);
    if (!arguments) return std::unexpected(std::move(arguments.error()));
    call->arguments = std::move(*arguments);
  }
  warn_of_arguments(response.choices.front().message, response.warnings);
  return response;
}

}  // namespace llm
