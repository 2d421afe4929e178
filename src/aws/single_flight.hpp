#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <variant>

#include <llm/error.hpp>

#include "aws/deadline.hpp"

namespace llm::aws {

/// Who may use the result of a lookup beside the caller that made it.
enum class Sharing {
  cached,    ///< Every later caller.
  uncached,  ///< The callers that wait for it; the next one looks up again.
  unshared,  ///< Nobody: it concerns that caller alone (cancelled, out of time). Those that wait
             ///< look up themselves.
};

/// Concurrent callers with one key share one lookup and its result. Safe from many threads.
///
/// `enter` and `join` never block and are all that an event loop needs: it is called back when
/// `landed` is requested. `get` and `get_on` are the blocking calls made of them.
/// A copy shares flights and cache.
template <typename Key, typename Value>
class SingleFlight {
  struct Flight;
  struct State;

 public:
  struct Outcome {
    Result<Value> result;
    Sharing sharing = Sharing::uncached;
  };

  /// The result is cached.
  struct Ready {
    Result<Value> result;
  };

  /// Another caller looks up. While no caller waits any longer, the leader may give up.
  class Wait {
   public:
    explicit Wait(std::shared_ptr<State> state, std::shared_ptr<Flight> flight)
        : state_(std::move(state)), flight_(std::move(flight)) {}
    Wait(Wait&&) noexcept = default;
    Wait& operator=(Wait&&) = delete;
    ~Wait() {
      if (flight_ == nullptr) return;
      {
        const std::lock_guard lock(state_->mutex);
        if (--flight_->waiting > 0) return;
      }
      flight_->abandoned.request_stop();
    }

    /// Requested when the outcome is there.
    [[nodiscard]] std::stop_token landed() const { return flight_->landed.get_token(); }
    /// Requires: `landed` has been requested.
    [[nodiscard]] const Outcome& outcome() const { return *flight_->outcome; }

   private:
    std::shared_ptr<State> state_;
    std::shared_ptr<Flight> flight_;  ///< Null: moved from.
  };

  /// This caller looks up and lands the outcome; of each key there is one leader at a time. When it
  /// is destroyed before that, because the lookup threw, those that wait get internal_error.
  class Lead {
   public:
    Lead(std::shared_ptr<State> state, Key key, std::shared_ptr<Flight> flight)
        : state_(std::move(state)), key_(std::move(key)), flight_(std::move(flight)) {}
    Lead(Lead&&) noexcept = default;
    Lead& operator=(Lead&&) = delete;
    ~Lead() {
      if (flight_ == nullptr) return;
      land({std::unexpected(make_error(ErrorCode::internal_error, "A lookup threw an exception.")),
            Sharing::uncached});
    }

    /// `before_landing()` is called when the lookup holds nothing more that a later one needs, and
    /// before those that wait go on. Requires: not called before.
    template <typename BeforeLanding = void (*)()>
    void land(Outcome outcome, BeforeLanding before_landing = [] {}) {
      const std::shared_ptr<Flight> flight = std::exchange(flight_, nullptr);
      flight->outcome = std::move(outcome);
      {
        const std::lock_guard lock(state_->mutex);
        if (flight->outcome->sharing == Sharing::cached) {
          state_->keep(key_, flight->outcome->result);
        }
        state_->flights.erase(key_);
      }
      before_landing();
      flight->landed.request_stop();
    }

    /// For a leader whose lookup runs on another thread: it waits as the others do.
    [[nodiscard]] Wait wait() const {
      const std::lock_guard lock(state_->mutex);
      return state_->wait(state_, flight_);
    }
    /// Requested when the last caller that waited has given up.
    [[nodiscard]] std::stop_token abandoned() const { return flight_->abandoned.get_token(); }

   private:
    std::shared_ptr<State> state_;
    Key key_;
    std::shared_ptr<Flight> flight_;  ///< Null: landed, or moved from.
  };

  using Place = std::variant<Ready, Lead, Wait>;

  [[nodiscard]] Place enter(const Key& key) const {
    const std::lock_guard lock(state_->mutex);
    if (const auto found = state_->cached.find(key); found != state_->cached.end()) {
      return Ready{found->second};
    }
    if (const auto found = state_->flights.find(key); found != state_->flights.end()) {
      return state_->wait(state_, found->second);
    }
    auto flight = std::make_shared<Flight>();
    state_->flights.emplace(key, flight);
    return Lead(state_, key, std::move(flight));
  }

  /// The cached result.
  [[nodiscard]] std::optional<Result<Value>> cached(const Key& key) const {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->cached.find(key);
    return found == state_->cached.end() ? std::nullopt : std::optional(found->second);
  }

