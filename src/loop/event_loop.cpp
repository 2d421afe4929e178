#include <utility>

#include <llm/event_loop.hpp>

#include "base/errors.hpp"
#include "loop/core.hpp"
#include "port/fork.hpp"
#include "port/system.hpp"

namespace llm {

Result<std::unique_ptr<EventLoop>> EventLoop::create(EventLoopOptions options) {
  if (options.max_connecting < 1 || options.blocking_threads < 1) {
    return base::configuration_error(
        "max_connecting and blocking_threads of an event loop must be at least 1.");
  }
  auto core = loop::Core::create(options, port::real_system());
  if (!core) return std::unexpected(std::move(core.error()));
  return std::make_unique<EventLoop>(std::move(*core));
}

EventLoop::EventLoop(std::unique_ptr<loop::Core> core) : core_(std::move(core)) {}
EventLoop::~EventLoop() {
  if (!core_->is_of_this_process()) port::abandon(std::move(core_));
}

void EventLoop::run() { core_->run(); }
void EventLoop::post(Callback<void()> work) { core_->post(std::move(work)); }
void EventLoop::stop() { core_->stop(); }
int EventLoop::descriptor() const { return core_->poller().descriptor(); }
bool EventLoop::process(std::size_t budget) { return core_->process(budget); }

std::optional<std::chrono::steady_clock::time_point> EventLoop::next_deadline() const {
  return core_->next_deadline();
}

}  // namespace llm
