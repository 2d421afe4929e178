#include <atomic>
#include <latch>
#include <semaphore>
#include <thread>

#include <gtest/gtest.h>

#include "aws/credentials/sources.hpp"
#include "tests/support/scripted_provider.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using namespace std::chrono_literals;

constexpr int kThreads = 64;

TEST(RefreshingThreads, return_no_expired_credentials_and_make_one_lookup_at_a_time) {
  constexpr int kLookupsPerThread = 200;
  const auto system = std::make_shared<port::ScriptedSystem>();
  std::atomic<int> under_way = 0;
  std::atomic<int> most_under_way = 0;
  std::atomic<int> lookups = 0;
  const auto source = std::make_shared<ScriptedProvider>("minting", [&](std::stop_token) {
    const int now_under_way = ++under_way;
    if (now_under_way > most_under_way) most_under_way = now_under_way;
    ++lookups;
    Credentials credentials{.access_key_id = "AKID", .expires_at = system->now() + 1s};
    std::this_thread::yield();
    --under_way;
    return Result<CredentialsLookup>(credentials);
  });
  const auto provider =
      refreshing(system, source, {.advisory = 500ms, .mandatory = 100ms, .back_off = 50ms});
  std::atomic<int> expired = 0;
  std::atomic<int> failed = 0;

  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < kLookupsPerThread; ++n) {
          system->advance(10ms);
          const auto before = system->now();
          const auto found = provider->lookup({});
          if (!found || !std::holds_alternative<Credentials>(*found)) {
            ++failed;
          } else if (*std::get<Credentials>(*found).expires_at <= before) {
            ++expired;
          }
        }
      });
    }
  }

  EXPECT_EQ(most_under_way, 1);
  EXPECT_EQ(expired, 0);
  EXPECT_EQ(failed, 0);
  // 64 x 200 steps of 10 ms are 128 s; each set lasts for 1 s at most.
  EXPECT_GE(lookups, 64);
}

/// A source whose lookup blocks until the test releases it.
class GatedSource final : public CredentialsProvider {
 public:
  std::string_view name() const override { return "gated"; }
  Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    ++lookups;
    entered.release();
    const std::stop_callback wake(stop, [this] { go.release(); });
    go.acquire();
    if (stop.stop_requested()) {
      return std::unexpected(make_error(ErrorCode::cancelled, "Stopped."));
    }
    return result;
  }

  mutable std::atomic<int> lookups = 0;
  mutable std::counting_semaphore<> entered{0};
  mutable std::counting_semaphore<> go{0};
  Result<CredentialsLookup> result = Credentials{.access_key_id = "AKID"};
};

TEST(RefreshingThreads, end_the_wait_of_a_caller_that_is_cancelled) {
  const auto system = std::make_shared<port::ScriptedSystem>();
  const auto source = std::make_shared<GatedSource>();
  const auto provider = refreshing(system, source);
  const std::jthread leader([&] { (void)provider->lookup({}); });
  source->entered.acquire();
  std::stop_source stop;
  std::optional<Result<CredentialsLookup>> found;

  {
    const std::jthread waiter([&] { found = provider->lookup(stop.get_token()); });
    stop.request_stop();
  }

  ASSERT_TRUE(found);
  ASSERT_FALSE(*found);
  EXPECT_EQ(found->error().code, ErrorCode::cancelled);
  EXPECT_EQ(source->lookups, 1);
  source->go.release();
}

TEST(RefreshingThreads, let_another_caller_lead_when_the_leader_is_cancelled) {
  const auto system = std::make_shared<port::ScriptedSystem>();
  const auto source = std::make_shared<GatedSource>();
  const auto provider = refreshing(system, source);
  std::stop_source stop;
  std::jthread leader([&] { (void)provider->lookup(stop.get_token()); });
  source->entered.acquire();
  std::optional<Result<CredentialsLookup>> found;

  {
    const std::jthread waiter([&] { found = provider->lookup({}); });
    stop.request_stop();
    leader.join();
    source->go.release();
  }

  ASSERT_TRUE(found);
  ASSERT_TRUE(*found);
  EXPECT_EQ(std::get<Credentials>(**found).access_key_id, "AKID");
  EXPECT_EQ(source->lookups, 2);
}

TEST(RefreshingThreads, use_cached_credentials_while_one_caller_refreshes_early) {
  const auto system = std::make_shared<port::ScriptedSystem>();
  const auto source = std::make_shared<GatedSource>();
  source->result =
      Credentials{.access_key_id = "OLD", .expires_at = system->now() + std::chrono::hours(1)};
  const auto provider = refreshing(system, source);
  source->go.release();
  ASSERT_TRUE(provider->lookup({}));
  source->entered.acquire();
  source->result =
      Credentials{.access_key_id = "NEW", .expires_at = system->now() + std::chrono::hours(2)};
  system->advance(56min);
  const std::jthread leader([&] { (void)provider->lookup({}); });
  source->entered.acquire();

  const auto found = provider->lookup({});

  ASSERT_TRUE(found);
  EXPECT_EQ(std::get<Credentials>(*found).access_key_id, "OLD");
  source->go.release();
}

TEST(RefreshingThreads, share_a_failure) {
  const auto system = std::make_shared<port::ScriptedSystem>();
  const auto source = std::make_shared<GatedSource>();
  source->result = std::unexpected(make_error(ErrorCode::authentication_error, "refused"));
  const auto provider = refreshing(system, source);
  const std::jthread leader([&] { (void)provider->lookup({}); });
  source->entered.acquire();
  std::atomic<int> refused = 0;
  std::latch started(kThreads);

  {
    std::vector<std::jthread> waiters;
    for (int i = 0; i < kThreads; ++i) {
      waiters.emplace_back([&] {
        started.count_down();
        const auto found = provider->lookup({});
        if (!found && found.error().message == "refused") ++refused;
      });
    }
    started.wait();
    // Enough for callers that come too late and look up themselves.
    source->go.release(kThreads + 1);
  }

  EXPECT_EQ(refused, kThreads);
}

}  // namespace
}  // namespace llm::aws