  [[nodiscard]] bool in_flight(const Key& key) const {
    const std::lock_guard lock(state_->mutex);
    return state_->flights.contains(key);
  }

  /// The cached result, another caller's, or that of `look_up() -> Outcome` on this thread. The
  /// limits are those of waiting for another caller; `look_up` keeps its own.
  /// Errors: the lookup's; cancelled and timeout_error of a caller that waits; internal_error when
  /// the leader's lookup threw.
  template <typename LookUp>
  [[nodiscard]] Result<Value> get(const Key& key, const WaitLimits& limits, LookUp look_up) const {
    while (true) {
      Place place = enter(key);
      if (auto* ready = std::get_if<Ready>(&place)) return std::move(ready->result);
      if (auto* lead = std::get_if<Lead>(&place)) {
        Outcome outcome = look_up();
        Result<Value> result = outcome.result;
        lead->land(std::move(outcome));
        return result;
      }
      const Wait& wait = std::get<Wait>(place);
      if (auto landed = wait_for(wait.landed(), limits); !landed) {
        return std::unexpected(std::move(landed.error()));
      }
      if (wait.outcome().sharing != Sharing::unshared) return wait.outcome().result;
    }
  }

  /// The place of one caller in a lookup that runs elsewhere.
  class Joined {
   public:
    explicit Joined(Result<Value> cached) : cached_(std::move(cached)) {}
    Joined(Wait wait, bool is_mine) : wait_(std::move(wait)), is_mine_(is_mine) {}

    /// Requested when the outcome is there; the default token, which never is, when it was cached.
    [[nodiscard]] std::stop_token landed() const {
      return wait_ ? wait_->landed() : std::stop_token();
    }
    [[nodiscard]] bool is_cached() const { return cached_.has_value(); }
    /// Nullopt when it was another caller's alone: join again. Requires: is_cached(), or `landed`
    /// has been requested.
    [[nodiscard]] std::optional<Result<Value>> result() const {
      if (cached_) return cached_;
      const Outcome& outcome = wait_->outcome();
      if (!is_mine_ && outcome.sharing == Sharing::unshared) return std::nullopt;
      return outcome.result;
    }

   private:
    std::optional<Result<Value>> cached_{};
    std::optional<Wait> wait_{};
    bool is_mine_ = false;
  };

  /// Enters, and as the leader hands a job with `look_up(std::stop_token) -> Outcome` to `run`, to
  /// be called with a `before_landing` of `Lead::land` on a thread that outlasts this caller. It is
  /// told to stop when no caller waits for it any longer.
  template <typename Run, typename LookUp>
  [[nodiscard]] Joined join(Run run, const Key& key, LookUp look_up) const {
    Place place = enter(key);
    if (auto* ready = std::get_if<Ready>(&place)) return Joined(std::move(ready->result));
    if (auto* wait = std::get_if<Wait>(&place)) return Joined(std::move(*wait), false);
    Lead& lead = std::get<Lead>(place);
    Wait wait = lead.wait();
    run([lead = std::move(lead), look_up = std::move(look_up)](auto before_landing) mutable {
      lead.land(look_up(lead.abandoned()), before_landing);
    });
    return Joined(std::move(wait), true);
  }

  /// As `get`, by `join`: so the limits hold for every caller, whatever the lookup does.
  template <typename Run, typename LookUp>
  [[nodiscard]] Result<Value> get_on(Run run, const Key& key, const WaitLimits& limits,
                                     const LookUp& look_up) const {
    while (true) {
      const Joined joined = join(run, key, look_up);
      if (!joined.is_cached()) {
        if (auto landed = wait_for(joined.landed(), limits); !landed) {
          return std::unexpected(std::move(landed.error()));
        }
      }
      if (auto result = joined.result()) return *std::move(result);
    }
  }

 private:
  /// A program whose users choose the keys must not grow without bound.
  static constexpr std::size_t kMaxCached = 1000;

  struct Flight {
    std::optional<Outcome> outcome{};  ///< Written once, before `landed` is requested.
    std::stop_source landed{};
    std::stop_source abandoned{};
    int waiting = 0;  ///< Guarded by `State::mutex`.
  };

  struct State {
    std::mutex mutex{};  ///< Not held during a lookup.
    std::map<Key, Result<Value>, std::less<>> cached{};
    std::map<Key, std::shared_ptr<Flight>, std::less<>> flights{};

    void keep(const Key& key, const Result<Value>& result) {
      if (cached.size() >= kMaxCached) cached.clear();
      cached.insert_or_assign(key, result);
    }
    /// Requires: `mutex` is held.
    static Wait wait(const std::shared_ptr<State>& self, const std::shared_ptr<Flight>& flight) {
      ++flight->waiting;
      return Wait(self, flight);
    }
  };

  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace llm::aws
