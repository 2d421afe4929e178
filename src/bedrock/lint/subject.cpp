#include "bedrock/lint/subject.hpp"

#include "base/text.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr ModelFacts kNothingKnown{};

bool is_empty_text(const Content& content) {
  const auto* text = std::get_if<TextContent>(&content);
  return text != nullptr && text->text.empty();
}

// Notes what a block is, or a part of a tool's answer.
class Noting {
 public:
  explicit Noting(Holdings& holds) : holds_(holds) {}

  void operator()(const ToolCallContent& /*call*/) const { holds_.tool_blocks = true; }
  void operator()(const ToolResultContent& result) const {
    holds_.tool_blocks = true;
    for (const auto& part : result.content) std::visit(*this, part);
  }
  void operator()(const ImageContent& /*image*/) const { holds_.media = true; }
  void operator()(const DocumentContent& /*document*/) const { holds_.media = true; }
  void operator()(const VideoContent& /*video*/) const { holds_.media = true; }
  void operator()(const AudioContent& /*audio*/) const { holds_.media = true; }
  void operator()(const CachePoint& /*point*/) const { holds_.cache_points = true; }
  void operator()(const auto& /*other*/) const {}

 private:
  Holdings& holds_;
};

std::vector<PlacedBlock>& blocks_for(const Message& message, Subject& subject) {
  if (message.role == Role::system) return subject.system;
  const Role role = message.role == Role::assistant ? Role::assistant : Role::user;
  if (subject.turns.empty() || subject.turns.back().role != role) subject.turns.push_back({role});
  return subject.turns.back().blocks;
}

}  // namespace

Subject subject_of(const ChatRequest& request, const Target& target) {
  const bool is_known = target.facts != nullptr;
  const ModelFacts& facts = is_known ? *target.facts : kNothingKnown;
  Subject subject{.request = request,
                  .facts = facts,
                  .is_known = is_known,
                  .by_converse = target.by_converse,
                  .is_claude = facts.wire_format == WireFormat::claude_messages,
                  .delivery = target.delivery};
  for (std::size_t index = 0; index < request.messages.size(); ++index) {
    const Message& message = request.messages[index];
    for (std::size_t at = 0; at < message.content.size(); ++at) {
      if (is_empty_text(message.content[at])) continue;
      std::visit(Noting(subject.holds), message.content[at]);
      blocks_for(message, subject).push_back({&message.content[at], {index, at}});
    }
  }
  return subject;
}

std::string to_string(Place place) {
  const std::string block = bedrock::to_string(place.block);
  return place.part ? block + ".content[" + std::to_string(*place.part) + "]" : block;
}

bool is_speaking_text(const Content& content) {
  const auto* text = std::get_if<TextContent>(&content);
  return text != nullptr && !base::is_blank(text->text);
}

bool is_own_tool_block(const Content& content) {
  if (const auto* call = std::get_if<ToolCallContent>(&content)) return call->type.empty();
  const auto* result = std::get_if<ToolResultContent>(&content);
  return result != nullptr && result->type.empty();
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace llm::bedrock::linter
