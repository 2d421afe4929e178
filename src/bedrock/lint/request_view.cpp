#include "bedrock/lint/request_view.hpp"

#include "base/text.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr ModelFacts kNothingKnown{};

// Notes the kind of a block, or of a part of a tool result.
class KindVisitor {
 public:
  explicit KindVisitor(BlockKinds& kinds) : kinds_(kinds) {}

  void operator()(const ToolCallContent& /*call*/) const { kinds_.tool_blocks = true; }
  void operator()(const ToolResultContent& result) const {
    kinds_.tool_blocks = true;
    for (const auto& part : result.content) std::visit(*this, part);
  }
  void operator()(const ImageContent& /*image*/) const { kinds_.media = true; }
  void operator()(const DocumentContent& /*document*/) const { kinds_.media = true; }
  void operator()(const VideoContent& /*video*/) const { kinds_.media = true; }
  void operator()(const AudioContent& /*audio*/) const { kinds_.media = true; }
  void operator()(const CachePoint& /*point*/) const { kinds_.cache_points = true; }
  void operator()(const auto& /*other*/) const {}

 private:
  BlockKinds& kinds_;
};

void note_kinds(std::span<const PlacedBlock> blocks, BlockKinds& kinds) {
  for (const PlacedBlock& block : blocks) std::visit(KindVisitor(kinds), *block.content);
}

}  // namespace

RequestView view_of(const ChatRequest& request, const Conversation& conversation,
                    const Target& target) {
  const bool is_known = target.facts != nullptr;
  const ModelFacts& facts = is_known ? *target.facts : kNothingKnown;
  RequestView view{.request = request,
                   .facts = facts,
                   .is_known = is_known,
                   .by_converse = target.by_converse,
                   .is_claude = facts.wire_format == WireFormat::claude_messages,
                   .delivery = target.delivery,
                   .today = target.today,
                   .system = conversation.system,
                   .turns = conversation.turns};
  note_kinds(view.system, view.kinds);
  for (const Turn& turn : view.turns) note_kinds(turn.blocks, view.kinds);
  return view;
}

std::string to_string(Place place) {
  const std::string block = bedrock::to_string(place.block);
  return place.part ? block + ".content[" + std::to_string(*place.part) + "]" : block;
}

bool is_nonblank_text(const Content& content) {
  const auto* text = std::get_if<TextContent>(&content);
  return text != nullptr && !base::is_blank(text->text);
}

bool is_own_tool_block(const Content& content) {
  if (const auto* call = std::get_if<ToolCallContent>(&content)) return call->type.empty();
  const auto* result = std::get_if<ToolResultContent>(&content);
  return result != nullptr && result->type.empty();
}

}  // namespace llm::bedrock::linter
