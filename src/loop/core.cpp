#include "loop/core.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace llm::loop {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kBudgetOfRun = 1024;
constexpr milliseconds kLongestDeferral(2);
constexpr milliseconds kNoWait(0);
constexpr milliseconds kLongestWait = std::chrono::hours(1);

}  // namespace

void Job::schedule() {
  append_to(ran_in_turn_ == core_.turn_ ? *core_.later_jobs_ : *core_.now_jobs_);
}

void Job::schedule_later() { append_to(*core_.later_jobs_); }

void Job::append_to(List& list) {
  if (list_ != nullptr) return;
  list_ = &list;
  before_ = list.last;
  (before_ != nullptr ? before_->after_ : list.first) = this;
  list.last = this;
  core_.notice_work();
}

void Job::unschedule() {
  if (list_ == nullptr) return;
  (before_ != nullptr ? before_->after_ : list_->first) = after_;
  (after_ != nullptr ? after_->before_ : list_->last) = before_;
  before_ = after_ = nullptr;
  list_ = nullptr;
}

Job::~Job() {
  // The loop may be gone.
  if (list_ != nullptr && core_.is_of_this_process()) unschedule();
}

Timer::Timer(Core& core, Callback<void()> work) : core_(core), work_(std::move(work)) {
  Timers alone;
  place_ = alone.extract(alone.emplace(TimePoint(), this).first);
}

Timer::~Timer() {
  if (when_ && core_.is_of_this_process()) cancel();
}

void Timer::set(TimePoint when) noexcept {
  cancel();
  when_ = when;
  place_.value().first = when;
  core_.timers_.insert(std::move(place_));
  core_.notice_work();
}

void Timer::cancel() noexcept {
  if (!when_) return;
  place_ = core_.timers_.extract({*when_, this});
  when_.reset();
}

Ending::Ending(Core& core) : core_(core) {
  if (core_.is_of_this_process()) core_.endings_.insert(this);
}

Ending::~Ending() {
  if (!is_over_ && core_.is_of_this_process()) core_.endings_.erase(this);
}

OpenWork::OpenWork(Core& core) : core_(core) { ++core_.open_; }

OpenWork::~OpenWork() { --core_.open_; }

Result<std::unique_ptr<Core>> Core::create(const EventLoopOptions& options,
                                           std::shared_ptr<const port::System> system) {
  Result<std::unique_ptr<Poller>> poller = Poller::create();
  if (!poller) return std::unexpected(std::move(poller.error()));
  return std::make_unique<Core>(options, std::move(system), std::move(*poller));
}

Core::Core(const EventLoopOptions& options, std::shared_ptr<const port::System> system,
           std::unique_ptr<Poller> poller)
    : options_(options),
      system_(std::move(system)),
      poller_(std::move(poller)),
      now_(system_->steady_now()),
      workers_(static_cast<std::size_t>(options.blocking_threads)) {}

bool Remote::post(Callback<void()> work) {
  if (!process_.is_current()) return false;
  const std::lock_guard lock(mutex_);
  if (core_ == nullptr) return false;
  core_->post(std::move(work));
  return true;
}

void Remote::close() {
  const std::lock_guard lock(mutex_);
  core_ = nullptr;
}

Core::~Core() {
  remote_->close();
  // Each takes itself, and perhaps others, out of the set.
  while (!endings_.empty()) {
    Ending& next = **endings_.begin();
    endings_.erase(endings_.begin());
    next.is_over_ = true;
    next.end_with_loop();
  }
  workers_.close();
  // What was posted and not run may own what refers to this.
  posted_.clear();
  running_.clear();
}

void Core::run() {
  if (!is_of_this_process()) return;
  while (!stopped_.exchange(false)) {
    begin_turn();
    // Nothing would ever wake it.
    if (!is_ready() && !has_work()) return;
    turn(kBudgetOfRun, is_ready() ? kNoWait : time_to_wait());
    rethrow();
  }
}

bool Core::process(std::size_t budget) {
  if (!is_of_this_process()) return false;
  begin_turn();
  const bool is_more = turn(budget, kNoWait);
  if (is_more) {
    poller_->wake();
  } else {
    poller_->set_alarm(next_deadline());
  }
  rethrow();
  return is_more;
}

