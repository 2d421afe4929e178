#include "bedrock/lint/request_editor.hpp"

#include <iterator>
#include <ranges>

namespace llm::bedrock::linter {

void RequestEditor::remove(BlockPosition position) {
  removed_.emplace(position.message, position.content);
}

void RequestEditor::put_in_front(std::size_t message, std::vector<Content> blocks) {
  std::vector<Content>& front = fronts_[message];
  front.insert(front.end(), std::make_move_iterator(blocks.begin()),
               std::make_move_iterator(blocks.end()));
}

void RequestEditor::finish() {
  std::vector<Message>& messages = request_.messages;
  for (const auto& [message, content] : std::views::reverse(removed_)) {
    auto& blocks = messages[message].content;
    blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(content));
  }
  for (auto& [message, front] : fronts_) {
    auto& blocks = messages[message].content;
    blocks.insert(blocks.begin(), std::make_move_iterator(front.begin()),
                  std::make_move_iterator(front.end()));
  }
  for (const auto& [message, content] : std::views::reverse(removed_)) {
    if (message < messages.size() && messages[message].content.empty()) {
      messages.erase(messages.begin() + static_cast<std::ptrdiff_t>(message));
    }
  }
  removed_.clear();
  fronts_.clear();
}

}  // namespace llm::bedrock::linter
