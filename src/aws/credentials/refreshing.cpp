#include <condition_variable>
#include <mutex>
#include <utility>

#include "aws/credentials/sources.hpp"
#include "base/time.hpp"

namespace llm::aws {
namespace {

using std::chrono::milliseconds;

// How long expired keys of instance metadata are used before it is asked again (smithy-rs).
constexpr milliseconds kHold = std::chrono::minutes(10);
constexpr milliseconds kHoldJitter = std::chrono::minutes(5);
// How often one caller asks for keys that expire while they are brought to it.
constexpr int kMaxFlights = 3;

milliseconds scaled(milliseconds duration, double factor) {
  return std::chrono::duration_cast<milliseconds>(duration * factor);
}

Error cancelled() {
  return make_error(ErrorCode::cancelled, "waiting for AWS credentials was cancelled");
}

class Refreshing final : public CredentialsProvider {
 public:
  Refreshing(std::shared_ptr<const port::System> system, ProviderPtr source, RefreshPolicy policy)
      : system_(std::move(system)), source_(std::move(source)), policy_(policy) {}

  std::string_view name() const override { return source_->name(); }

  Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    std::unique_lock lock(mutex_);
    for (int flights = 0;;) {
      if (stop.stop_requested()) return std::unexpected(cancelled());
      const Need need = need_now();
      if (need == Need::none || (need == Need::soon && flight_ != nullptr)) return *keys_;
      if (flight_ == nullptr) {
        auto outcome = fly(need, lock, stop);
        if (++flights == kMaxFlights || !outcome || is_of_use(outcome)) return outcome;
        continue;
      }
      const auto flight = flight_;
      const bool landed = landed_.wait(lock, stop, [&] { return flight->outcome.has_value(); });
      if (!landed) return std::unexpected(cancelled());
      if (is_of_use(*flight->outcome)) return *flight->outcome;
    }
  }

  std::optional<CredentialsLookup> try_lookup() const override {
    {
      const std::lock_guard lock(mutex_);
      const Need need = need_now();
      if (need == Need::none || (need == Need::soon && flight_ != nullptr)) return *keys_;
      if (keys_) return std::nullopt;
    }
    // Keys come by `lookup` alone, which keeps them.
    auto found = source_->try_lookup();
    if (found && std::holds_alternative<NotConfigured>(*found)) return found;
    return std::nullopt;
  }

 private:
  enum class Need { none, soon, now };

  /// One lookup that is under way, and what came of it. Guarded by `mutex_`.
  struct Flight {
    std::optional<Result<CredentialsLookup>> outcome;
  };

  /// Ends the flight even when the source throws, so that nobody waits for ever.
  class Landing {
   public:
    Landing(const Refreshing& owner, std::unique_lock<std::mutex>& lock)
        : owner_(owner), lock_(lock), flight_(owner.flight_) {}
    Landing(const Landing&) = delete;
    Landing& operator=(const Landing&) = delete;
    ~Landing() {
      if (!lock_.owns_lock()) lock_.lock();
      if (!flight_->outcome) {
        flight_->outcome = std::unexpected(
            make_error(ErrorCode::internal_error, "a source of AWS credentials threw"));
      }
      owner_.flight_ = nullptr;
      owner_.landed_.notify_all();
    }

   private:
    const Refreshing& owner_;
    std::unique_lock<std::mutex>& lock_;
    std::shared_ptr<Flight> flight_;
  };

  Need need_now() const {
    if (!keys_) return Need::now;
    const auto steady_now = system_->steady_now();
    if (steady_now < hold_until_) return Need::none;
    if (!keys_->expires_at) return Need::none;
    const auto now = system_->now();
    if (now >= *keys_->expires_at - policy_.mandatory) return Need::now;
    return now >= *keys_->expires_at - advisory_ && steady_now >= next_advisory_ ? Need::soon
                                                                                 : Need::none;
  }

  /// Another caller's cancellation, or keys that have expired while one waited, help nobody.
  bool is_of_use(const Result<CredentialsLookup>& outcome) const {
    if (!outcome) return outcome.error().code != ErrorCode::cancelled;
    const auto* keys = std::get_if<Credentials>(&*outcome);
    return keys == nullptr || policy_.use_expired || !has_expired(*keys);
  }

  bool has_expired(const Credentials& keys) const {
    return keys.expires_at && *keys.expires_at <= system_->now();
  }

  /// Requires: `lock` holds, no flight. It is let go while the source is asked.
  Result<CredentialsLookup> fly(Need need, std::unique_lock<std::mutex>& lock,
                                const std::stop_token& stop) const {
    flight_ = std::make_shared<Flight>();
    const auto flight = flight_;
    const Landing landing(*this, lock);
    lock.unlock();
    auto fresh = ask(stop);
    lock.lock();
    flight->outcome = settle(need, std::move(fresh));
    return *flight->outcome;
  }

  Result<CredentialsLookup> ask(const std::stop_token& stop) const {
    auto found = source_->lookup(stop);
    if (!arrived_expired(found)) return found;
    found = source_->lookup(stop);
    if (!arrived_expired(found) || policy_.use_expired) return found;
    return std::unexpected(
        make_error(ErrorCode::authentication_error,
                   "the keys from " + std::get<Credentials>(*found).source + " had expired at " +
                       base::iso8601(*std::get<Credentials>(*found).expires_at) +
                       " when they arrived; renew them there, or check this machine's clock"));
  }

  bool arrived_expired(const Result<CredentialsLookup>& found) const {
    if (!found) return false;
    const auto* keys = std::get_if<Credentials>(&*found);
    return keys != nullptr && has_expired(*keys);
  }

  /// What to hand out after the source said `fresh`.
  Result<CredentialsLookup> settle(Need need, Result<CredentialsLookup> fresh) const {
    if (!fresh && fresh.error().code == ErrorCode::cancelled) return fresh;
    // After a success too: keys that arrive within the advisory span would be asked for all the
    // time.
    next_advisory_ = system_->steady_now() + policy_.back_off;
    if (fresh && std::holds_alternative<Credentials>(*fresh)) {
      keys_ = std::get<Credentials>(*fresh);
      advisory_ = scaled(policy_.advisory, 0.9 + 0.2 * system_->random_unit());
      if (policy_.use_expired && has_expired(*keys_)) hold();
      return fresh;
    }
    if (!keys_) return fresh;
    if (need == Need::soon && !has_expired(*keys_)) return *keys_;
    if (!policy_.use_expired) return fresh;
    hold();
    return *keys_;
  }

  void hold() const {
    hold_until_ = system_->steady_now() + kHold + scaled(kHoldJitter, system_->random_unit());
  }

  std::shared_ptr<const port::System> system_;
  ProviderPtr source_;
  RefreshPolicy policy_;

  mutable std::mutex mutex_;  ///< Never held while the source is asked.
  mutable std::condition_variable_any landed_;
  mutable std::shared_ptr<Flight> flight_;  ///< Null: none is under way.
  mutable std::optional<Credentials> keys_;
  mutable milliseconds advisory_{};  ///< Of `keys_`, with its jitter.
  mutable std::chrono::steady_clock::time_point next_advisory_{};
  mutable std::chrono::steady_clock::time_point hold_until_{};
};

}  // namespace

ProviderPtr refreshing(std::shared_ptr<const port::System> system, ProviderPtr source,
                       RefreshPolicy policy) {
  return std::make_shared<Refreshing>(std::move(system), std::move(source), policy);
}

}  // namespace llm::aws