/// Descriptors, timers, posted work. The jobs of a descriptor run before the next one is read: what
/// has arrived is handed out at once. True if more is ready.
bool Core::turn(std::size_t budget, milliseconds longest) {
  is_in_turn_ = true;
  is_work_noticed_ = false;
  const std::size_t events = poller_->wait(longest);
  begin_turn();
  bool is_idle = true;
  for (std::size_t event = 0; event < events; ++event) {
    if (poller_->deliver(event)) is_idle = false;
    run_jobs(budget);
  }
  fire_timers();
  take_posted();
  run_posted(budget);
  run_jobs(budget);
  end_turn(is_idle);
  is_in_turn_ = false;
  return is_ready();
}

/// A job or timer that is new outside a turn makes the descriptor readable: another loop would not
/// call `process` otherwise.
void Core::notice_work() {
  if (!is_in_turn_ && !std::exchange(is_work_noticed_, true)) poller_->wake();
}

void Core::post(Callback<void()> work) {
  if (!is_of_this_process()) return;
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = posted_.empty();
    posted_.push_back(std::move(work));
  }
  if (was_empty) poller_->wake();
}

void Core::stop() {
  if (!is_of_this_process()) return;
  stopped_ = true;
  poller_->wake();
}

std::optional<TimePoint> Core::next_deadline() const {
  if (!is_of_this_process()) return std::nullopt;
  if (is_ready()) return now_;
  if (timers_.empty()) return std::nullopt;
  return timers_.begin()->first;
}

void Core::fail(std::exception_ptr thrown) { thrown_.push_back(std::move(thrown)); }

template <typename Work>
void Core::guarded(Work& work) {
  try {
    work();
  } catch (...) {
    fail(std::current_exception());
  }
}

void Core::fire_timers() {
  // One that is set meanwhile waits for the next turn, even if it is due.
  for (std::size_t left = timers_.size(); left > 0; --left) {
    if (timers_.empty() || timers_.begin()->first > now_) return;
    Timer& timer = *timers_.begin()->second;
    timer.place_ = timers_.extract(timers_.begin());
    timer.when_.reset();
    guarded(timer.work_);
  }
}

void Core::take_posted() {
  const std::lock_guard lock(mutex_);
  std::ranges::move(posted_, std::back_inserter(running_));
  posted_.clear();
}

void Core::run_posted(std::size_t& budget) {
  while (budget > 0 && !running_.empty()) {
    --budget;
    Callback<void()> work = std::move(running_.front());
    running_.pop_front();
    guarded(work);
  }
}

void Core::run_jobs(std::size_t& budget) {
  while (budget > 0 && now_jobs_->first != nullptr) {
    --budget;
    Job& job = *now_jobs_->first;
    job.unschedule();
    job.ran_in_turn_ = turn_;
    guarded(job.work_);
  }
}

/// Jobs for later are due in the next turn if this one found no descriptor ready, or if they have
/// waited for long. What the budget left undone comes first.
void Core::end_turn(bool is_idle) {
  ++turn_;
  if (later_jobs_->first == nullptr) {
    later_since_.reset();
    return;
  }
  if (!later_since_) later_since_ = now_;
  if (!is_idle && now_ - *later_since_ < kLongestDeferral) return;
  later_since_.reset();
  if (now_jobs_->first == nullptr) {
    std::swap(now_jobs_, later_jobs_);
    return;
  }
  while (Job* const job = later_jobs_->first) {
    job->unschedule();
    job->append_to(*now_jobs_);
  }
}

bool Core::is_ready() const {
  return now_jobs_->first != nullptr || later_jobs_->first != nullptr || !running_.empty() ||
         thrown_.size() > 1;
}

/// Whether something is open that may still need this loop.
bool Core::has_work() {
  if (open_ > 0) return true;
  const std::lock_guard lock(mutex_);
  return !posted_.empty();
}

milliseconds Core::time_to_wait() const {
  if (timers_.empty()) return kLongestWait;
  const auto left = std::chrono::ceil<milliseconds>(timers_.begin()->first - now_);
  return std::clamp(left, kNoWait, kLongestWait);
}

void Core::rethrow() {
  if (thrown_.empty()) return;
  const std::exception_ptr oldest = std::move(thrown_.front());
  thrown_.pop_front();
  std::rethrow_exception(oldest);
}

Error foreign_loop_error() {
  return make_error(ErrorCode::configuration_error,
                    "An event loop belongs to the process that made it.",
                    "Create a loop in the child.");
}

}  // namespace llm::loop
