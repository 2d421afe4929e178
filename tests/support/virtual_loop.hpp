#pragma once

#include <poll.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <llm/task.hpp>
#include <llm/transport.hpp>

#include "loop/core.hpp"
#include "loop/exchange.hpp"
#include "tests/support/keep.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::test_support {

/// An AsyncTransport over a Transport that never blocks: everything has arrived at once.
class ReadyTransport final : public loop::AsyncTransport {
 public:
  explicit ReadyTransport(std::shared_ptr<const Transport> transport)
      : transport_(std::move(transport)) {}

  [[nodiscard]] Result<std::unique_ptr<loop::AsyncExchange>> start(
      const HttpRequest& request) override {
    return std::make_unique<Exchange>(transport_->send(request, {}));
  }

 private:
  class Exchange final : public loop::AsyncExchange {
   public:
    explicit Exchange(Result<std::unique_ptr<HttpExchange>> exchange)
        : exchange_(std::move(exchange)) {}
    [[nodiscard]] Result<bool> has_head() override {
      if (!exchange_) return std::unexpected(exchange_.error());
      return true;
    }
    [[nodiscard]] const HttpResponseHead& head() const override { return (*exchange_)->head(); }
    [[nodiscard]] Result<std::optional<std::string_view>> try_read() override {
      return (*exchange_)->read_some();
    }
    void on_progress(Callback<void()> /*progress*/) override {}

   private:
    Result<std::unique_ptr<HttpExchange>> exchange_;
  };

  std::shared_ptr<const Transport> transport_;
};

/// A loop on scripted time: where a real one would wait for a timer, the clock is moved.
class VirtualLoop {
 public:
  explicit VirtualLoop(std::shared_ptr<port::ScriptedSystem> system, EventLoopOptions options = {})
      : system_(std::move(system)), core_(*loop::Core::create(options, system_)) {}

  [[nodiscard]] loop::Core& core() { return *core_; }

  /// Runs until `is_done()`. False when nothing is left that could make it so. With
  /// `waits_for_threads`, where no timer is set it waits for another thread, ten seconds at most.
  template <typename Done>
  bool run_until(Done is_done, bool waits_for_threads = false) {
    while (!is_done()) {
      core_->process(1000);
      if (is_done()) return true;
      const auto next = core_->next_deadline();
      if (!next && waits_for_threads) {
        pollfd posted{.fd = core_->poller().descriptor(), .events = POLLIN, .revents = 0};
        if (::poll(&posted, 1, 10'000) == 1) continue;
      }
      if (!next) return false;
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - core_->now());
      if (left > std::chrono::milliseconds(0)) system_->sleep_for(left, {});
    }
    return true;
  }

  /// Runs a task to its end and returns its value; nullopt as for `run_until`.
  template <typename Value>
  std::optional<Value> run(Task<Value> task) {
    std::optional<Value> value;
    Task<> root = keep(std::move(task), value);
    root.start();
    run_until([&] { return value.has_value(); }, true);
    return value;
  }

 private:
  std::shared_ptr<port::ScriptedSystem> system_;
  std::unique_ptr<loop::Core> core_;
};

}  // namespace llm::test_support
