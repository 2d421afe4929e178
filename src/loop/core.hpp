#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <llm/callback.hpp>
#include <llm/error.hpp>
#include <llm/event_loop.hpp>

#include "loop/poller.hpp"
#include "loop/remote.hpp"
#include "loop/worker_pool.hpp"
#include "port/fork.hpp"
#include "port/system.hpp"

namespace llm::loop {

using TimePoint = std::chrono::steady_clock::time_point;

class Core;
class Timer;

/// Timers that are set, the next one first.
using Timers = std::set<std::pair<TimePoint, Timer*>>;

/// Work that the loop does soon, once for each time that it was scheduled and then ran: in this
/// turn, or later if it ran in this one already. Scheduling it while it waits does nothing;
/// destroying it unschedules it. It may destroy itself while it runs.
class Job {
 public:
  Job(Core& core, Callback<void()> work) : core_(core), work_(std::move(work)) {}
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  ~Job();

  void schedule();
  /// For a later turn: the next one in which no descriptor is ready, but within about 2 ms. So
  /// every stream's first event comes before the rest of any.
  void schedule_later();
  void unschedule();

 private:
  friend class Core;
  struct List {
    Job* first = nullptr;
    Job* last = nullptr;
  };

  void append_to(List& list);

  Core& core_;
  Callback<void()> work_;
  List* list_ = nullptr;  ///< Null: not scheduled.
  std::uint64_t ran_in_turn_ = 0;
  Job* before_ = nullptr;
  Job* after_ = nullptr;
};

/// Calls back at a time, once. Destroying it cancels it. It may destroy itself while it runs.
/// Setting it allocates nothing: callbacks of C code do so.
class Timer {
 public:
  /// Throws: std::bad_alloc.
  Timer(Core& core, Callback<void()> work);
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer();

  /// Replaces the time that was set.
  void set(TimePoint when) noexcept;
  void cancel() noexcept;
  /// When it will call back; nullopt while it is not set.
  [[nodiscard]] std::optional<TimePoint> when() const { return when_; }

 private:
  friend class Core;

  Core& core_;
  Callback<void()> work_;
  std::optional<TimePoint> when_;
  Timers::node_type place_;  ///< In the set while `when_` has a value, else here.
};

/// Something that has to end when the loop does. Used on the loop's thread.
class Ending {
 public:
  explicit Ending(Core& core);
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;
  /// The loop is being destroyed: release what belongs to it, and report the end of a call. The
  /// object may destroy itself or live on, and then must not use the loop any more.
  virtual void end_with_loop() = 0;

 protected:
  virtual ~Ending();
  [[nodiscard]] Core& core() const { return core_; }

 private:
  friend class Core;

  Core& core_;
  bool is_over_ = false;  ///< The loop has told it.
};

/// Keeps `EventLoop::run` going while it lives. Must not outlive the loop.
class OpenWork {
 public:
  explicit OpenWork(Core& core);
  OpenWork(const OpenWork&) = delete;
  OpenWork& operator=(const OpenWork&) = delete;
  ~OpenWork();

 private:
  Core& core_;
};

/// What an EventLoop is made of: jobs that are ready, timers, posted work and descriptors. The
/// clock is that of `system`, so that tests can set it. `post` and `stop` may be called from any
/// thread, everything else only from the driving one.
///
/// After `fork` the child has a copy in whatever state the driving thread left it, and shares its
/// descriptors with the parent: the public functions do nothing there, what belongs to the loop may
/// be destroyed and takes no part in it, and the core itself is abandoned.
class Core {
 public:
  /// Errors: internal_error if no descriptor is available.
  [[nodiscard]] static Result<std::unique_ptr<Core>> create(
      const EventLoopOptions& options, std::shared_ptr<const port::System> system);
  Core(const EventLoopOptions& options, std::shared_ptr<const port::System> system,
       std::unique_ptr<Poller> poller);
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  ~Core();

  void run();
  void post(Callback<void()> work);
  void stop();
  bool process(std::size_t budget);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

  /// False after `fork` in the child.
  [[nodiscard]] bool is_of_this_process() const { return process_.is_current(); }

  /// Read once a turn.
  [[nodiscard]] TimePoint now() const { return now_; }
  /// The same clock, read now: outside a turn `now` is old.
  [[nodiscard]] TimePoint read_clock() const { return system_->steady_now(); }
  [[nodiscard]] const EventLoopOptions& options() const { return options_; }
  [[nodiscard]] Poller& poller() { return *poller_; }
  [[nodiscard]] WorkerPool& workers() { return workers_; }

  /// For other threads, and for what may outlive the loop.
  [[nodiscard]] const std::shared_ptr<Remote>& remote() const { return remote_; }

  /// Remembers what a callback threw: each turn ends by throwing one of them, oldest first.
  void fail(std::exception_ptr thrown);

 private:
  friend class Job;
  friend class Timer;
  friend class Ending;
  friend class OpenWork;

  void begin_turn() { now_ = system_->steady_now(); }
  void notice_work();
  bool turn(std::size_t budget, std::chrono::milliseconds longest);
  void fire_timers();
  void take_posted();
  void run_posted(std::size_t& budget);
  void run_jobs(std::size_t& budget);
  void end_turn(bool is_idle);
  template <typename Work>
  void guarded(Work& work);
  [[nodiscard]] bool is_ready() const;
  [[nodiscard]] bool has_work();
  [[nodiscard]] std::chrono::milliseconds time_to_wait() const;
  void rethrow();

  port::ProcessMark process_;
  EventLoopOptions options_;
  std::shared_ptr<const port::System> system_;
  std::unique_ptr<Poller> poller_;
  TimePoint now_;

  std::uint64_t turn_ = 1;
  Job::List jobs_[2];  ///< Scheduled, in order: those of this turn and those for later.
  Job::List* now_jobs_ = &jobs_[0];
  Job::List* later_jobs_ = &jobs_[1];
  std::optional<TimePoint> later_since_;  ///< When the first of them began to wait.
  Timers timers_;
  std::set<Ending*> endings_;
  std::size_t open_ = 0;                  ///< OpenWork.
  std::deque<Callback<void()>> running_;  ///< Posted work that this thread has taken over.

  std::mutex mutex_;
  std::deque<Callback<void()>> posted_;  ///< Guarded by `mutex_`.
  std::atomic<bool> stopped_ = false;
  bool is_in_turn_ = false;
  bool is_work_noticed_ = false;  ///< Since the last turn.
  std::deque<std::exception_ptr> thrown_;
  std::shared_ptr<Remote> remote_ = std::make_shared<Remote>(*this);
  WorkerPool workers_;
};

/// configuration_error: what calls on a loop of another process end with.
[[nodiscard]] Error foreign_loop_error();

}  // namespace llm::loop
