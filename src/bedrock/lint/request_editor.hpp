#pragma once

#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <llm/chat.hpp>

#include "bedrock/codec/conversation.hpp"

namespace llm::bedrock::linter {

/// Changes one request. Positions stay those of the request as it was until `finish`.
class RequestEditor {
 public:
  explicit RequestEditor(ChatRequest& request) : request_(request) {}

  [[nodiscard]] ChatRequest& request() { return request_; }
  [[nodiscard]] Content& at(BlockPosition position) {
    return request_.messages[position.message].content[position.content];
  }
  /// Leaves the block out at the end.
  void remove(BlockPosition position);
  /// Puts blocks in front of a message at the end.
  void put_in_front(std::size_t message, std::vector<Content> blocks);
  /// Does what was put off; a message that has lost all its blocks goes too.
  void finish();

 private:
  ChatRequest& request_;
  std::set<std::pair<std::size_t, std::size_t>> removed_;
  std::map<std::size_t, std::vector<Content>> fronts_;
};

/// One repair. Requires: the request is the one it was found in.
using Fix = std::function<void(RequestEditor&)>;

}  // namespace llm::bedrock::linter
