#include "bedrock/lint/request_editor.hpp"

#include <iterator>
#include <ranges>

namespace llm::bedrock::linter {

void RequestEditor::remove(BlockPosition position) {
  removed_.emplace(position.message, position.content);
}

void RequestEditor::prepend(std::size_t message, std::vector<Content> blocks) {
  std::vector<Content>& first = prepended_[message];
  first.insert(first.end(), std::make_move_iterator(blocks.begin()),
               std::make_move_iterator(blocks.end()));
}

void RequestEditor::finish() {
  std::vector<Message>& messages = request_.messages;
  for (const auto& [message, content] : std::views::reverse(removed_)) {
    auto& blocks = messages[message].content;
    blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(content));
  }
  for (auto& [message, first] : prepended_) {
    auto& blocks = messages[message].content;
    blocks.insert(blocks.begin(), std::make_move_iterator(first.begin()),
                  std::make_move_iterator(first.end()));
  }
  for (const auto& [message, content] : std::views::reverse(removed_)) {
    if (message < messages.size() && messages[message].content.empty()) {
      messages.erase(messages.begin() + static_cast<std::ptrdiff_t>(message));
    }
  }
  removed_.clear();
  prepended_.clear();
}

}  // namespace llm::bedrock::linter
