#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include <llm/async_provider.hpp>
#include <llm/client.hpp>
#include <llm/error.hpp>

#include "base/errors.hpp"
#include "loop/core.hpp"

namespace llm::async_parts {

/// A provider that can only block, on the threads of the loop.
[[nodiscard]] std::unique_ptr<AsyncProvider> blocking_provider(Client client, loop::Core& core);

/// A call that blocks a thread of the loop. Destroying it asks the call to stop; what it returns is
/// dropped.
template <typename Value>
class BlockingCall final : public AsyncCall {
 public:
  using Done = Callback<void(Result<Value>)>;

  /// `work(std::stop_token) -> Result<Value>` runs on the thread.
  template <typename Work>
  BlockingCall(loop::Core& core, Work work, Done done) : shared_(std::make_shared<Shared>()) {
    shared_->done = std::move(done);
    core.workers().run(
        [shared = shared_, remote = core.remote(), work = std::move(work)]() mutable {
          auto result = std::make_shared<std::optional<Result<Value>>>();
          try {
            result->emplace(work(shared->stop.get_token()));
          } catch (...) {
            result->emplace(std::unexpected(base::thrown_by("The call")));
          }
          remote->post([shared = std::move(shared), result = std::move(result)] {
            if (!shared->done) return;
            Done own = std::move(shared->done);
            own(**std::move(result));
          });
        });
  }
  BlockingCall(const BlockingCall&) = delete;
  BlockingCall& operator=(const BlockingCall&) = delete;
  ~BlockingCall() override {
    shared_->done = nullptr;
    shared_->stop.request_stop();
  }

 private:
  struct Shared {
    std::stop_source stop{};
    Done done{};  ///< Used on the loop's thread; empty: nobody waits.
  };
  std::shared_ptr<Shared> shared_;
};

template <typename Value, typename Work>
[[nodiscard]] std::unique_ptr<AsyncCall> run_blocking(loop::Core& core, Work work,
                                                      Callback<void(Result<Value>)> done) {
  return std::make_unique<BlockingCall<Value>>(core, std::move(work), std::move(done));
}

}  // namespace llm::async_parts
