#include <exception>
#include <utility>

#include <llm/event_loop.hpp>
#include <llm/task.hpp>

#include "loop/core.hpp"

namespace llm {
namespace {

/// A task that belongs to nobody but the loop; destroys itself when it has ended.
class Spawned final : public loop::Ending {
 public:
  Spawned(loop::Core& core, Task<void> task)
      : Ending(core),
        open_(core),
        root_(run(*this, std::move(task))),
        job_(core, [this] { go(); }) {
    job_.schedule();
  }

  void end_with_loop() override { delete this; }

 private:
  static Task<void> run(Spawned& self, Task<void> task) {
    try {
      co_await std::move(task);
    } catch (...) {
      self.core().fail(std::current_exception());
    }
    self.has_ended_ = true;
    self.job_.schedule();
  }

  void go() {
    if (has_ended_) {
      delete this;
    } else {
      root_.start();
    }
  }

  loop::OpenWork open_;
  bool has_ended_ = false;
  Task<void> root_;
  loop::Job job_;
};

}  // namespace

void spawn(EventLoop& loop, Task<void> task) {
  if (!loop.core().is_of_this_process()) return;
  new Spawned(loop.core(), std::move(task));  // NOLINT(cppcoreguidelines-owning-memory)
}

}  // namespace llm
