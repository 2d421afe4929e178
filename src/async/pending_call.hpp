#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include <llm/async_client.hpp>
#include <llm/callback.hpp>
#include <llm/error.hpp>

#include "base/errors.hpp"
#include "loop/core.hpp"

namespace llm::async_parts {

/// A call that has begun and not ended. Owns itself until it reports, exactly once.
template <typename Value>
class PendingCall final : public Control,
                          public loop::Ending,
                          public std::enable_shared_from_this<PendingCall<Value>> {
 public:
  using Done = Callback<void(Result<Value>)>;

  PendingCall(loop::Core& core, Done done)
      : Ending(core), open_(std::in_place, core), remote_(core.remote()), done_(std::move(done)) {}

  /// `begin(done)` starts the provider's call. If that throws, the call has not begun.
  template <typename Begin>
  void start(std::stop_token stop, Begin begin) {
    call_ = begin([this](Result<Value> result) { finish(std::move(result)); });
    if (stop.stop_possible()) on_stop_.emplace(std::move(stop), Cancel{this->weak_from_this()});
    self_ = this->shared_from_this();
  }

  void cancel() override {
    remote_->post([weak = this->weak_from_this()] {
      if (const auto call = weak.lock()) call->finish(std::unexpected(base::cancelled("The call")));
    });
  }
  void resume() override {}
  void end_with_loop() override { finish(std::unexpected(base::cancelled("The call"))); }

 private:
  struct Cancel {
    std::weak_ptr<PendingCall> weak;
    void operator()() const {
      if (const auto call = weak.lock()) call->cancel();
    }
  };

  void finish(Result<Value> result) {
    if (self_ == nullptr) return;
    const std::shared_ptr<PendingCall> self = std::exchange(self_, nullptr);
    on_stop_.reset();
    call_.reset();
    open_.reset();
    Done done = std::move(done_);
    try {
      done(std::move(result));
    } catch (...) {
      core().fail(std::current_exception());
    }
  }

  std::optional<loop::OpenWork> open_;
  std::shared_ptr<loop::Remote> remote_;
  Done done_;
  std::unique_ptr<AsyncCall> call_;
  std::optional<std::stop_callback<Cancel>> on_stop_;
  std::shared_ptr<PendingCall> self_;  ///< Null once it has reported.
};

}  // namespace llm::async_parts
