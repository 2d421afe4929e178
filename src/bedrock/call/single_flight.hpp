#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include <llm/error.hpp>

#include "bedrock/call/deadline.hpp"

namespace llm::bedrock {

/// Whom an answer helps.
enum class Use {
  kept,    ///< Everybody, for good.
  shared,  ///< The one who asked and those who waited; the next one asks anew.
  own,     ///< The one who asked: it was stopped, or had no time left.
};

/// What asking brought.
template <typename T>
struct Told {
  Result<T> said;
  Use use = Use::shared;
};

/// Questions that several callers have at the same time: one asks, the others wait and share what
/// it was told. Keeps a thousand answers at most. Safe from many threads.
template <typename T>
class SingleFlight {
 public:
  /// The answer to the question `name`: the kept one, else that of `ask(TimeLeft)`, which gives a
  /// `Told<T>`. `what` is for messages.
  /// Errors: what was told; timeout_error and cancelled of one that waits; internal_error when the
  /// one that asked threw.
  template <typename Ask>
  [[nodiscard]] Result<T> answer(const std::string& name, std::string_view what,
                                 const std::stop_token& stop, TimeLeft limit, Ask ask) const {
    const auto began = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    for (TimeLeft left = limit;; left = left_since(began, limit)) {
      if (const auto found = kept_.find(name); found != kept_.end()) return found->second;
      const auto flight = flights_.find(name);
      if (flight == flights_.end()) return fly(name, left, lock, ask).said;
      const std::shared_ptr<const Flight> other = flight->second;
      if (!wait_for(*other, lock, stop, left)) {
        if (!stop.stop_requested()) return std::unexpected(time_is_up(what));
        return std::unexpected(
            make_error(ErrorCode::cancelled, std::string(what) + " was cancelled"));
      }
      if (other->told->use != Use::own) return other->told->said;
    }
  }

  /// The kept answer.
  [[nodiscard]] std::optional<Result<T>> kept(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(name);
    return found == kept_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  static constexpr std::size_t kMaxKept = 1000;

  /// A question that is being asked, and what came of it. Guarded by `mutex_`.
  struct Flight {
    std::optional<Told<T>> told{};
  };

  /// Ends a flight even when the one that asks throws, so that nobody waits for ever.
  class Landing {
   public:
    Landing(const SingleFlight& owner, std::string name, std::unique_lock<std::mutex>& lock)
        : owner_(owner), name_(std::move(name)), lock_(lock) {}
    Landing(const Landing&) = delete;
    Landing& operator=(const Landing&) = delete;
    ~Landing() {
      if (!lock_.owns_lock()) lock_.lock();
      const auto flight = owner_.flights_.find(name_);
      if (!flight->second->told) {
        flight->second->told = Told<T>{.said = std::unexpected(make_error(
                                           ErrorCode::internal_error, "the one that asked threw"))};
      }
      owner_.flights_.erase(flight);
      owner_.landed_.notify_all();
    }

   private:
    const SingleFlight& owner_;
    std::string name_;
    std::unique_lock<std::mutex>& lock_;
  };

  static TimeLeft left_since(std::chrono::steady_clock::time_point began, TimeLeft limit) {
    if (!limit) return limit;
    const auto spent = std::chrono::steady_clock::now() - began;
    return *limit - std::chrono::duration_cast<std::chrono::milliseconds>(spent);
  }

  /// Whether it has landed in time.
  bool wait_for(const Flight& flight, std::unique_lock<std::mutex>& lock,
                const std::stop_token& stop, TimeLeft left) const {
    const auto landed = [&] { return flight.told.has_value(); };
    return left ? landed_.wait_for(lock, stop, *left, landed) : landed_.wait(lock, stop, landed);
  }

  /// Requires: `lock` holds, nobody asks. It is let go while this asks.
  template <typename Ask>
  Told<T> fly(const std::string& name, TimeLeft left, std::unique_lock<std::mutex>& lock,
              Ask& ask) const {
    const auto flight = flights_.emplace(name, std::make_shared<Flight>()).first->second;
    const Landing landing(*this, name, lock);
    lock.unlock();
    Told<T> told = ask(left);
    lock.lock();
    flight->told = told;
    if (told.use == Use::kept) keep(name, told.said);
    return told;
  }

  void keep(const std::string& name, const Result<T>& said) const {
    // A program that takes its model from its users must not grow for ever.
    if (kept_.size() >= kMaxKept) kept_.clear();
    kept_.insert_or_assign(name, said);
  }

  mutable std::mutex mutex_;  ///< Not held while one asks.
  mutable std::condition_variable_any landed_;
  mutable std::map<std::string, Result<T>, std::less<>> kept_{};
  mutable std::map<std::string, std::shared_ptr<Flight>, std::less<>> flights_{};
};

}  // namespace llm::bedrock
