#include "loop/poller.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

namespace llm::loop {
namespace {

constexpr std::uint64_t kOwnTimer = UINT64_MAX;
constexpr std::uint64_t kOwnWake = UINT64_MAX - 1;

std::uint64_t key_of(int descriptor, std::uint32_t generation) {
  return (std::uint64_t{generation} << 32U) | static_cast<std::uint32_t>(descriptor);
}

bool add(int epoll, int descriptor, std::uint64_t key) {
  epoll_event event{.events = EPOLLIN, .data = {.u64 = key}};
  return ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void drain(int descriptor) {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto bytes = ::read(descriptor, &count, sizeof count);
}

}  // namespace

Result<std::unique_ptr<Poller>> Poller::create() {
  port::Descriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
  port::Descriptor timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  port::Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!epoll || !timer || !wake || !add(epoll.get(), timer.get(), kOwnTimer) ||
      !add(epoll.get(), wake.get(), kOwnWake)) {
    return std::unexpected(make_error(
        ErrorCode::internal_error,
        "The event loop could not be created: " + std::generic_category().message(errno) + ".",
        "Check the limit of open files (`ulimit -n`)."));
  }
  return std::make_unique<Poller>(std::move(epoll), std::move(timer), std::move(wake));
}

Poller::Poller(port::Descriptor epoll, port::Descriptor timer, port::Descriptor wake)
    : epoll_(std::move(epoll)), timer_(std::move(timer)), wake_(std::move(wake)) {}

bool Poller::watch(int descriptor, std::uint32_t events, Watcher& watcher) {
  const auto index = static_cast<std::size_t>(descriptor);
  if (index >= watches_.size()) watches_.resize(index + 1);
  Watch& watch = watches_[index];
  const bool is_known = watch.watcher != nullptr;
  if (!is_known) ++watch.generation;
  watch.watcher = &watcher;
  watch.events = events;
  // A descriptor may have been closed and opened again under the same number, unseen.
  const int usual = is_known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  const int other = is_known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  if (control(usual, descriptor, watch)) return true;
  if ((errno == ENOENT || errno == EEXIST) && control(other, descriptor, watch)) return true;
  watch.watcher = nullptr;
  return false;
}

void Poller::forget(int descriptor) {
  const auto index = static_cast<std::size_t>(descriptor);
  if (index >= watches_.size() || watches_[index].watcher == nullptr) return;
  // Fails when it is closed already: then epoll has forgotten it too.
  static_cast<void>(control(EPOLL_CTL_DEL, descriptor, watches_[index]));
  watches_[index].watcher = nullptr;
}

bool Poller::control(int operation, int descriptor, const Watch& watch) {
  epoll_event event{.events = watch.events, .data = {.u64 = key_of(descriptor, watch.generation)}};
  return ::epoll_ctl(epoll_.get(), operation, descriptor, &event) == 0;
}

std::size_t Poller::wait(std::chrono::milliseconds longest) {
  const auto limit = std::clamp<std::chrono::milliseconds::rep>(longest.count(), 0, INT_MAX);
  const int found = ::epoll_wait(epoll_.get(), events_.data(), kMaxEvents, static_cast<int>(limit));
  return static_cast<std::size_t>(std::max(found, 0));
}

bool Poller::deliver(std::size_t event) {
  const auto [events, data] = events_.at(event);
  const std::uint64_t key = data.u64;
  if (key == kOwnWake) {
    drain(wake_.get());
    return false;
  }
  if (key == kOwnTimer) {
    drain(timer_.get());
    alarm_.reset();
    return false;
  }
  const auto descriptor = static_cast<std::uint32_t>(key);
  const Watch& watch = watches_[descriptor];
  // An earlier event of this turn may have ended the watch, or begun one of another descriptor.
  if (watch.watcher == nullptr || watch.generation != key >> 32U) return false;
  watch.watcher->on_ready(static_cast<int>(descriptor), events);
  return true;
}

void Poller::set_alarm(std::optional<TimePoint> when) {
  // One that goes off too early does no harm, and costs no system call now.
  if (!when || (alarm_ && *alarm_ <= *when)) return;
  alarm_ = when;
  const auto since_boot = when->time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since_boot);
  itimerspec time{};
  time.it_value.tv_sec = seconds.count();
  // Zero would disarm it.
  time.it_value.tv_nsec = std::max<long>(
      1, std::chrono::duration_cast<std::chrono::nanoseconds>(since_boot - seconds).count());
  ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &time, nullptr);
}

void Poller::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto bytes = ::write(wake_.get(), &one, sizeof one);
}

}  // namespace llm::loop
