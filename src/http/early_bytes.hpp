#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <llm/transport.hpp>

namespace llm::http {

/// Body bytes that came before anybody asked for them, together with the head. They are handed out
/// in the pieces in which they came: who reads a stream has its first event before the others of
/// the same packet are looked at.
class EarlyBytes {
 public:
  [[nodiscard]] bool empty() const { return next_ == ends_.size(); }

  /// Keeps a copy of `piece`.
  void add(std::string_view piece);

  /// The oldest piece goes to `sink`, and is gone even when `sink` throws. Requires: not empty.
  void hand_out(ByteSink& sink);

  /// Forgets everything.
  void clear() { *this = {}; }

 private:
  std::string bytes_;
  std::vector<std::size_t> ends_;  ///< Where each piece ends in `bytes_`.
  std::size_t next_ = 0;           ///< The piece that is handed out next.
};

}  // namespace llm::http
