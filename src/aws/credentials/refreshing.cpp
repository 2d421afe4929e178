#include <mutex>
#include <utility>
#include <variant>

#include "aws/credentials/sources.hpp"
#include "aws/single_flight.hpp"
#include "base/errors.hpp"
#include "base/time.hpp"

namespace llm::aws {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kSubject = "The lookup of AWS credentials";

// How long expired credentials of instance metadata are used before the next refresh. Source:
// smithy-rs.
constexpr milliseconds kHold = std::chrono::minutes(10);
constexpr milliseconds kHoldJitter = std::chrono::minutes(5);
// Lookups by one caller, when the credentials have expired by the time it gets them.
constexpr int kMaxLookups = 3;

milliseconds scaled(milliseconds duration, double factor) {
  return std::chrono::duration_cast<milliseconds>(duration * factor);
}

bool is_cancelled(const Result<CredentialsLookup>& result) {
  return !result && result.error().code == ErrorCode::cancelled;
}

class Refreshing final : public CredentialsProvider {
 public:
  Refreshing(std::shared_ptr<const port::System> system, ProviderPtr source, RefreshPolicy policy)
      : system_(std::move(system)), source_(std::move(source)), policy_(policy) {}

  std::string_view name() const override { return source_->name(); }

  Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    for (int lookups = 0;;) {
      if (stop.stop_requested()) return std::unexpected(base::cancelled(kSubject));
      if (auto cached = cached_without_waiting()) return *std::move(cached);
      Flights::Place place = flights_.enter({});
      if (auto* lead = std::get_if<Flights::Lead>(&place)) {
        Result<CredentialsLookup> found = lead_lookup(*lead, stop);
        if (++lookups == kMaxLookups || !found || !is_outdated(found)) return found;
        continue;
      }
      // The lookup under way may have begun since: then the cached ones may do after all.
      if (auto cached = cached_without_waiting()) return *std::move(cached);
      const auto& wait = std::get<Flights::Wait>(place);
      if (auto landed = wait_for(wait.landed(), {.subject = kSubject, .stop = stop}); !landed) {
        return std::unexpected(std::move(landed.error()));
      }
      const Flights::Outcome& outcome = wait.outcome();
      if (outcome.sharing != Sharing::unshared && !is_outdated(outcome.result)) {
        return outcome.result;
      }
    }
  }

  std::optional<CredentialsLookup> try_lookup() const override {
    if (auto cached = cached_without_waiting()) return cached;
    {
      const std::lock_guard lock(mutex_);
      if (cached_) return std::nullopt;
    }
    // Credentials are found by `lookup` alone, which caches them.
    auto found = source_->try_lookup();
    if (found && std::holds_alternative<NotConfigured>(*found)) return found;
    return std::nullopt;
  }

 private:
  using Flights = SingleFlight<std::monostate, CredentialsLookup>;

  /// When a refresh is due.
  enum class Refresh { later, soon, now };

  /// The cached credentials, for a caller that need not wait for a lookup: they are good for a
  /// while, or they are good for now and another caller is refreshing them.
  std::optional<CredentialsLookup> cached_without_waiting() const {
    const std::lock_guard lock(mutex_);
    const Refresh due = refresh_due();
    if (due == Refresh::later || (due == Refresh::soon && flights_.in_flight({}))) return *cached_;
    return std::nullopt;
  }

  /// Requires: `mutex_` is held. `later` and `soon` only with cached credentials.
  Refresh refresh_due() const {
    if (!cached_) return Refresh::now;
    const auto steady_now = system_->steady_now();
    if (steady_now < hold_until_ || !cached_->expires_at) return Refresh::later;
    const auto now = system_->now();
    if (now >= *cached_->expires_at - policy_.mandatory) return Refresh::now;
    const bool is_advised = now >= *cached_->expires_at - advisory_ && steady_now >= next_advisory_;
    return is_advised ? Refresh::soon : Refresh::later;
  }

  bool has_expired(const Credentials& credentials) const {
    return credentials.expires_at && *credentials.expires_at <= system_->now();
  }

  bool is_expired(const Result<CredentialsLookup>& found) const {
    const auto* credentials = found ? std::get_if<Credentials>(&*found) : nullptr;
    return credentials != nullptr && has_expired(*credentials);
  }

  /// Whether they have expired since the lookup, and that matters.
  bool is_outdated(const Result<CredentialsLookup>& found) const {
    return !policy_.use_expired && is_expired(found);
  }

  Result<CredentialsLookup> lead_lookup(Flights::Lead& lead, const std::stop_token& stop) const {
    Refresh due = Refresh::now;
    Result<CredentialsLookup> result = NotConfigured{};
    {
      const std::lock_guard lock(mutex_);
      due = refresh_due();
      // The flight before this one may have landed since the caller looked.
      if (due == Refresh::later) result = *cached_;
    }
    if (due != Refresh::later) {
      Result<CredentialsLookup> found = ask_source(stop);
      const std::lock_guard lock(mutex_);
      result = settle(due, std::move(found));
    }
    lead.land({result, is_cancelled(result) ? Sharing::unshared : Sharing::uncached});
    return result;
  }

  Result<CredentialsLookup> ask_source(const std::stop_token& stop) const {
    auto found = source_->lookup(stop);
    if (!is_expired(found)) return found;
    found = source_->lookup(stop);
    if (!is_expired(found) || policy_.use_expired) return found;
    const auto& credentials = std::get<Credentials>(*found);
    return std::unexpected(make_error(ErrorCode::authentication_error,
                                      "The credentials from " + credentials.source +
                                          " had already expired at " +
                                          base::iso8601(*credentials.expires_at) + '.',
                                      "Renew them there, or check the clock of this machine."));
  }

  /// What callers get after the source returned `fresh`. Requires: `mutex_` is held.
  Result<CredentialsLookup> settle(Refresh due, Result<CredentialsLookup> fresh) const {
    if (is_cancelled(fresh)) return fresh;
    // After a success too: the next call would refresh credentials that are short-lived again.
    next_advisory_ = system_->steady_now() + policy_.back_off;
    if (fresh && std::holds_alternative<Credentials>(*fresh)) {
      cached_ = std::get<Credentials>(*fresh);
      advisory_ = scaled(policy_.advisory, 0.9 + 0.2 * system_->random_unit());
      if (policy_.use_expired && has_expired(*cached_)) hold();
      return fresh;
    }
    if (!cached_) return fresh;
    if (due == Refresh::soon && !has_expired(*cached_)) return *cached_;
    if (!policy_.use_expired) return fresh;
    hold();
    return *cached_;
  }

  void hold() const {
    hold_until_ = system_->steady_now() + kHold + scaled(kHoldJitter, system_->random_unit());
  }

  std::shared_ptr<const port::System> system_;
  ProviderPtr source_;
  RefreshPolicy policy_;
  Flights flights_{};

  mutable std::mutex mutex_;  ///< Not held during a lookup. Guards what follows.
  mutable std::optional<Credentials> cached_;
  mutable milliseconds advisory_{};  ///< Of `cached_`, with its jitter.
  mutable std::chrono::steady_clock::time_point next_advisory_{};
  mutable std::chrono::steady_clock::time_point hold_until_{};
};

}  // namespace

ProviderPtr refreshing(std::shared_ptr<const port::System> system, ProviderPtr source,
                       RefreshPolicy policy) {
  return std::make_shared<Refreshing>(std::move(system), std::move(source), policy);
}

}  // namespace llm::aws
