#pragma once

#include <chrono>
#include <coroutine>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include <llm/task.hpp>

#include "loop/core.hpp"
#include "loop/exchange.hpp"

namespace llm::loop {

/// `co_await Sleeping(core, until)`: goes on at that time.
class Sleeping {
 public:
  Sleeping(Core& core, TimePoint until)
      : until_(until), timer_(core, [this] { awaiting_.resume(); }) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    awaiting_ = awaiting;
    timer_.set(until_);
  }
  void await_resume() const noexcept {}

 private:
  TimePoint until_;
  std::coroutine_handle<> awaiting_;
  Timer timer_;
};

/// `co_await Progress(exchange)`: goes on when the exchange may have something new.
class Progress {
 public:
  explicit Progress(AsyncExchange& exchange) : exchange_(exchange) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { exchange_.on_progress(nullptr); }

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    exchange_.on_progress([awaiting] { awaiting.resume(); });
  }
  void await_resume() const noexcept {}

 private:
  AsyncExchange& exchange_;
};

/// `co_await Stopped(core, token, until)`: goes on when another thread requests a stop of `token`,
/// or at that time. True: the former. The other thread only posts.
class Stopped {
 public:
  Stopped(Core& core, std::stop_token token, std::optional<TimePoint> until)
      : remote_(core.remote()),
        token_(std::move(token)),
        until_(until),
        timer_(core, [this] { go_on(); }) {}
  Stopped(const Stopped&) = delete;
  Stopped& operator=(const Stopped&) = delete;
  ~Stopped() {
    callback_.reset();
    if (link_ != nullptr) link_->waiting = nullptr;
  }

  [[nodiscard]] bool await_ready() const noexcept { return token_.stop_requested(); }
  void await_suspend(std::coroutine_handle<> awaiting) {
    awaiting_ = awaiting;
    link_ = std::make_shared<Link>(this);
    if (until_) timer_.set(*until_);
    callback_.emplace(token_, Post{remote_, link_});
  }
  [[nodiscard]] bool await_resume() const noexcept { return token_.stop_requested(); }

 private:
  /// Lets posted work find out whether this still waits. Used on the loop's thread.
  struct Link {
    explicit Link(Stopped* owner) : waiting(owner) {}
    Stopped* waiting;
  };
  struct Post {
    std::shared_ptr<Remote> remote;
    std::shared_ptr<Link> link;
    void operator()() const {
      remote->post([link = link] {
        if (link->waiting != nullptr) link->waiting->go_on();
      });
    }
  };

  void go_on() {
    link_->waiting = nullptr;
    timer_.cancel();
    awaiting_.resume();
  }

  std::shared_ptr<Remote> remote_;
  std::stop_token token_;
  std::optional<TimePoint> until_;
  std::coroutine_handle<> awaiting_;
  std::shared_ptr<Link> link_;
  std::optional<std::stop_callback<Post>> callback_;
  Timer timer_;
};

}  // namespace llm::loop
