#pragma once

#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <llm/chat.hpp>

#include "bedrock/codec/conversation.hpp"

namespace llm::bedrock::linter {

/// Changes one request. Until `finish`, positions are those of the request as it was.
class RequestEditor {
 public:
  explicit RequestEditor(ChatRequest& request) : request_(request) {}

  [[nodiscard]] ChatRequest& request() { return request_; }
  [[nodiscard]] Content& at(BlockPosition position) {
    return request_.messages[position.message].content[position.content];
  }
  /// Removes the block in `finish`.
  void remove(BlockPosition position);
  /// Inserts blocks at the start of a message in `finish`.
  void prepend(std::size_t message, std::vector<Content> blocks);
  /// For a repair that another has made needless: it is not reported.
  void skip() { is_skipped_ = true; }
  /// Whether the last repair called `skip`.
  [[nodiscard]] bool take_skipped() { return std::exchange(is_skipped_, false); }
  /// Applies the pending changes. Messages that have lost all their blocks are removed too.
  void finish();

 private:
  ChatRequest& request_;
  std::set<std::pair<std::size_t, std::size_t>> removed_;
  std::map<std::size_t, std::vector<Content>> prepended_;
  bool is_skipped_ = false;
};

/// One repair. Requires: the request is the one with the finding, or a copy of it.
using Fix = std::function<void(RequestEditor&)>;

}  // namespace llm::bedrock::linter
