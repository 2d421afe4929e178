#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include <llm/callback.hpp>

#include "port/fork.hpp"

namespace llm::loop {

class Core;

/// A way to post to a loop that may be gone. Safe from any thread.
class Remote {
 public:
  explicit Remote(Core& core) : core_(&core) {}

  /// False, and `work` is dropped, when the loop is gone or another process's.
  bool post(Callback<void()> work);
  /// The loop ends: nothing is posted any more.
  void close();

 private:
  port::ProcessMark process_;
  std::mutex mutex_;
  Core* core_;  ///< Null: gone. Guarded by `mutex_`.
};

}  // namespace llm::loop
